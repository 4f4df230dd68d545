import type { SeedModel } from './catalogue-seed.js';
import { modelEntry } from './model-entry.js';
import { perUnit } from './model-pricing.js';
import { generationOf, nativePath } from './native-request.js';
import { jsonReply } from './reply.js';
import type { Route } from './route.js';

/** The client knows prices of input and output only, and takes none at all where one of them is missing. */
function pricing({ pricing: prices }: SeedModel): object | null {
  const { input, output, cacheRead, cacheWrite } = prices ?? {};
  if (input === undefined || output === undefined) return null;
  return {
    input: perUnit(input),
    output: perUnit(output),
    ...(cacheRead === undefined ? {} : { input_cache_read: perUnit(cacheRead) }),
    ...(cacheWrite === undefined ? {} : { input_cache_write: perUnit(cacheWrite) }),
  };
}

/** The models, as the AI SDK's client lists them. */
export const nativeConfigRoute: Route = {
  method: 'GET',
  path: nativePath('config'),
  needsCredential: true,
  async answer({ params }, state) {
    const { models } = await state.catalogue();
    const specificationVersion = `v${generationOf(params)}`;
    return jsonReply(200, {
      models: models.map((model) => {
        const { id, name, description, type } = modelEntry(model);
        const specification = { specificationVersion, provider: model.creator, modelId: id };
        return { id, name, description, pricing: pricing(model), specification, modelType: type };
      }),
    });
  },
};
