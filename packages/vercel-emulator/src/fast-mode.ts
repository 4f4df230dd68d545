import { invalidRequest } from './api-error.js';
import type { Catalogue } from './catalogue.js';
import type { SeedModel } from './catalogue-seed.js';
import type { GatewayOptions } from './chat-request.js';

const SUFFIX = '-fast';

/** True for the entry of the catalogue that stands for another model in fast mode. */
export const isFastMode = (model: SeedModel, catalogue: Pick<Catalogue, 'find'>): boolean =>
  model.id.endsWith(SUFFIX) && catalogue.find(model.id.slice(0, -SUFFIX.length)) !== undefined;

/**
 * The model at the speed that was asked for: in fast mode the entry of its own price, which a `-fast` id means too.
 * Without one the model itself serves, as documented.
 * @throws ApiError with status 400 when the model has no fast mode and `allowFallbackFromFast` is false
 */
export function atSpeed(model: SeedModel, options: GatewayOptions, catalogue: Pick<Catalogue, 'find'>): SeedModel {
  if (options.speed !== 'fast' || model.id.endsWith(SUFFIX)) return model;
  const fast = catalogue.find(`${model.id}${SUFFIX}`);
  if (fast !== undefined) return fast;
  if (options.allowFallbackFromFast !== false) return model;
  throw invalidRequest(`Model '${model.id}' has no fast mode, and fallback from it was not allowed`, 'providerOptions');
}
