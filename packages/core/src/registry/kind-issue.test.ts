import { describe, expect, it } from '@jest/globals';
import { model, provider, silent } from '../__fixtures__/call.js';
import type { ModelInfo } from '../contract/model-info.js';
import type { RequestKind } from '../contract/request.js';
import { kindIssue } from './kind-issue.js';

const KINDS = ['completion', 'embedding', 'reranking', 'image'] as const satisfies readonly RequestKind[];
const TYPES = { completion: 'language', embedding: 'embedding', reranking: 'reranking', image: 'image' } as const;

const known = [
  model({ id: 'a/chat-1', releaseDate: '2025-01' }),
  model({ id: 'a/chat-2', releaseDate: '2026-01' }),
  model({ id: 'a/chat-2-batch', releaseDate: '2026-01', variantOf: 'a/chat-2' }),
  model({ id: 'a/chat-0', status: 'deprecated', releaseDate: '2026-06' }),
  model({ id: 'b/talk' }),
  model({ id: 'a/embed-2', type: 'embedding' }),
  model({ id: 'b/sort', type: 'reranking' }),
  model({ id: 'b/paint', type: 'image' }),
];

const issueOf = (kind: RequestKind, info: ModelInfo | undefined, kinds: readonly RequestKind[] = KINDS) => {
  const target = { provider: { ...provider(silent), kinds }, model: info?.id ?? 'x' };
  return kindIssue(kind, info === undefined ? target : { ...target, info }, () => known);
};

describe('kindIssue', () => {
  it.each(KINDS)('lets every model of the right type do %s', (kind) => {
    expect(issueOf(kind, model({ type: TYPES[kind] }))).toBeUndefined();
  });

  it.each(KINDS)('lets a model of which nothing is known do %s', (kind) => {
    expect(issueOf(kind, undefined)).toBeUndefined();
  });

  it.each([
    ['embedding', '`embed`'],
    ['reranking', '`rerank`'],
    ['image', '`generateImage`'],
  ] as const)('names the method for a model of type %s that is asked for a completion', (type, method) => {
    const issue = issueOf('completion', model({ id: 'a/x', type }));
    expect(issue).toMatchObject({
      field: 'model',
      message: expect.stringContaining(`a/x is a model of type "${type}"`),
    });
    expect(issue?.remedy).toContain(method);
  });

  it("suggests the maker's newest models first, and neither variants nor deprecated ones", () => {
    const issue = issueOf('completion', model({ id: 'a/other', type: 'embedding' }));
    expect(issue?.remedy).toBe(
      'Ask it with `embed`, or take a language model, such as "a/chat-2", "a/chat-1", "b/talk".',
    );
  });

  it('suggests the name that is most like the one asked for before all others', () => {
    const issue = issueOf('completion', model({ id: 'b/tolk', type: 'image' }));
    expect(issue?.remedy).toContain('such as "b/talk", "a/chat-2"');
  });

  it('names the completion methods and embedding models when a language model is asked for embeddings', () => {
    expect(issueOf('embedding', model({ id: 'a/chat-2' }))?.remedy).toBe(
      'Ask it with `complete` or `stream`, or take an embedding model, such as "a/embed-2".',
    );
  });

  it('tells how a language model makes images, where it does', () => {
    const issue = issueOf('image', model({ id: 'a/chat-2', modalities: { output: ['text', 'image'] } }));
    expect(issue?.remedy).toBe(
      'Ask for images with `complete` and `outputModalities: ["text", "image"]`, or take an image model, such as "b/paint".',
    );
  });

  it('names no method for a type of model that no method is for', () => {
    expect(issueOf('image', model({ id: 'b/film', type: 'video' }))?.remedy).toBe(
      'Take an image model, such as "b/paint".',
    );
  });

  it('refuses a kind that the provider does not do, whatever the model', () => {
    expect(issueOf('reranking', undefined, ['completion'])).toEqual({
      field: 'model',
      message: 'belongs to the provider "p1", which does not rank documents.',
    });
  });
});
