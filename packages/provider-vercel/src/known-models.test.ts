import type { CompletionOptions, KnownModels, ModelReference } from '@headrace/core';
import { describe, expect, it } from '@jest/globals';
import type { CreateCompletionOptions } from './create-completion.js';
import type { VercelModelId } from './known-models.js';
import type { VercelModelIds } from './model-ids.js';
import type { VercelClient } from './vercel-client.js';
import { vercelModels } from './vercel-models.js';

/** Whether the text is a member of the union by itself, and so offered by editors. */
type Offers<Union, Text extends string> = [Extract<Union, Text>] extends [never] ? false : true;

type FirstOf<F> = F extends (first: infer First, ...rest: never[]) => unknown ? First : never;

// Compiling is the test: each line fails to compile where the type is another.
const offered: readonly true[] = [
  true satisfies Offers<ModelReference<'completion'>, 'vercel:openai/gpt-6-luna'>,
  true satisfies Offers<ModelReference<'completion'>, 'openai/gpt-6-luna'>,
  true satisfies Offers<ModelReference<'embedding'>, 'vercel:openai/text-embedding-3-small'>,
  true satisfies Offers<ModelReference<'reranking'>, 'cohere/rerank-v4-fast'>,
  true satisfies Offers<ModelReference<'image'>, 'vercel:openai/gpt-image-2'>,
  true satisfies Offers<CompletionOptions['model'], 'vercel:anthropic/claude-opus-5.5'>,
  true satisfies Offers<CreateCompletionOptions['model'], 'anthropic/claude-opus-5.5'>,
  true satisfies Offers<FirstOf<VercelClient['generate']>, 'anthropic/claude-opus-5.5'>,
  true satisfies Offers<FirstOf<VercelClient['getDefaultParams']>, 'openai/tts-1'>,
  true satisfies Offers<VercelModelId, 'typesafe-ai/jev'>,
  true satisfies Offers<keyof KnownModels, 'vercel'>,
];
const notOffered: readonly false[] = [
  false satisfies Offers<ModelReference<'completion'>, 'openai/text-embedding-3-small'>,
  false satisfies Offers<ModelReference<'embedding'>, 'openai/gpt-6-luna'>,
  false satisfies Offers<FirstOf<VercelClient['generate']>, 'openai/tts-1'>,
  false satisfies Offers<VercelModelId<'image'>, 'openai/gpt-6-luna'>,
  false satisfies Offers<ModelReference<'completion'>, 'vercel:openai/gpt-6-lunar'>,
];

describe('known ids of models', () => {
  it('are offered where a model of their type is asked for, and there only', () => {
    expect([...offered, ...notOffered]).toHaveLength(16);
  });

  it('restrict nothing', () => {
    const references: readonly ModelReference<'completion'>[] = ['vercel-eu:new/model', 'chat', 'new/model'];
    const text: string = references[0] ?? '';
    const again: VercelModelId<'language'> = text;
    expect(again).toBe('vercel-eu:new/model');
  });

  it('are of types that the catalogue has', () => {
    const types: Record<keyof VercelModelIds, true> = {
      decision: true,
      embedding: true,
      image: true,
      language: true,
      realtime: true,
      reranking: true,
      speech: true,
      transcription: true,
      video: true,
    };
    expect([...new Set(vercelModels.list().map(({ type }) => type))].sort()).toEqual(Object.keys(types));
  });
});
