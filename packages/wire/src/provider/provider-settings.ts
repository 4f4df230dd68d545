import { ConfigurationError, type Secret } from '@headrace/core/plugin';
import type { BaseUrl } from './base-url.js';
import { CallHeaders } from './call-headers.js';
import { type CatalogueOption, refreshRulesOf } from './catalogue-option.js';
import type { RefreshRules } from './catalogue-refresh.js';
import type { CommonOptions } from './common-options.js';
import { apiKeyOf, connectionOf, headersOf } from './common-settings.js';
import type { Environment } from './environment.js';
import { type HostModel, hostModelOf, type ParsedModel } from './host-model.js';
import type { HttpConnection } from './http-connection.js';
import { type NamedKey, namedKeys } from './named-keys.js';
import { type NestedGateway, nestedOf } from './nested-gateway.js';
import { packageVersion } from './package-version.js';
import { isInClear, KEY_IN_CLEAR } from './web-address.js';

/** Options as the schema of a provider gives them. */
export interface ParsedOptions extends Omit<CommonOptions, 'models'> {
  readonly models?: readonly ParsedModel[] | undefined;
  readonly catalogue?: CatalogueOption | undefined;
}

/** What one kind of provider adds to the options that all have. */
export interface SettingsTerms {
  /** The provider's package, as errors call it: `google`. */
  readonly provider: string;
  /** Where options name none. Default: `provider`. */
  readonly id?: string;
  readonly base: BaseUrl;
  /** The manifest of the package, for the header `user-agent`. */
  readonly manifest: URL;
  /** Sent with every call, over those of the host. Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The header that carries a key. */
  keyHeader(key: string): Readonly<Record<string, string>>;
}

/** An address without TLS gets no key, whoever found it. */
const keyInClear = (provider: string, origin: string): ConfigurationError =>
  new ConfigurationError(provider, [
    {
      field: 'baseUrl',
      message: `${origin} ${KEY_IN_CLEAR}`,
      remedy: "Use https://, or send no key: give apiKey as '', or unset the variable.",
    },
  ]);

/** Options checked and completed; what one registration of a provider works with. */
export class ProviderSettings {
  readonly id: string;
  /** The explicit key; one that reveals an empty text hides the variable. */
  readonly apiKey: Secret | undefined;
  /** Several keys in place of one, or none. */
  readonly apiKeys: readonly NamedKey[];
  readonly origin: string;
  /** What stands before the paths of the API. Starts with a slash, or is empty. */
  readonly prefix: string;
  /** Sent with every call; no secrets. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What calls are sent with, their key included. */
  readonly callHeaders: CallHeaders;
  /** What the upstream is, if it counts attempts as a gateway like this one does. */
  readonly nested: NestedGateway | undefined;
  readonly models: readonly HostModel[];
  /** When the catalogue asks upstream, and who hears of it. */
  readonly refresh: Omit<RefreshRules, 'fetch'>;
  // Private, so that printing the settings shows no credentials of proxies or the environment.
  readonly #env: Environment;
  readonly #connection: HttpConnection;

  /** @throws ConfigurationError */
  constructor(options: ParsedOptions, terms: SettingsTerms) {
    const { provider, id = provider, base, manifest, headers } = terms;
    this.#env = options.env ?? process.env;
    this.id = options.id ?? id;
    this.apiKey = apiKeyOf(options.apiKey, provider);
    this.apiKeys = namedKeys(options.apiKeys ?? []);
    this.origin = base.origin;
    this.prefix = base.prefix;
    this.headers = Object.freeze({
      'user-agent': `headrace/${packageVersion(manifest)}`,
      ...headersOf(options),
      ...headers,
    });
    const isClear = isInClear(new URL(base.origin));
    const hasKey = this.apiKeys.length > 0 || (this.apiKey !== undefined && this.apiKey.reveal() !== '');
    if (isClear && hasKey) throw keyInClear(provider, base.origin);
    this.callHeaders = new CallHeaders(this.headers, (key) => {
      if (isClear) throw keyInClear(provider, base.origin);
      return terms.keyHeader(key);
    });
    this.nested = nestedOf(options.nested);
    this.models = (options.models ?? []).map(hostModelOf);
    this.refresh = refreshRulesOf(options.catalogue);
    this.#connection = connectionOf(options, this.#env);
  }

  get env(): Environment {
    return this.#env;
  }

  get connection(): HttpConnection {
    return this.#connection;
  }
}
