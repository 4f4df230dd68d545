import { modelInfo } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Message, MessagePart } from '../contract/message.js';
import type { ModelInfo } from '../contract/model-info.js';
import type { CompletionRequest, ModelRequest } from '../contract/request.js';
import { ANY_TOKENIZER } from './any-tokenizer.js';
import { estimateTokens } from './estimate-tokens.js';

const asking = (content: Message['content'], more: Partial<CompletionRequest> = {}): CompletionRequest => ({
  kind: 'completion',
  model: 'm',
  delivery: 'whole',
  messages: [{ role: 'user', content } as Message],
  parameters: {},
  ...more,
});

const part = (one: MessagePart): CompletionRequest => asking([one] as Message['content']);
const info = (facts: Partial<ModelInfo> = {}): ModelInfo => modelInfo('p', { id: 'm', ...facts });

const embedding = (...inputs: readonly string[]): ModelRequest => ({
  kind: 'embedding',
  model: 'm',
  delivery: 'whole',
  inputs,
});
const ranking = (query: string, ...documents: readonly string[]): ModelRequest => ({
  kind: 'reranking',
  model: 'm',
  delivery: 'whole',
  query,
  documents,
});

const anyText = fc.string({ unit: 'binary', maxLength: 300 });
const anyRequest: fc.Arbitrary<ModelRequest> = fc.oneof(
  anyText.map((text) => asking(text)),
  fc.array(anyText, { minLength: 1, maxLength: 5 }).map((texts) => embedding(...texts)),
  fc
    .tuple(anyText, fc.array(anyText, { minLength: 1, maxLength: 5 }))
    .map(([query, texts]) => ranking(query, ...texts)),
  fc.uint8Array().map((data) => part({ type: 'file', mediaType: 'text/plain', source: { type: 'bytes', data } })),
  fc.webUrl().map((url) => part({ type: 'file', mediaType: 'application/pdf', source: { type: 'url', url } })),
  fc.webUrl().map((url) => part({ type: 'image', source: { type: 'url', url } })),
  anyText.map((text): ModelRequest => ({ kind: 'image', model: 'm', delivery: 'whole', prompt: text, n: 2 })),
);

describe('an estimate of tokens', () => {
  it('is whole numbers, and the guess lies between the bounds', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const { inputAtLeast, inputTokens, inputAtMost } = estimateTokens(request);
        for (const count of [inputAtLeast, inputTokens, inputAtMost]) expect(Number.isSafeInteger(count)).toBe(true);
        expect(inputAtLeast).toBeGreaterThanOrEqual(0);
        expect(inputTokens).toBeGreaterThanOrEqual(inputAtLeast);
        expect(inputAtMost).toBeGreaterThanOrEqual(inputTokens);
      }),
    );
  });

  it('never shrinks as a text grows, by the guess and by either bound', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, more) => {
        const [short, long] = [estimateTokens(asking(text)), estimateTokens(asking(text + more))];
        expect(long.inputAtLeast).toBeGreaterThanOrEqual(short.inputAtLeast);
        expect(long.inputTokens).toBeGreaterThanOrEqual(short.inputTokens);
        expect(long.inputAtMost).toBeGreaterThanOrEqual(short.inputAtMost);
      }),
    );
  });

  it('bounds two texts by the sum of what bounds each', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        const [both, first, second] = [one + other, one, other].map((text) => estimateTokens(embedding(text)));
        expect(both?.inputAtMost).toBeLessThanOrEqual((first?.inputAtMost ?? 0) + (second?.inputAtMost ?? 0));
      }),
    );
  });

  it('is never less than a byte for each token, whatever bytes they are', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(estimateTokens(asking(text)).inputAtMost).toBeGreaterThanOrEqual(Buffer.byteLength(text));
      }),
    );
  });

  it('says by whose tokenizer, and how far off it may be', () => {
    expect(estimateTokens(asking('Hi'))).toMatchObject({ family: 'unknown', error: ANY_TOKENIZER.error });
    const tokenizer = { ...ANY_TOKENIZER, name: 'dense', weights: { ...ANY_TOKENIZER.weights, words: 50 } };
    const [plain, dense] = [
      estimateTokens(asking('Hi there')),
      estimateTokens(asking('Hi there'), info({ tokenizer })),
    ];
    expect(dense.family).toBe('dense');
    expect(dense.inputTokens).toBeGreaterThan(plain.inputTokens);
    expect(dense.inputAtMost).toBe(plain.inputAtMost);
    expect(dense.inputTokens).toBeLessThanOrEqual(dense.inputAtMost);
  });

  const longer = 'word '.repeat(1_000);
  it.each<[string, CompletionRequest]>([
    ['a system message', asking('Hi', { messages: [{ role: 'system', content: longer }] })],
    ['a part', part({ type: 'text', text: longer })],
    ['what was thought before', part({ type: 'reasoning', text: longer })],
    ['what was thought in secret', part({ type: 'reasoning', text: '', details: [{ data: longer }] })],
    ['a call of a tool', part({ type: 'tool-call', id: '1', name: 't', argumentsJson: `{"a":"${longer}"}` })],
    ['the outcome of a tool', part({ type: 'tool-result', toolCallId: '1', content: longer })],
    ['a tool', asking('Hi', { tools: [{ name: 't', description: longer, parameters: { type: 'object' } }] })],
    ['a schema', asking('Hi', { outputFormat: { type: 'json', schema: { description: longer } } })],
  ])('counts the text of %s', (_, request) => {
    const { inputAtLeast, inputTokens, inputAtMost } = estimateTokens(request);
    expect(inputAtLeast).toBeGreaterThanOrEqual(500);
    expect(inputTokens).toBeGreaterThan(1_000);
    expect(inputAtMost).toBeGreaterThanOrEqual(5_000);
  });

  it('counts an image as an image, however long its base64 is', () => {
    const image = (data: string) => part({ type: 'image', source: { type: 'base64', data }, mediaType: 'image/png' });
    const [small, large] = [estimateTokens(image('abcd')), estimateTokens(image('abcd'.repeat(100_000)))];
    expect(large).toEqual(small);
    expect(small.inputTokens).toBeGreaterThan(1_000);
    expect(small.inputAtLeast).toBe(0);
    expect(estimateTokens(part({ type: 'file', mediaType: 'image/png', source: { type: 'url', url: 'x:' } }))).toEqual(
      small,
    );
  });

  it('bounds a text file by its bytes, and one whose length nobody knows by the window', () => {
    const file = (mediaType: string, source: { type: 'url'; url: string } | { type: 'bytes'; data: Uint8Array }) =>
      part({ type: 'file', mediaType, source });
    const bytes = { type: 'bytes', data: new Uint8Array(4_000) } as const;
    const text = estimateTokens(file('text/csv', bytes));
    expect(text.inputTokens).toBeGreaterThan(1_000);
    expect(text.inputAtMost).toBeLessThan(5_000);
    for (const open of [file('application/pdf', bytes), file('text/csv', { type: 'url', url: 'https://x.test/a' })]) {
      expect(estimateTokens(open, info({ contextWindow: 200_000 })).inputAtMost).toBe(200_000);
      expect(estimateTokens(open).inputAtMost).toBe(10_000_000);
    }
    expect(estimateTokens(file('application/pdf', bytes), info({ contextWindow: 10 })).inputAtMost).toBeGreaterThan(
      100,
    );
  });

  it('counts the query of a ranking beside every document', () => {
    const [once, thrice] = [ranking(longer, 'a'), ranking(longer, 'a', 'b', 'c')].map((one) => estimateTokens(one));
    expect(thrice?.inputTokens).toBeGreaterThan(2.9 * (once?.inputTokens ?? 0));
    expect(thrice?.inputAtMost).toBeGreaterThan(2.9 * (once?.inputAtMost ?? 0));
    expect(thrice?.inputAtLeast).toBeLessThan(1.1 * (once?.inputAtLeast ?? 0));
    expect(thrice).toMatchObject({ outputTokens: 0, outputAtMost: 0, units: { searchUnits: 1 } });
  });

  it.each<[string, Partial<CompletionRequest>, Partial<ModelInfo>, object]>([
    ['what is asked for', { parameters: { maxOutputTokens: 50 } }, { maxOutputTokens: 900 }, [50, 50]],
    ['what the model does at most', { parameters: { maxOutputTokens: 5_000 } }, { maxOutputTokens: 900 }, [900, 900]],
    ['the window of the model', {}, { contextWindow: 600 }, [600, 600]],
    ['its usual length', {}, { maxOutputTokens: 64_000 }, [1_000, 64_000]],
    ['no limit that is known', {}, {}, [1_000, undefined]],
    ['no limit where images come with it', { outputModalities: ['image'] }, { maxOutputTokens: 9 }, [1_000, undefined]],
  ])('takes the output for %s', (_, more, facts, expected) => {
    const { outputTokens, outputAtMost } = estimateTokens(asking('Hi', more), info(facts));
    expect([outputTokens, outputAtMost]).toEqual(expected);
  });

  it('knows how many images were asked for', () => {
    const image: ModelRequest = { kind: 'image', model: 'm', delivery: 'whole', prompt: 'A mill', n: 3, size: '1K' };
    expect(estimateTokens(image).units).toEqual({ images: 3, imageTraits: { size: '1K' } });
  });

  // Work that grew with the square of the length would outlast the test.
  it('reads eight megabytes', () => {
    const text = 'Some words, 12 digits 河 and a 🎉.\n'.repeat(256_000);
    expect(estimateTokens(asking(text)).inputTokens).toBeGreaterThan(1_000_000);
  });
});
