import { generationBody } from './generation-log.js';
import { jsonReply } from './reply.js';
import type { Route } from './route.js';
import { isGenerationId } from './ulid.js';

export const creditsRoute: Route = {
  method: 'GET',
  path: /^\/v1\/credits$/,
  needsCredential: true,
  answer: async (_request, { economy }) => jsonReply(200, economy.credits()),
};

/** Errors of this route are flat: `error` is a text. */
export const generationRoute: Route = {
  method: 'GET',
  path: /^\/v1\/generation$/,
  needsCredential: true,
  async answer({ query }, { generations, generationDelayMs, clock }) {
    const id = query.get('id') ?? '';
    if (id === '') return jsonReply(400, { error: 'id is required' });
    if (!isGenerationId(id)) return jsonReply(400, { error: 'Invalid id format, expected gen_<ulid>' });
    const generation = generations.find(id);
    if (generation === undefined || clock.now() < generation.startTime + generationDelayMs) {
      return jsonReply(404, { error: 'Usage event not found', id, message: 'It may not have been recorded yet.' });
    }
    return jsonReply(200, generationBody(generation));
  },
};
