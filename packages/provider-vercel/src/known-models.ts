import type { VercelModelIds } from './model-ids.js';

declare module '@headrace/core' {
  interface KnownModels {
    vercel: {
      completion: VercelModelIds['language'];
      embedding: VercelModelIds['embedding'];
      reranking: VercelModelIds['reranking'];
      image: VercelModelIds['image'];
    };
  }
}

/**
 * An id of a model of Vercel AI Gateway, such as `openai/gpt-6-luna`: the known ones of these types are offered by
 * editors, every other text is taken too, since the gateway has new models every week.
 */
export type VercelModelId<T extends keyof VercelModelIds = keyof VercelModelIds> = VercelModelIds[T] | (string & {});
