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
import { type BaseUrl, DEFAULT_API_URL, DEFAULT_BASE_URL, readBaseUrl } from './base-url.js';
import { CompletionHeaders } from './completion-headers.js';
import type { GatewayRouting } from './gateway-routing.js';
import type { NestedGateway } from './nested-gateway.js';
import { type ParsedVercelOptions, parseVercelOptions, type VercelOptions } from './vercel-options.js';

const baseUrlOf = (option: string | undefined, env: Environment): BaseUrl => {
  const variable = env['AI_GATEWAY_BASE_URL']?.trim();
  const [text, field] =
    option !== undefined
      ? [option, 'baseUrl']
      : variable !== undefined && variable !== ''
        ? [variable, 'the variable AI_GATEWAY_BASE_URL']
        : [DEFAULT_BASE_URL, 'baseUrl'];
  const read = readBaseUrl(text, field);
  if ('field' in read) throw new ConfigurationError('vercel', [read]);
  return read;
};

const vercelHeaders = (options: ParsedVercelOptions): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = {
    'user-agent': `headrace/${packageVersion(new URL('../package.json', import.meta.url))}`,
    ...headersOf(options),
  };
  if (options.team !== undefined) headers['x-vercel-ai-gateway-team'] = options.team;
  if (options.attribution?.referer !== undefined) headers['http-referer'] = options.attribution.referer;
  if (options.attribution?.title !== undefined) headers['x-title'] = options.attribution.title;
  const tags = options.reporting?.tags;
  if (tags !== undefined && tags.length > 0) headers['ai-reporting-tags'] = tags.join(',');
  return Object.freeze(headers);
};

const nestedOf = (nested: ParsedVercelOptions['nested']): NestedGateway | undefined => {
  if (nested === undefined || nested === false) return undefined;
  return { maxAttempts: nested === true ? undefined : nested.maxAttempts };
};

/** Where OIDC tokens are refreshed, and whether. */
export interface OidcSettings {
  /** Undefined: in development only. */
  readonly enabled: boolean | undefined;
  readonly apiOrigin: string;
  readonly projectDir: string | undefined;
}

/** Options checked and completed; what one registration of the provider works with. */
export class VercelSettings {
  readonly id: string;
  /** The explicit key; one that reveals an empty text hides the variable. */
  readonly apiKey: Secret | undefined;
  /** Several keys in place of one, or none. */
  readonly apiKeys: readonly NamedKey[];
  readonly origin: string;
  readonly prefix: string;
  /** Sent with every call; no secrets. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What completions are sent with, their credential included. */
  readonly completionHeaders: CompletionHeaders;
  /** What stands in for Vercel's gateway, if it counts attempts as this one does. */
  readonly nested: NestedGateway | undefined;
  readonly reportingUser: string | undefined;
  readonly reportingTags: readonly string[];
  /** Whether routing options that are not known here are refused. */
  readonly strictRouting: boolean;
  readonly models: readonly HostModel[];
  /** When the catalogue asks upstream, and who hears of it. */
  readonly refresh: Omit<RefreshRules, 'fetch'>;
  readonly oidc: OidcSettings;
  // Private, so that printing the settings shows no credentials of proxies, upstreams or the environment.
  readonly #env: Environment;
  readonly #routing: GatewayRouting | undefined;
  readonly #connection: HttpConnection;

  /** @throws ConfigurationError */
  constructor(options: VercelOptions = {}) {
    const parsed = parseVercelOptions(options);
    this.#env = parsed.env ?? process.env;
    this.id = parsed.id ?? 'vercel';
    this.apiKey = apiKeyOf(parsed.apiKey, 'vercel');
    this.apiKeys = namedKeys(parsed.apiKeys ?? []);
    const base = baseUrlOf(parsed.baseUrl, this.#env);
    this.origin = base.origin;
    this.prefix = base.prefix;
    this.headers = vercelHeaders(parsed);
    this.completionHeaders = new CompletionHeaders(this.headers);
    this.nested = nestedOf(parsed.nested);
    this.reportingUser = parsed.reporting?.user;
    this.reportingTags = parsed.reporting?.tags ?? [];
    this.#routing = parsed.routing === undefined ? undefined : { ...parsed.routing };
    this.strictRouting = parsed.strictRouting ?? true;
    this.models = (parsed.models ?? []).map(hostModelOf);
    this.refresh = refreshRulesOf(parsed.catalogue);
    this.#connection = connectionOf(parsed, this.#env);
    const { refresh: enabled, apiUrl = DEFAULT_API_URL, projectDir } = parsed.oidc ?? {};
    this.oidc = { enabled, apiOrigin: new URL(apiUrl.trim()).origin, projectDir };
  }

  get env(): Environment {
    return this.#env;
  }

  get routing(): GatewayRouting | undefined {
    return this.#routing;
  }

  get connection(): HttpConnection {
    return this.#connection;
  }
}
