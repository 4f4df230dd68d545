import { ConfigurationError, type Secret } from '@headrace/core/plugin';
import {
  apiKeyOf,
  connectionOf,
  type Environment,
  type HostModel,
  type HttpConnection,
  headersOf,
  hostModelOf,
  type NamedKey,
  namedKeys,
  packageVersion,
  type RefreshRules,
} from '@headrace/wire/provider';
import { type AnthropicOptions, parseAnthropicOptions } from './anthropic-options.js';
import { type BaseUrl, DEFAULT_BASE_URL, readBaseUrl } from './base-url.js';
import { MessageHeaders } from './message-headers.js';

const DEFAULT_MAX_AGE_MS = 3_600_000;
/** Source: https://platform.claude.com/docs/en/api/versioning */
const API_VERSION = '2023-06-01';

const baseUrlOf = (option: string | undefined, env: Environment): BaseUrl => {
  const variable = env['ANTHROPIC_BASE_URL']?.trim();
  const [text, field] =
    option !== undefined
      ? [option, 'baseUrl']
      : variable !== undefined && variable !== ''
        ? [variable, 'the variable ANTHROPIC_BASE_URL']
        : [DEFAULT_BASE_URL, 'baseUrl'];
  const read = readBaseUrl(text, field);
  if ('field' in read) throw new ConfigurationError('anthropic', [read]);
  return read;
};

/** Options checked and completed; what one registration of the provider works with. */
export class AnthropicSettings {
  readonly id: string;
  /** The explicit key. */
  readonly apiKey: Secret | undefined;
  /** Several keys in place of one, or none. */
  readonly apiKeys: readonly NamedKey[];
  readonly origin: string;
  readonly prefix: string;
  /** Sent with every call; no secrets. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What messages are sent with, their key included. */
  readonly messageHeaders: MessageHeaders;
  readonly betas: readonly string[];
  readonly strictBetas: boolean;
  readonly defaultMaxOutputTokens: number | undefined;
  readonly thinkingDisplay: AnthropicOptions['thinkingDisplay'];
  readonly models: readonly HostModel[];
  /** When the catalogue asks upstream, and who hears of it. */
  readonly refresh: Omit<RefreshRules, 'fetch'>;
  // Private, so that printing the settings shows no credentials of proxies or the environment.
  readonly #env: Environment;
  readonly #connection: HttpConnection;

  /** @throws ConfigurationError */
  constructor(options: AnthropicOptions = {}) {
    const parsed = parseAnthropicOptions(options);
    this.#env = parsed.env ?? process.env;
    this.id = parsed.id ?? 'anthropic';
    this.apiKey = apiKeyOf(parsed.apiKey, 'anthropic');
    this.apiKeys = namedKeys(parsed.apiKeys ?? []);
    const base = baseUrlOf(parsed.baseUrl, this.#env);
    this.origin = base.origin;
    this.prefix = base.prefix;
    this.headers = Object.freeze({
      'user-agent': `headrace/${packageVersion(new URL('../package.json', import.meta.url))}`,
      ...headersOf(parsed),
      'anthropic-version': API_VERSION,
    });
    this.betas = parsed.betas ?? [];
    this.messageHeaders = new MessageHeaders(this.headers, this.betas);
    this.strictBetas = parsed.strictBetas ?? true;
    this.defaultMaxOutputTokens = parsed.defaultMaxOutputTokens;
    this.thinkingDisplay = parsed.thinkingDisplay;
    this.models = (parsed.models ?? []).map(hostModelOf);
    const { maxAgeMs = DEFAULT_MAX_AGE_MS, refresh: unasked = true, onRefresh } = parsed.catalogue ?? {};
    this.refresh = { maxAgeMs, unasked, onRefresh };
    this.#connection = connectionOf(parsed, this.#env);
  }

  get env(): Environment {
    return this.#env;
  }

  get connection(): HttpConnection {
    return this.#connection;
  }
}
