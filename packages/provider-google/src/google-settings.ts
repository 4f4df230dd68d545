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
  refreshRulesOf,
} from '@headrace/wire/provider';
import { DEFAULT_BASE_URL, type GoogleOptions, parseGoogleOptions, readBaseUrl } from './google-options.js';

/** Options checked and completed; what one registration of the provider works with. */
export class GoogleSettings {
  readonly id: string;
  /** The explicit key. */
  readonly apiKey: Secret | undefined;
  /** Several keys in place of one, or none. */
  readonly apiKeys: readonly NamedKey[];
  readonly origin: string;
  readonly prefix: string;
  /** Sent with every call; no secrets. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly models: readonly HostModel[];
  readonly refresh: Omit<RefreshRules, 'fetch'>;
  // Private, so that printing the settings shows no credentials of proxies or the environment.
  readonly #env: Environment;
  readonly #connection: HttpConnection;

  /** @throws ConfigurationError */
  constructor(options: GoogleOptions = {}) {
    const parsed = parseGoogleOptions(options);
    this.#env = parsed.env ?? process.env;
    this.id = parsed.id ?? 'google';
    this.apiKey = apiKeyOf(parsed.apiKey, 'google');
    this.apiKeys = namedKeys(parsed.apiKeys ?? []);
    const base = readBaseUrl(parsed.baseUrl ?? DEFAULT_BASE_URL);
    if ('message' in base) throw new ConfigurationError('google', [{ field: 'baseUrl', ...base }]);
    this.origin = base.origin;
    this.prefix = base.prefix;
    this.headers = Object.freeze({
      'user-agent': `headrace/${packageVersion(new URL('../package.json', import.meta.url))}`,
      ...headersOf(parsed),
    });
    this.models = (parsed.models ?? []).map(hostModelOf);
    this.refresh = refreshRulesOf(parsed.catalogue);
    this.#connection = connectionOf(parsed, this.#env);
  }

  get env(): Environment {
    return this.#env;
  }

  get connection(): HttpConnection {
    return this.#connection;
  }
}
