import type { CallContext, Clock, GatewayError, JsonObject, JsonValue, UpstreamDetail } from '@headrace/core/plugin';
import type { BodyDecoder, HttpAnswer, HttpHandlers, HttpRequest } from '@headrace/wire';
import { type FailureContext, toldIn } from './failure-context.js';
import { gatewayCost } from './gateway-cost.js';
import { GatewayRecordReader } from './gateway-record.js';
import { ownKeysOf } from './own-keys.js';
import { applyProviderOptions } from './provider-options.js';
import type { UnaryRequest, UnaryRoute } from './unary-routes.js';
import { upstreamAttemptsOf } from './upstream-attempts.js';
import type { Credential, VercelCredentials } from './vercel-credentials.js';
import { errorFromAnswer, errorInBand } from './vercel-errors.js';
import type { VercelSettings } from './vercel-settings.js';

/** The routes without an id of their own have it in the routing record. */
const generationIdOf = ({ gateway }: JsonObject): string | undefined => {
  const id = typeof gateway === 'object' && gateway !== null ? (gateway as JsonObject)['generationId'] : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
};

/** One attempt at anything but a completion. What is needed for that is loaded when it is first sent. */
export class UnaryCall implements HttpHandlers {
  #credential: Credential | undefined;
  /** The routing options that were sent. */
  #gateway: JsonValue | undefined;
  #route: UnaryRoute | undefined;

  constructor(
    private readonly asked: UnaryRequest,
    private readonly settings: VercelSettings,
    private readonly context: CallContext,
    private readonly clock: Clock,
    private readonly credentials: VercelCredentials,
  ) {}

  /** Finds the credential anew: an OIDC token belongs to its request. @throws GatewayError before anything is sent */
  async request(): Promise<HttpRequest> {
    const { routeOf } = await import('./unary-routes.js');
    const { asked, settings, context } = this;
    const credential = await this.credentials.find();
    this.#credential = credential;
    const applied = applyProviderOptions(asked, settings);
    this.#gateway = applied.providerOptions?.['gateway'];
    const route = routeOf(asked, applied);
    this.#route = route;
    for (const warning of [...applied.warnings, ...route.warnings]) context.warn(warning);
    return {
      method: 'POST',
      path: `${settings.prefix}${route.path}`,
      headers: {
        ...settings.headers,
        ...applied.headers,
        ...route.headers,
        accept: 'application/json',
        authorization: `Bearer ${credential.token.reveal()}`,
        'content-type': route.contentType,
      },
      body: route.body,
    };
  }

  decoder(): BodyDecoder {
    const route = this.#route;
    if (route === undefined) throw new TypeError('an answer came before its request was made');
    const decoder = route.decoder({
      warn: (warning) => this.context.warn(warning),
      inBandError: (error, reply) => errorInBand(error, this.#failureContext(), reply),
      responseId: generationIdOf,
      detail: (metadata) => this.#detailOf(metadata),
    });
    return new GatewayRecordReader(decoder, {
      warn: (warning) => this.context.warn(warning),
      told: (text) => toldIn(this.#failureContext(), text),
      asked: this.#gateway,
    });
  }

  failure(answer: HttpAnswer, body: string): GatewayError {
    return errorFromAnswer(answer, body, this.#failureContext());
  }

  /** What is charged for an answer is charged also where it cannot be used. */
  #detailOf(metadata: JsonObject): UpstreamDetail {
    const attempts = upstreamAttemptsOf(metadata['gateway'], (text) => toldIn(this.#failureContext(), text));
    const cost = gatewayCost(undefined, metadata['gateway'], attempts);
    const requestId = generationIdOf(metadata);
    return {
      ...(requestId === undefined ? {} : { requestId }),
      ...(attempts === undefined ? {} : { attempts }),
      ...(cost === undefined ? {} : { cost }),
    };
  }

  #failureContext(): FailureContext {
    return {
      origin: this.settings.origin,
      credential: this.#credential,
      ownKeys: ownKeysOf(this.#gateway),
      epochMs: this.clock.epochMs(),
    };
  }
}
