import type { EmbeddingRequest, ModelResult } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runDecoder } from '../reply/__fixtures__/run-decoder.js';
import { embeddingReplyDecoder } from './embedding-reply-decoder.js';

const asked = (inputs: number, more: Partial<EmbeddingRequest> = {}): EmbeddingRequest => ({
  kind: 'embedding',
  model: 'maker/embed',
  delivery: 'whole',
  inputs: Array.from({ length: inputs }, (_, at) => `text ${at}`),
  ...more,
});

const base64 = (...numbers: readonly number[]): string =>
  Buffer.from(Float32Array.from(numbers).buffer).toString('base64');

const item = (index: number, embedding: unknown) => ({ object: 'embedding', index, embedding });

const decode = (data: unknown, request: EmbeddingRequest, more: object = {}) =>
  runDecoder((options) => embeddingReplyDecoder(request, options), { object: 'list', data, ...more });

const vectorsOf = (result: ModelResult | undefined): readonly (readonly number[])[] | undefined =>
  result?.kind === 'embedding' ? result.embeddings.map((vector) => [...vector]) : undefined;

describe('the answer to an embedding request', () => {
  it('is read from lists of numbers, with usage, metadata and the id that the caller knows where to find', () => {
    const { events } = runDecoder((options) => embeddingReplyDecoder(asked(1), options), {
      object: 'list',
      data: [item(0, [0.5, -0.25])],
      model: 'maker/embed-1',
      usage: { prompt_tokens: 6, total_tokens: 6 },
      providerMetadata: { ticket: 'gen_1' },
    });
    expect(events).toEqual([
      { type: 'response-start', responseId: 'gen_1', model: 'maker/embed-1' },
      {
        type: 'response-end',
        reason: 'stop',
        rawReason: '',
        usage: {
          certainty: 'exact',
          input: { total: 6, uncached: 6, cacheRead: 0, cacheWrite: 0 },
          output: { total: 0, text: 0, reasoning: 0, image: 0 },
          totalTokens: 6,
          raw: { prompt_tokens: 6, total_tokens: 6 },
        },
        providerMetadata: { ticket: 'gen_1' },
        result: { kind: 'embedding', embeddings: [Float32Array.of(0.5, -0.25)] },
      },
    ]);
  });

  it('is the same in both encodings, in any order and however its bytes are split', () => {
    // JSON has no minus zero of ours: it is written as zero.
    const number = fc.float({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0);
    const vectors = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 8 }))
      .chain(([inputs, length]) =>
        fc.array(fc.array(number, { minLength: length, maxLength: length }), { minLength: inputs, maxLength: inputs }),
      );
    fc.assert(
      fc.property(vectors, fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 64 }), (given, order, pieceBytes) => {
        const shuffled = given
          .map((vector, index) => ({ rank: order.next().value, index, vector }))
          .sort((one, other) => one.rank - other.rank);
        const expected = given.map((vector) => [...Float32Array.from(vector)]);
        for (const encode of [(vector: number[]) => vector, (vector: number[]) => base64(...vector)]) {
          const data = shuffled.map(({ index, vector }) => item(index, encode(vector)));
          const { end, error } = runDecoder(
            (options) => embeddingReplyDecoder(asked(given.length), options),
            { data },
            pieceBytes,
          );
          expect(error).toBeUndefined();
          expect(vectorsOf(end?.result)).toEqual(expected);
        }
      }),
    );
  });

  it('is taken in the order it came where the upstream does not number its vectors', () => {
    const { end } = decode([{ embedding: [1] }, { embedding: base64(2) }], asked(2));
    expect(vectorsOf(end?.result)).toEqual([[1], [2]]);
  });

  it.each([
    ['no data', undefined, 'no `data`'],
    ['one vector too few', [item(0, [1])], '1 vectors came for 2 inputs'],
    ['one vector too many', [item(0, [1]), item(1, [1]), item(2, [1])], '3 vectors came for 2 inputs'],
    ['two vectors for one input', [item(1, [1]), item(1, [1])], 'two vectors came for input 1'],
    ['a vector for no input', [item(0, [1]), item(2, [1])], 'a vector came for input 2 of 2'],
    ['a negative place', [item(0, [1]), item(-1, [1])], 'a vector came for input -1 of 2'],
    ['half a place', [item(0, [1]), item(0.5, [1])], 'item 1 of `data` has no place'],
    ['an item that is none', [item(0, [1]), 'x'], 'item 1 of `data` has no place'],
    ['vectors of different lengths', [item(0, [1]), item(1, [1, 2])], 'have 1 and 2 dimensions'],
    ['an empty vector', [item(0, [1]), item(1, [])], 'the vector of input 1'],
    ['a number that is none', [item(0, [1]), item(1, [null])], 'the vector of input 1'],
    ['a number beyond 32 bits', [item(0, [1]), item(1, [1e39])], 'the vector of input 1'],
    ['infinity in base64', [item(0, [1]), item(1, base64(Number.POSITIVE_INFINITY))], 'the vector of input 1'],
    ['no number in base64', [item(0, [1]), item(1, base64(Number.NaN))], 'the vector of input 1'],
    ['base64 of half a number', [item(0, [1]), item(1, 'AAA=')], 'the vector of input 1'],
    ['text that is no base64', [item(0, [1]), item(1, 'no base64!')], 'the vector of input 1'],
    ['no vector', [item(0, [1]), { index: 1 }], 'the vector of input 1'],
  ])('is malformed with %s', (_, data, words) => {
    const { events, error } = decode(data, asked(2));
    expect(error).toMatchObject({ code: 'malformed-response', message: expect.stringContaining(words) });
    expect(events).toEqual([]);
  });

  it('is malformed when it has other dimensions than those asked for', () => {
    const { error } = decode([item(0, [1, 2, 3])], asked(1, { dimensions: 2 }));
    expect(error?.message).toContain('3 dimensions where 2 were asked for');
    expect(decode([item(0, [1, 2])], asked(1, { dimensions: 2 })).error).toBeUndefined();
  });

  it('has a cost where the usage tells one, and no usage where none is told', () => {
    const data = [item(0, [1])];
    expect(decode(data, asked(1), { usage: { prompt_tokens: 3, total_tokens: 3, cost: 0.5 } }).end).toMatchObject({
      cost: { usd: 0.5, certainty: 'exact', source: 'provider' },
    });
    const { end, events } = decode(data, asked(1));
    expect(end).not.toHaveProperty('usage');
    expect(events).toHaveLength(1);
  });

  it('keeps metadata in either spelling, without keys that reach a prototype', () => {
    const snake = decode([item(0, [1])], asked(1), { provider_metadata: { gateway: { cost: '0.1' } } });
    expect(snake.end?.providerMetadata).toEqual({ gateway: { cost: '0.1' } });
    const evil = runDecoder(
      (options) => embeddingReplyDecoder(asked(1), options),
      '{"data":[{"index":0,"embedding":[1]}],"providerMetadata":{"__proto__":{"x":1},"a":1}}',
    );
    expect(Object.keys(evil.end?.providerMetadata ?? {})).toEqual(['a']);
  });

  it.each([
    ['an error object', { error: { message: 'no' } }, 'upstream-failed'],
    ['an empty body', '', 'malformed-response'],
    ['an HTML page', '<html>', 'malformed-response'],
    ['cut JSON', '{"data":[', 'malformed-response'],
    ['a list', '[]', 'malformed-response'],
  ])('is a failure when %s came', (_, reply, code) => {
    const { error } = runDecoder((options) => embeddingReplyDecoder(asked(1), options), reply);
    expect(error).toMatchObject({ code });
  });

  it('survives a connection that breaks behind it, and not one that breaks within it', () => {
    const decoder = embeddingReplyDecoder(asked(1), { warn: () => {}, inBandError: () => new Error() as never });
    decoder.write(Buffer.from('{"data":[{"embedding":[1]}]'), []);
    expect(decoder.broken(new Error('reset'))).toMatchObject({ code: 'stream-interrupted' });
    decoder.write(Buffer.from('}'), []);
    expect(decoder.broken(new Error('reset'))).toBeUndefined();
  });
});
