import {
  type CallContext,
  type Clock,
  type CompletionRequest,
  type GatewayError,
  MalformedResponseError,
  MissingCredentialError,
  type ModelRequest,
  type RequestKind,
  type Secret,
  systemClock,
} from '@headrace/core/plugin';
import type { HttpAnswer } from '@headrace/wire';
import {
  type FoundKey,
  KeyFinder,
  LayeredCatalogue,
  type LiveModel,
  memberOf,
  ProviderClient,
} from '@headrace/wire/provider';
import { errorFromAnswer } from './anthropic-errors.js';
import type { AnthropicOptions } from './anthropic-options.js';
import { AnthropicSettings } from './anthropic-settings.js';
import { MessagesCall, messageBody } from './messages-call.js';
import { anthropicSeed, moreFacts } from './seed-facts.js';

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
export class AnthropicClient extends ProviderClient<AnthropicSettings, FoundKey> {
  readonly catalogue: LayeredCatalogue;
  readonly kinds: readonly RequestKind[] = ['completion'];

  /**
   * Opens nothing before the first call.
   * @param options as for `anthropic(…)`.
   * @param clock default: the machine's own time.
   * @throws ConfigurationError
   */
  constructor(options: AnthropicOptions | AnthropicSettings = {}, clock: Clock = systemClock) {
    const settings = options instanceof AnthropicSettings ? options : new AnthropicSettings(options);
    const { id, apiKey, apiKeys, env } = settings;
    const keys = new KeyFinder({
      id,
      title: 'the Anthropic API',
      apiKey,
      apiKeys,
      variables: ['ANTHROPIC_API_KEY'],
      env,
      clock,
      remedy: 'Create one in the Claude Console under API keys.',
    });
    super({ settings, keys, clock });
    this.catalogue = new LayeredCatalogue({
      provider: id,
      maker: 'anthropic',
      seed: anthropicSeed,
      hostModels: settings.models,
      clock,
      refresh: { ...settings.refresh, fetch: (signal) => this.#fetchModels(signal) },
      more: moreFacts,
    });
  }

  /** The key that a call made now would send. @throws MissingCredentialError, CredentialRejectedError */
  async getToken(): Promise<Secret> {
    const { token } = await this.terms.keys.find();
    if (token === undefined) throw new MissingCredentialError('No key is sent: the option apiKey is empty.');
    return token;
  }

  /**
   * How many tokens of input a request has, as the API counts them; nothing is billed.
   * Source: https://platform.claude.com/docs/en/build-with-claude/token-counting
   * @throws GatewayError, `signal.reason` untouched
   */
  async countTokens(request: Omit<CompletionRequest, 'kind' | 'delivery'>, signal?: AbortSignal): Promise<number> {
    const { settings, keys } = this.terms;
    const asked: CompletionRequest = { ...request, kind: 'completion', delivery: 'whole' };
    const model = this.catalogue.find(request.model);
    // What is told of a message is of no interest for its count.
    const { body, headers } = messageBody(asked, settings, model, { warn: () => undefined });
    const counted = Object.entries(JSON.parse(body) as object).filter(([name]) => !NOT_COUNTED.includes(name));
    const key = await keys.find();
    const json = await this.ask({
      path: '/v1/messages/count_tokens',
      key,
      signal,
      post: {
        body: JSON.stringify(Object.fromEntries(counted)),
        headers: settings.callHeaders.with(key.token, 'whole', headers),
      },
    });
    const count = memberOf(json, 'input_tokens');
    if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
    throw new MalformedResponseError("The Anthropic API's count of tokens is no number.");
  }

  protected override callOf(request: ModelRequest, context: CallContext): MessagesCall {
    return new MessagesCall(request as CompletionRequest, this.terms, context, this.catalogue.find(request.model));
  }

  protected override errorOf(answer: HttpAnswer, body: string, key: FoundKey): GatewayError {
    const { settings, clock } = this.terms;
    return errorFromAnswer(answer, body, { origin: settings.origin, key, secrets: [], epochMs: clock.epochMs() });
  }

  async #fetchModels(signal: AbortSignal): Promise<readonly LiveModel[]> {
    const { parseModelPage } = await import('./live-models.js');
    const found: LiveModel[] = [];
    let after: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const from = after === undefined ? '' : `&after_id=${encodeURIComponent(after)}`;
      const key = await this.terms.keys.find();
      const read = parseModelPage(await this.ask({ path: `/v1/models?limit=${PAGE}${from}`, key, signal }));
      found.push(...read.models);
      if (read.after === undefined) return found;
      after = read.after;
    }
    throw new MalformedResponseError("The Anthropic API's list of models has no end.");
  }
}
