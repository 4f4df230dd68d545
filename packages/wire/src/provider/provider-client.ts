import {
  type CallContext,
  type EventBatch,
  type GatewayError,
  InvalidRequestError,
  type ModelInfo,
  type ModelRequest,
  type RequestKind,
  standaloneContext,
} from '@headrace/core/plugin';
import type { HttpAnswer } from '../http/body-decoder.js';
import { httpCall } from '../http/http-call.js';
import { httpJson } from '../http/http-json.js';
import { HttpSession } from '../http/http-session.js';
import type { LayeredCatalogue } from './layered-catalogue.js';
import type { CallTerms, ProviderCall } from './provider-call.js';
import type { ProviderSettings } from './provider-settings.js';
import type { SentKey } from './sent-key.js';

const MOST_BYTES = 8 * 1024 * 1024;

/** A question of the client's own, such as for the list of models. */
export interface Question<Key extends SentKey> {
  /** Path and query, without the prefix of the base URL. */
  readonly path: string;
  /** Absent: none is sent. */
  readonly key: Key | undefined;
  readonly signal: AbortSignal | undefined;
  /** Posted, with these headers. Absent: the path is got. */
  readonly post?: { readonly body: string; readonly headers: Readonly<Record<string, string>> };
  /** Bytes of the whole answer. Default 8 MiB. */
  readonly maxBodyBytes?: number;
}

/**
 * The API of a provider over HTTP, one attempt per call; usable without a gateway. Only connecting has a time limit here:
 * the clocks belong to a gateway, so bound a call by a `signal` where it matters. Each kind of provider adds its dialect.
 */
export abstract class ProviderClient<Settings extends ProviderSettings, Key extends SentKey> {
  /** What is known of the models, without asking. */
  abstract readonly catalogue: LayeredCatalogue;
  /** What it serves. */
  abstract readonly kinds: readonly RequestKind[];
  // Not a field that prints: whatever finds the keys may hold them.
  readonly #terms: CallTerms<Settings, Key>;
  #session: HttpSession | undefined;
  #closed = false;

  /** Opens nothing before the first call. */
  protected constructor(terms: CallTerms<Settings, Key>) {
    this.#terms = terms;
  }

  protected get terms(): CallTerms<Settings, Key> {
    return this.#terms;
  }

  /** One attempt at a request of a kind that is served. */
  protected abstract callOf(request: ModelRequest, context: CallContext): ProviderCall<ModelRequest, Settings, Key>;

  /** The error for an answer outside 2xx to a question. */
  protected abstract errorOf(answer: HttpAnswer, body: string, key: Key | undefined): GatewayError;

  /** The provider's name in model references. */
  get id(): string {
    return this.#terms.settings.id;
  }

  /** Where it connects, without a path. */
  get origin(): string {
    return this.#terms.settings.origin;
  }

  /** Names of its keys where it was given several, in the order in which they take turns. */
  get keys(): readonly string[] {
    return this.#terms.settings.apiKeys.map(({ name }) => name);
  }

  /** Sent with every call. Names in lower case; no secrets: the key is added call by call. */
  get headers(): Readonly<Record<string, string>> {
    return this.#terms.settings.headers;
  }

  /** The kept connections to the one origin that gets the key. */
  get session(): HttpSession {
    if (this.#session === undefined) {
      const { origin, connection } = this.#terms.settings;
      this.#session = new HttpSession({ ...connection, origin });
      // A call after `close()` fails as one on a closed session does.
      if (this.#closed) void this.#session.close();
    }
    return this.#session;
  }

  /** One attempt at one request; see `Provider.call`. @throws InvalidRequestError for a kind that is not served */
  call(request: ModelRequest, context: CallContext): AsyncIterable<EventBatch> {
    if (!this.kinds.includes(request.kind))
      throw new InvalidRequestError([{ field: 'kind', message: `"${request.kind}" is not done by this provider.` }]);
    const call = this.callOf(request, context);
    return httpCall(this.session, () => call.request(), context, call);
  }

  /** Asks upstream for its models; the answer refreshes `catalogue`. @throws GatewayError, `signal.reason` untouched */
  async listModels(signal?: AbortSignal): Promise<readonly ModelInfo[]> {
    await this.catalogue.refresh(signal);
    return this.catalogue.listLive();
  }

  /** Closes the connections and stops a refresh under way. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    this.catalogue.close();
    await this.#session?.close();
  }

  /** The JSON that upstream answers. @throws GatewayError, `signal.reason` untouched */
  protected async ask({ path, key, signal, post, maxBodyBytes = MOST_BYTES }: Question<Key>): Promise<unknown> {
    const { settings, clock } = this.#terms;
    const context = standaloneContext({ signal, clock });
    const headers = settings.callHeaders.bare(key?.token);
    const request = { method: 'GET', path: `${settings.prefix}${path}`, headers, maxBodyBytes } as const;
    try {
      const { json } = await httpJson(
        this.session,
        post === undefined ? request : { ...request, method: 'POST', ...post },
        context,
        (answer, body) => {
          const error = this.errorOf(answer, body, key);
          key?.judge?.(error, context);
          return error;
        },
      );
      key?.judge?.(undefined, context);
      return json;
    } finally {
      context.release();
    }
  }
}
