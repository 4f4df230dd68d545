import { embeddingRequest } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { model } from '../__fixtures__/call.js';
import type { DimensionFacts } from '../contract/model-info.js';
import { fitDimensions } from './fit-dimensions.js';

const fitted = (asked: number | undefined, dimensions?: DimensionFacts) =>
  fitDimensions(
    embeddingRequest(asked === undefined ? {} : { dimensions: asked }),
    model(dimensions === undefined ? {} : { dimensions }),
  ).dimensions;

describe('fitDimensions', () => {
  it('finds nothing wrong when nothing is asked, or nothing is known', () => {
    expect(fitted(undefined, { values: [2] })).toBeUndefined();
    expect(fitted(7)).toBe(7);
    expect(fitted(7, { default: 2 })).toBe(7);
  });

  it('takes what is listed and refuses all else', () => {
    expect(fitted(512, { values: [256, 512] })).toBe(512);
    expect(() => fitted(300, { values: [256, 512] })).toThrow('is 300; maker/m1 takes one of 256, 512.');
    expect(() => fitted(300, { values: [1024] })).toThrow('is 300; maker/m1 takes 1024 only.');
  });

  it('takes a range with its ends', () => {
    for (const asked of [128, 500, 3072]) expect(fitted(asked, { min: 128, max: 3072 })).toBe(asked);
    expect(() => fitted(127, { min: 128, max: 3072 })).toThrow('is 127; maker/m1 takes between 128 and 3072.');
    expect(() => fitted(3073, { max: 3072 })).toThrow('is 3073; maker/m1 takes at most 3072.');
    expect(() => fitted(1, { min: 2 })).toThrow('is 1; maker/m1 takes at least 2.');
  });

  it('does not ask a model that knows one number for that number', () => {
    expect(fitted(1024, { default: 1024, values: [1024] })).toBeUndefined();
  });
});
