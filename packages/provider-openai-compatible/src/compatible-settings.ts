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
  readWebAddress,
  refreshRulesOf,
} from '@headrace/wire/provider';
import { type CompatibleOptions, parseCompatibleOptions } from './compatible-options.js';
import type { EndpointForm } from './endpoint-form.js';
import { ANY_ENDPOINT, PRESETS, type Preset } from './presets.js';

/** Without the members that are not given, so that they hide nothing below. */
const given = (form: EndpointForm): EndpointForm =>
  Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined));

/** Options checked and completed; what one registration of the provider works with. */
export class CompatibleSettings {
  readonly id: string;
  readonly preset: Preset;
  readonly form: EndpointForm;
  readonly apiKey: Secret | undefined;
  /** Several keys in place of one, or none. */
  readonly apiKeys: readonly NamedKey[];
  readonly keyVariable: string | undefined;
  readonly origin: string;
  /** Starts with a slash or is empty. */
  readonly prefix: string;
  readonly apiVersion: string | undefined;
  /** Sent with every call; no secrets. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly models: readonly HostModel[];
  readonly refresh: Omit<RefreshRules, 'fetch'>;
  // Private, so that printing the settings shows no credentials of proxies or the environment.
  readonly #env: Environment;
  readonly #connection: HttpConnection;

  /** @throws ConfigurationError */
  constructor(options: CompatibleOptions = {}) {
    const parsed = parseCompatibleOptions(options);
    this.#env = parsed.env ?? process.env;
    this.id = parsed.id ?? parsed.preset ?? 'openai-compatible';
    this.preset = parsed.preset === undefined ? ANY_ENDPOINT : PRESETS[parsed.preset];
    this.form = { ...this.preset.form, ...given(parsed.form ?? {}) };
    this.apiKey = apiKeyOf(parsed.apiKey, 'openai-compatible');
    this.apiKeys = namedKeys(parsed.apiKeys ?? []);
    this.keyVariable = parsed.keyVariable ?? this.preset.keyVariable;
    const url = readWebAddress(parsed.baseUrl ?? this.preset.baseUrl ?? '');
    if ('message' in url) throw new ConfigurationError('openai-compatible', [{ field: 'baseUrl', ...url }]);
    this.origin = url.origin;
    this.prefix = url.pathname.replace(/\/+$/, '');
    this.apiVersion = parsed.apiVersion;
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

  /** Path and query of a route such as `/chat/completions`. */
  pathOf(route: string, model: string): string {
    if (this.apiVersion === undefined) return `${this.prefix}${route}`;
    const base = this.prefix.endsWith('/openai') ? this.prefix : `${this.prefix}/openai`;
    return `${base}/deployments/${encodeURIComponent(model)}${route}?api-version=${this.apiVersion}`;
  }
}
