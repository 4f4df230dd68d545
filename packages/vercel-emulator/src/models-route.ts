import { modelNotFound } from './api-error.js';
import type { SeedModel } from './catalogue-seed.js';
import type { EmulatorState } from './emulator-state.js';
import { modelEndpoints } from './model-endpoints.js';
import { modelEntry } from './model-entry.js';
import { jsonReply } from './reply.js';
import type { Route, RouteRequest } from './route.js';

async function namedModel({ params }: RouteRequest, state: EmulatorState): Promise<SeedModel> {
  const id = params.join('/');
  const model = (await state.catalogue()).find(id);
  if (model === undefined) throw modelNotFound(id);
  return model;
}

/** The whole catalogue; query parameters are ignored, as by the real list. */
export const listModelsRoute: Route = {
  method: 'GET',
  path: /^\/v1\/models$/,
  needsCredential: false,
  async answer(_request, state) {
    const { models } = await state.catalogue();
    return jsonReply(200, { object: 'list', data: models.map(modelEntry) });
  },
};

export const modelRoute: Route = {
  method: 'GET',
  path: /^\/v1\/models\/([^/]+?)(?:\/|%2F)([^/]+)$/i,
  needsCredential: false,
  answer: async (request, state) => jsonReply(200, modelEntry(await namedModel(request, state))),
};

export const modelEndpointsRoute: Route = {
  method: 'GET',
  path: /^\/v1\/models\/([^/]+?)(?:\/|%2F)([^/]+)\/endpoints$/i,
  needsCredential: false,
  answer: async (request, state) => jsonReply(200, modelEndpoints(await namedModel(request, state))),
};
