import type { SeedModel } from './catalogue-seed.js';
import { decimal, shift, toText } from './decimal.js';
import { modelEntry } from './model-entry.js';
import { generationOf, nativePath } from './native-request.js';
import { jsonReply } from './reply.js';
import type { Route } from './route.js';

const MILLION = -6;

/** The client knows prices of input and output only, and takes none at all where one of them is missing. */
function pricing({ pricing: prices }: SeedModel): object | null {
  const { input, output, cacheRead, cacheWrite } = prices ?? {};
  if (input === undefined || output === undefined) return null;
  const perToken = (price: number): string => toText(shift(decimal(price), MILLION));
  return {
    input: perToken(input),
    output: perToken(output),
    ...(cacheRead === undefined ? {} : { input_cache_read: perToken(cacheRead) }),
    ...(cacheWrite === undefined ? {} : { input_cache_write: perToken(cacheWrite) }),
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
