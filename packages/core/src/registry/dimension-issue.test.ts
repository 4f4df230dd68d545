import { describe, expect, it } from '@jest/globals';
import { model } from '../__fixtures__/call.js';
import type { DimensionFacts } from '../contract/model-info.js';
import { dimensionIssue } from './dimension-issue.js';

const issueOf = (asked: number | undefined, dimensions?: DimensionFacts) =>
  dimensionIssue(asked, model(dimensions === undefined ? {} : { dimensions }))?.message;

describe('dimensionIssue', () => {
  it('finds nothing wrong when nothing is asked, or nothing is known', () => {
    expect(issueOf(undefined, { values: [2] })).toBeUndefined();
    expect(issueOf(7)).toBeUndefined();
    expect(issueOf(7, { default: 2 })).toBeUndefined();
  });

  it('takes what is listed and refuses all else', () => {
    expect(issueOf(512, { values: [256, 512] })).toBeUndefined();
    expect(issueOf(300, { values: [256, 512] })).toBe('is 300; maker/m1 takes one of 256, 512.');
    expect(issueOf(300, { values: [1024] })).toBe('is 300; maker/m1 takes 1024 only.');
  });

  it('takes a range with its ends', () => {
    for (const asked of [128, 500, 3072]) expect(issueOf(asked, { min: 128, max: 3072 })).toBeUndefined();
    expect(issueOf(127, { min: 128, max: 3072 })).toBe('is 127; maker/m1 takes between 128 and 3072.');
    expect(issueOf(3073, { max: 3072 })).toBe('is 3073; maker/m1 takes at most 3072.');
    expect(issueOf(1, { min: 2 })).toBe('is 1; maker/m1 takes at least 2.');
  });
});
