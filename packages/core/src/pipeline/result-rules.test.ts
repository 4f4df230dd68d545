import { describe, expect, it } from '@jest/globals';
import { batch, end } from '../__fixtures__/call.js';
import type { ModelRequest } from '../contract/request.js';
import type { ModelResult } from '../contract/result.js';
import { resultFault } from './result-rules.js';

const REQUESTS: Readonly<Record<'embedding' | 'reranking' | 'image', ModelRequest>> = {
  embedding: { kind: 'embedding', model: 'm', delivery: 'whole', inputs: ['one'] },
  reranking: { kind: 'reranking', model: 'm', delivery: 'whole', query: 'q', documents: ['one', 'two'] },
  image: { kind: 'image', model: 'm', delivery: 'whole', prompt: 'a heron' },
};

const faultOf = (kind: keyof typeof REQUESTS, result: unknown): string | undefined =>
  resultFault(REQUESTS[kind], [batch({ ...end, result: result as ModelResult })]);

describe('the result of a plugin that was written without types', () => {
  it.each([
    ['embedding', null, 'its result is none.'],
    ['embedding', 'vectors', 'its result is none.'],
    ['embedding', { kind: 'embedding' }, 'its `embeddings` are no list of vectors.'],
    ['embedding', { kind: 'embedding', embeddings: [null] }, 'its `embeddings` are no list of vectors.'],
    ['embedding', { kind: 'embedding', embeddings: [[1, 2]] }, 'embedding 0 is not a vector.'],
    ['reranking', { kind: 'reranking', ranking: {} }, 'its `ranking` is no list of documents.'],
    ['reranking', { kind: 'reranking', ranking: [0, 1] }, 'its `ranking` is no list of documents.'],
    ['image', { kind: 'image', images: 'png' }, 'its `images` are no list of images.'],
    ['image', { kind: 'image', images: [{ mediaType: 'image/png' }] }, 'its `images` are no list of images.'],
    ['image', { kind: 'image', images: [] }, 'it made no image.'],
    ['image', { kind: 'embedding', embeddings: [] }, 'its result is of the kind "embedding".'],
  ] as const)('of the kind %s is at fault where it is %j', (kind, result, fault) => {
    expect(faultOf(kind, result)).toBe(fault);
  });

  it('has no fault where it is what was asked for', () => {
    expect(faultOf('embedding', { kind: 'embedding', embeddings: [new Float32Array([1])] })).toBeUndefined();
    expect(faultOf('reranking', { kind: 'reranking', ranking: [{ index: 1, relevanceScore: 1 }] })).toBeUndefined();
    expect(faultOf('image', { kind: 'image', images: [{ source: { type: 'base64', data: 'AA' } }] })).toBeUndefined();
  });
});
