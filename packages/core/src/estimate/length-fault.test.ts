import { describe, expect, it } from '@jest/globals';
import { model, request } from '../__fixtures__/call.js';
import type { ModelInfo } from '../contract/model-info.js';
import { mayNotFit } from '../registry/check-capabilities.js';
import { lengthFault, outputFault } from './length-fault.js';
import { measureRequest } from './measure-request.js';

const saying = (text: string, maxOutputTokens?: number) =>
  request({
    messages: [{ role: 'user', content: text }],
    parameters: maxOutputTokens === undefined ? {} : { maxOutputTokens },
  });
const words = (count: number): string => 'word '.repeat(count);

const fault = (check: typeof lengthFault, facts: Partial<ModelInfo>, text: string, output?: number) => {
  const asked = saying(text, output);
  return check(measureRequest(asked), asked, model(facts))?.message;
};

describe('the length of an input', () => {
  it('is over the window when half a token for each word is', () => {
    expect(fault(lengthFault, { contextWindow: 100 }, words(201))).toBeUndefined();
    expect(fault(lengthFault, { contextWindow: 100 }, words(202))).toContain(
      'The input has at least 101 tokens by a low estimate; maker/m1 takes 100.',
    );
  });

  it('goes by the limit of the input where there is one', () => {
    const facts = { contextWindow: 1_000, maxInputTokens: 100 };
    expect(fault(lengthFault, facts, words(202))).toContain('takes 100');
  });

  it('is never over a window that is not known, nor for what tokenizers pack tightly', () => {
    expect(fault(lengthFault, {}, words(10_000))).toBeUndefined();
    expect(fault(lengthFault, { contextWindow: 0 }, words(10_000))).toBeUndefined();
    expect(fault(lengthFault, { contextWindow: 100 }, ' '.repeat(100_000))).toBeUndefined();
    expect(fault(lengthFault, { contextWindow: 100 }, '-'.repeat(100_000))).toBeUndefined();
    expect(fault(lengthFault, { contextWindow: 100 }, 'a'.repeat(12_000))).toBeUndefined();
  });
});

describe('input and asked output together', () => {
  it('are over the window when a low estimate leaves too little room', () => {
    expect(fault(outputFault, { contextWindow: 200 }, words(200), 100)).toBeUndefined();
    expect(fault(outputFault, { contextWindow: 200 }, words(200), 101)).toContain('no room for 101 of output');
  });

  it('say nothing where no output was asked for, or it has a limit of its own', () => {
    expect(fault(outputFault, { contextWindow: 200 }, words(390))).toBeUndefined();
    expect(fault(outputFault, { contextWindow: 200, maxInputTokens: 200 }, words(390), 100)).toBeUndefined();
    expect(fault(outputFault, {}, words(390), 100)).toBeUndefined();
  });

  it('take a limit as large as the window for "as much as there is"', () => {
    expect(fault(outputFault, { contextWindow: 200 }, words(390), 200)).toBeUndefined();
  });
});

describe('the glance before the words are counted', () => {
  it('passes on every text whose words may be over the window', () => {
    for (const text of ['a '.repeat(500), '河'.repeat(500), 'word '.repeat(300), 'a', ''])
      for (const contextWindow of [1, 50, 100, 124, 125, 126, 200]) {
        if (fault(lengthFault, { contextWindow }, text) === undefined) continue;
        expect(mayNotFit(saying(text), model({ contextWindow }))).toBe(true);
      }
    expect(mayNotFit(saying(words(10)), model({ contextWindow: 1_000 }))).toBe(false);
    expect(mayNotFit(saying(words(10)), model({ contextWindow: 1_000 }), 999)).toBe(true);
    expect(mayNotFit(saying(words(10_000)), model())).toBe(false);
  });
});
