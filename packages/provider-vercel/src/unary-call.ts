import type { JsonObject, UpstreamDetail } from '@headrace/core/plugin';
import type { BodyDecoder, HttpRequest } from '@headrace/wire';
import { GatewayCall } from './gateway-call.js';
import { gatewayCost } from './gateway-cost.js';
import { applyProviderOptions } from './provider-options.js';
import type { UnaryRequest, UnaryRoute } from './unary-routes.js';
import { upstreamAttemptsOf } from './upstream-attempts.js';

/** The routes without an id of their own have it in the routing record. */
const generationIdOf = ({ gateway }: JsonObject): string | undefined => {
  const id = typeof gateway === 'object' && gateway !== null ? (gateway as JsonObject)['generationId'] : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
};

/** One attempt at anything but a completion. What is needed for that is loaded when it is first sent. */
export class UnaryCall extends GatewayCall<UnaryRequest> {
  #route: UnaryRoute | undefined;

  protected override async requestWith(): Promise<HttpRequest> {
    const { routeOf } = await import('./unary-routes.js');
    const { asked } = this;
    const { settings } = this.terms;
    const applied = applyProviderOptions(asked, settings);
    this.sends(applied.providerOptions?.['gateway']);
    const route = routeOf(asked, applied);
    this.#route = route;
    this.tell(applied.losses, [...applied.notes, ...route.notes]);
    return {
      method: 'POST',
      path: `${settings.prefix}${route.path}`,
      headers: this.headers('whole', { ...applied.headers, ...route.headers }, route.contentType),
      body: route.body,
    };
  }

  protected override decoderOf(): BodyDecoder {
    const route = this.#route;
    if (route === undefined) throw new TypeError('an answer came before its request was made');
    return route.decoder({
      warn: (warning) => this.warn(warning),
      inBandError: (error, reply) => this.inBandError(error, reply),
      responseId: generationIdOf,
      detail: (metadata) => this.#detailOf(metadata),
    });
  }

  /** What is charged for an answer is charged also where it cannot be used. */
  #detailOf(metadata: JsonObject): UpstreamDetail {
    const attempts = upstreamAttemptsOf(metadata['gateway'], (text) => this.told(text));
    const cost = gatewayCost(undefined, metadata['gateway'], attempts);
    const requestId = generationIdOf(metadata);
    return {
      ...(requestId === undefined ? {} : { requestId }),
      ...(attempts === undefined ? {} : { attempts }),
      ...(cost === undefined ? {} : { cost }),
    };
  }
}
