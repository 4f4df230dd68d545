import {
  type CallContext,
  type Clock,
  type CompletionRequest,
  type EventBatch,
  type GatewayError,
  InvalidRequestError,
  MalformedResponseError,
  type ModelInfo,
  type ModelRequest,
  type Secret,
  standaloneContext,
  systemClock,
} from '@headrace/core/plugin';
import { type HttpRequest, HttpSession, httpCall, httpJson } from '@headrace/wire';
import { type LiveModel, MakerCatalogue, memberOf } from '@headrace/wire/provider';
import { AnthropicCredentials } from './anthropic-credentials.js';
import { errorFromAnswer } from './anthropic-errors.js';
import type { AnthropicOptions } from './anthropic-options.js';
import { AnthropicSettings } from './anthropic-settings.js';
import { MessagesCall, messageBody } from './messages-call.js';
import { anthropicSeed, moreFacts } from './seed-facts.js';

const MOST_BYTES = 8 * 1024 * 1024;
/** Models on one page of the list: the most that the API gives. */
const PAGE = 1000;
/** A list that never ends is none. */
const MOST_PAGES = 20;

/** What only the answer to a message can have. */
const NOT_COUNTED = [
  'max_tokens',
  'stream',
  'metadata',
  'stop_sequences',
  'temperature',
  'top_p',
  'top_k',
  'service_tier',
];

/**
 * The Anthropic API over HTTP, one attempt per call; usable without a Headrace gateway. Only connecting has a time limit
 * here: the clocks belong to a gateway, so bound a call by a `signal` where it matters.
 */
export class AnthropicClient {
  /** What is known of the models, without asking. */
  readonly catalogue: MakerCatalogue;
  readonly #settings: AnthropicSettings;
  readonly #clock: Clock;
  readonly #credentials: AnthropicCredentials;
  #session: HttpSession | undefined;
  #closed = false;

  /**
   * Opens nothing before the first call.
   * @param options as for `anthropic(…)`.
   * @param clock default: the machine's own time.
   * @throws ConfigurationError
   */
  constructor(options: AnthropicOptions | AnthropicSettings = {}, clock: Clock = systemClock) {
    const settings = options instanceof AnthropicSettings ? options : new AnthropicSettings(options);
    this.#settings = settings;
    this.#clock = clock;
    this.#credentials = new AnthropicCredentials(settings, clock);
    this.catalogue = new MakerCatalogue({
      provider: settings.id,
      maker: 'anthropic',
      seed: anthropicSeed,
      hostModels: settings.models,
      clock,
      refresh: { ...settings.refresh, fetch: (signal) => this.#fetchModels(signal) },
      more: moreFacts,
    });
  }

  /** The provider's name in model references. */
  get id(): string {
    return this.#settings.id;
  }

  /** Names of its keys where it was given several, in the order in which they take turns. */
  get keys(): readonly string[] {
    return this.#settings.apiKeys.map(({ name }) => name);
  }

  /** Sent with every call. Names in lower case; no secrets: the key is added call by call. */
  get headers(): Readonly<Record<string, string>> {
    return this.#settings.headers;
  }

  /** The kept connections to the one origin that gets the key. */
  get session(): HttpSession {
    if (this.#session === undefined) {
      const { origin, connection } = this.#settings;
      this.#session = new HttpSession({ ...connection, origin });
      // A call after `close()` fails as one on a closed session does.
      if (this.#closed) void this.#session.close();
    }
    return this.#session;
  }

  /** The key that a call made now would send. @throws MissingCredentialError, CredentialRejectedError */
  async getToken(): Promise<Secret> {
    return (await this.#credentials.find()).token;
  }

  /** One attempt at one request; see `Provider.call`. */
  call(request: ModelRequest, context: CallContext): AsyncIterable<EventBatch> {
    if (request.kind !== 'completion') throw notServed(request.kind);
    const model = this.catalogue.find(request.model);
    const parts = { settings: this.#settings, credentials: this.#credentials, clock: this.#clock, model };
    const call = new MessagesCall(request, parts, context);
    return httpCall(this.session, () => call.request(), context, call);
  }

  /** Asks the API for its models; the answer refreshes `catalogue`. @throws GatewayError, `signal.reason` untouched */
  async listModels(signal?: AbortSignal): Promise<readonly ModelInfo[]> {
    await this.catalogue.refresh(signal);
    return this.catalogue.listLive();
  }

  /**
   * How many tokens of input a request has, as the API counts them; nothing is billed.
   * Source: https://platform.claude.com/docs/en/build-with-claude/token-counting
   * @throws GatewayError, `signal.reason` untouched
   */
  async countTokens(request: Omit<CompletionRequest, 'kind' | 'delivery'>, signal?: AbortSignal): Promise<number> {
    const asked: CompletionRequest = { ...request, kind: 'completion', delivery: 'whole' };
    const model = this.catalogue.find(request.model);
    // What is told of a message is of no interest for its count.
    const { body, betas } = messageBody(asked, { settings: this.#settings, model }, { warn: () => undefined });
    const counted = Object.entries(JSON.parse(body) as object).filter(([name]) => !NOT_COUNTED.includes(name));
    const json = await this.#ask(
      'POST',
      '/v1/messages/count_tokens',
      betas,
      signal,
      JSON.stringify(Object.fromEntries(counted)),
    );
    const count = memberOf(json, 'input_tokens');
    if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
    throw new MalformedResponseError("The Anthropic API's count of tokens is no number.");
  }

  /** Closes the connections and stops a refresh under way. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    this.catalogue.close();
    await this.#session?.close();
  }

  async #fetchModels(signal: AbortSignal): Promise<readonly LiveModel[]> {
    const { parseModelPage } = await import('./live-models.js');
    const found: LiveModel[] = [];
    let after: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const query = after === undefined ? '' : `&after_id=${encodeURIComponent(after)}`;
      const read = parseModelPage(await this.#ask('GET', `/v1/models?limit=${PAGE}${query}`, [], signal));
      found.push(...read.models);
      if (read.after === undefined) return found;
      after = read.after;
    }
    throw new MalformedResponseError("The Anthropic API's list of models has no end.");
  }

  async #ask(
    method: HttpRequest['method'],
    path: string,
    betas: readonly string[],
    signal: AbortSignal | undefined,
    body?: string,
  ): Promise<unknown> {
    const { origin, prefix, messageHeaders } = this.#settings;
    const credential = await this.#credentials.find();
    const request: HttpRequest = {
      method,
      path: `${prefix}${path}`,
      maxBodyBytes: MOST_BYTES,
      headers: messageHeaders.of(credential.token, 'whole', betas),
      ...(body === undefined ? {} : { body }),
    };
    const context = standaloneContext({ signal, clock: this.#clock });
    try {
      const { json } = await httpJson(this.session, request, context, (answer, text): GatewayError => {
        const epochMs = this.#clock.epochMs();
        const error = errorFromAnswer(answer, text, { origin, credential, secrets: [], epochMs });
        credential.judge?.(error, context);
        return error;
      });
      credential.judge?.(undefined, context);
      return json;
    } finally {
      context.release();
    }
  }
}

const notServed = (kind: string): InvalidRequestError =>
  new InvalidRequestError([
    { field: 'model', message: `The Anthropic API serves completions, not the kind "${kind}".` },
  ]);
