import type { EmbeddingRequest } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { encodeEmbeddingRequest } from './encode-embedding-request.js';

const request: EmbeddingRequest = { kind: 'embedding', model: 'maker/embed', delivery: 'whole', inputs: ['a', 'b'] };

describe('an embedding request', () => {
  it('asks for base64 unless told otherwise, and for nothing else that was not asked for', () => {
    expect(encodeEmbeddingRequest(request)).toEqual({
      model: 'maker/embed',
      input: ['a', 'b'],
      encoding_format: 'base64',
    });
    expect(encodeEmbeddingRequest(request, { encoding: 'float' })).toMatchObject({ encoding_format: 'float' });
  });

  it('carries dimensions and end user, and no options of a provider', () => {
    const full = { ...request, dimensions: 256, endUser: 'u1', providerOptions: { acme: { secret: 1 } } };
    const body = encodeEmbeddingRequest(full);
    expect(body).toMatchObject({ dimensions: 256, user: 'u1' });
    expect(JSON.stringify(body)).not.toContain('secret');
  });
});
