import {
  type CallContext,
  type Clock,
  CredentialRejectedError,
  type EventBatch,
  GatewayError,
  type GenerationParameters,
  InvalidRequestError,
  type Message,
  type ModelInfo,
  ModelNotFoundError,
  type ModelRequest,
  nearest,
  type ParameterFact,
  type ParameterName,
  type Secret,
  standaloneContext,
  systemClock,
  TimeoutError,
} from '@headrace/core/plugin';
import { type HttpRequest, HttpSession, httpCall, httpJson } from '@headrace/wire';
import type { Credits, Generation } from './account-records.js';
import { ChatCall } from './chat-call.js';
import { parameterIssues } from './check-parameters.js';
import { type GenerateParams, generateRequest } from './generate-params.js';
import type { VercelModelId } from './known-models.js';
import type { LiveModel } from './live-models.js';
import { ModelCatalogue } from './model-catalogue.js';
import { sleep } from './sleep.js';
import { TextPieces, TextStream } from './text-stream.js';
import { type Credential, findCredential } from './vercel-credentials.js';
import { errorFromAnswer } from './vercel-errors.js';
import type { VercelOptions } from './vercel-options.js';
import { VercelSettings } from './vercel-settings.js';

/** Values that a model uses when nothing is sent, as far as they are known. */
export type DefaultParams = Readonly<Partial<Record<ParameterName, number | string>>>;

export interface GenerationOptions {
  readonly signal?: AbortSignal;
  /** How long to wait for the record to appear, in ms. Default 60,000. */
  readonly waitMs?: number;
}

const GENERATION_WAIT_MS = 60_000;
const LONGEST_PAUSE_MS = 8_000;
/** Sixteen times the longest answer of these routes, which is the list of models. */
const MOST_BYTES = 8 * 1024 * 1024;

// Account records and the live list are loaded when they are asked for: few processes ask, and all wait for an import.
const accountRecords = () => import('./account-records.js');

/**
 * Vercel AI Gateway over HTTP, one attempt per call; usable without a Headrace gateway. Only connecting has a time limit
 * here: the clocks belong to a gateway, so bound a call by a `signal` where it matters.
 */
export class VercelClient {
  /** What is known of the models, without asking. */
  readonly catalogue: ModelCatalogue;
  readonly #settings: VercelSettings;
  readonly #clock: Clock;
  #session: HttpSession | undefined;
  #closed = false;

  /**
   * Opens nothing before the first call.
   * @param options as for `vercel(…)`.
   * @param clock default: the machine's own time.
   * @throws ConfigurationError
   */
  constructor(options: VercelOptions | VercelSettings = {}, clock: Clock = systemClock) {
    const settings = options instanceof VercelSettings ? options : new VercelSettings(options);
    this.#settings = settings;
    this.#clock = clock;
    const fetch = (signal: AbortSignal): Promise<readonly LiveModel[]> => this.#fetchModels(signal);
    this.catalogue = new ModelCatalogue({
      provider: settings.id,
      hostModels: settings.models,
      clock,
      refresh: { ...settings.refresh, fetch },
    });
  }

  /** The provider's name in model references. */
  get id(): string {
    return this.#settings.id;
  }

  /** Sent with every call. Names in lower case; no secrets: the credential is added call by call. */
  get headers(): Readonly<Record<string, string>> {
    return this.#settings.headers;
  }

  /** The kept connections to the one origin that gets the credential. */
  get session(): HttpSession {
    if (this.#session === undefined) {
      const { origin, connection, env } = this.#settings;
      const { connectTimeoutMs, maxConnections, keepAliveMs, proxy, ca } = connection;
      this.#session = new HttpSession({
        origin,
        env,
        ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
        ...(maxConnections === undefined ? {} : { maxConnections }),
        ...(keepAliveMs === undefined ? {} : { keepAliveMs }),
        ...(proxy === undefined ? {} : { proxy }),
        ...(ca === undefined ? {} : { ca }),
      });
      // A call after `close()` fails as one on a closed session does.
      if (this.#closed) void this.#session.close();
    }
    return this.#session;
  }

  /**
   * The credential that a call made now would send: `apiKey`, `AI_GATEWAY_API_KEY`, OIDC token of the request,
   * `VERCEL_OIDC_TOKEN`. Looked up anew each time.
   * @throws MissingCredentialError, CredentialRejectedError
   */
  async getToken(): Promise<Secret> {
    return this.#credential().token;
  }

  /**
   * What the model uses when nothing is sent: for display and validation, never to be sent unasked.
   * Parameters without a known default are absent.
   * @throws ModelNotFoundError
   */
  getDefaultParams(modelId: VercelModelId): DefaultParams {
    const model = this.catalogue.find(modelId);
    if (model === undefined) throw this.#unknownModel(modelId);
    const defaults: Partial<Record<ParameterName, number | string>> = {};
    for (const [name, fact] of Object.entries(model.parameters) as [ParameterName, ParameterFact][]) {
      const value = fact.fixed ?? (fact.supported === false ? undefined : fact.default);
      if (value !== undefined && value !== null) defaults[name] = value;
    }
    return defaults;
  }

  /**
   * The text of one answer, piece by piece; one attempt. Nothing is sent before the first piece is asked for, and
   * nothing at all when the model's facts say that a parameter would be refused.
   * Text of tool calls and reasoning is not part of it: use a gateway's `stream` for those.
   * @param prompt one message of the user, or the conversation.
   * @throws from the loop: InvalidRequestError, ModelNotFoundError, every other GatewayError, `signal.reason` untouched.
   */
  generate(
    modelId: VercelModelId<'language'>,
    prompt: string | readonly Message[],
    params: GenerateParams = {},
  ): AsyncGenerator<string, undefined> {
    let scope: ReturnType<typeof standaloneContext> | undefined;
    const open = async (): Promise<AsyncIterator<string>> => {
      // Not before: a generator that nobody reads would listen to the signal for ever.
      scope = standaloneContext({ signal: params.signal, clock: this.#clock });
      const { onWarning } = params;
      if (onWarning !== undefined) Object.assign(scope, { warn: onWarning });
      const request = generateRequest(modelId, prompt, params);
      const model = this.catalogue.find(modelId) ?? (await this.catalogue.lookUp(modelId, scope.signal));
      if (model === undefined) throw this.#unknownModel(modelId);
      const issues = parameterIssues(request.parameters satisfies GenerationParameters, model);
      if (issues.length > 0) throw new InvalidRequestError(issues);
      return new TextPieces(this.call({ ...request, model: model.id }, scope));
    };
    return new TextStream(open, () => scope?.release());
  }

  /** One attempt at one request; see `Provider.call`. */
  call(request: ModelRequest, context: CallContext): AsyncIterable<EventBatch> {
    if (request.kind !== 'completion')
      throw new InvalidRequestError([{ field: 'kind', message: `"${request.kind}" is not done by this provider.` }]);
    const call = new ChatCall(request, this.#settings, context, this.#clock);
    return httpCall(this.session, () => call.request(), context, call);
  }

  /** Asks the gateway for its models; the answer refreshes `catalogue`. @throws GatewayError, `signal.reason` untouched */
  async listModels(signal?: AbortSignal): Promise<readonly ModelInfo[]> {
    await this.catalogue.refresh(signal);
    return this.catalogue.listLive();
  }

  /** What is left to spend. Needs a gateway key or an OIDC token. @throws GatewayError, `signal.reason` untouched */
  async credits(signal?: AbortSignal): Promise<Credits> {
    const { parseCredits } = await accountRecords();
    return parseCredits(await this.#get('/v1/credits', this.#credential(), signal));
  }

  /**
   * The gateway's record of one answer. Records appear some seconds after the answer, so this asks again, at growing
   * distances, until `waitMs` are over.
   * @param id `responseId` of the answer, such as `gen_01K…`.
   * @throws TimeoutError when no record appeared; every other GatewayError; `signal.reason` untouched.
   */
  async generation(id: string, options: GenerationOptions = {}): Promise<Generation> {
    const { checkGenerationId, parseGeneration } = await accountRecords();
    checkGenerationId(id);
    const { signal, waitMs = GENERATION_WAIT_MS } = options;
    const giveUpAt = this.#clock.now() + waitMs;
    for (let pauseMs = 1_000; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        return parseGeneration(await this.#get(`/v1/generation?id=${id}`, this.#credential(), signal));
      } catch (error) {
        // A 404 without a type of its own: there is no such record, or not yet.
        if (!GatewayError.is(error) || error.code !== 'model-not-found') throw error;
        const leftMs = giveUpAt - this.#clock.now();
        if (leftMs <= 0)
          throw new TimeoutError(
            'total',
            waitMs,
            `Vercel AI Gateway has no record of ${id} after ${waitMs} ms: it comes later, or the id belongs to another team.`,
          );
        await sleep(this.#clock, Math.min(pauseMs, leftMs), signal);
      }
    }
  }

  /** Closes the connections and stops a refresh under way. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    this.catalogue.close();
    await this.#session?.close();
  }

  #credential(): Credential {
    return findCredential(this.#settings.apiKey, this.#settings.env, this.#clock.epochMs());
  }

  #unknownModel(modelId: string): ModelNotFoundError {
    const story = this.catalogue.explain(modelId);
    const near =
      story === undefined
        ? nearest(
            modelId,
            this.catalogue.list().map((model) => model.id),
          )
        : [];
    const hint = near.length === 0 ? '' : ` Did you mean ${near.map((id) => `"${id}"`).join(' or ')}?`;
    return new ModelNotFoundError(
      `Vercel AI Gateway has no model "${modelId}".${story === undefined ? hint : ` ${story}`}`,
    );
  }

  /** The list is open to everyone, so no credential is shown unless somebody on the way asks for one. */
  async #fetchModels(signal: AbortSignal): Promise<readonly LiveModel[]> {
    let json: unknown;
    try {
      json = await this.#get('/v1/models', undefined, signal);
    } catch (error) {
      if (!(error instanceof CredentialRejectedError)) throw error;
      json = await this.#get('/v1/models', this.#credential(), signal);
    }
    const { parseLiveModels } = await import('./live-models.js');
    return parseLiveModels(json, this.#clock.epochMs());
  }

  async #get(path: string, credential: Credential | undefined, signal: AbortSignal | undefined): Promise<unknown> {
    const { origin, prefix } = this.#settings;
    const request: HttpRequest = {
      method: 'GET',
      path: `${prefix}${path}`,
      maxBodyBytes: MOST_BYTES,
      headers: {
        ...this.headers,
        accept: 'application/json',
        // The list of models is half a megabyte of much the same.
        'accept-encoding': 'gzip, br',
        ...(credential === undefined ? {} : { authorization: `Bearer ${credential.token.reveal()}` }),
      },
    };
    const context = standaloneContext({ signal, clock: this.#clock });
    try {
      const { json } = await httpJson(
        this.session,
        request,
        context,
        (answer, body): GatewayError =>
          errorFromAnswer(answer, body, { origin, credential, epochMs: this.#clock.epochMs() }),
      );
      return json;
    } finally {
      context.release();
    }
  }
}
