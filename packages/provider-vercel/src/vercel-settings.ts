import { baseUrlOf, type Headers, ProviderSettings } from '@headrace/wire/provider';
import { DEFAULT_API_URL, DEFAULT_BASE_URL, readBaseUrl } from './base-url.js';
import type { GatewayRouting } from './gateway-routing.js';
import { type ParsedVercelOptions, parseVercelOptions, type VercelOptions } from './vercel-options.js';

const ownHeaders = ({ team, attribution, reporting }: ParsedVercelOptions): Headers => {
  const headers: Record<string, string> = {};
  if (team !== undefined) headers['x-vercel-ai-gateway-team'] = team;
  if (attribution?.referer !== undefined) headers['http-referer'] = attribution.referer;
  if (attribution?.title !== undefined) headers['x-title'] = attribution.title;
  const tags = reporting?.tags;
  if (tags !== undefined && tags.length > 0) headers['ai-reporting-tags'] = tags.join(',');
  return headers;
};

/** Where OIDC tokens are refreshed, and whether. */
export interface OidcSettings {
  /** Undefined: in development only. */
  readonly enabled: boolean | undefined;
  readonly apiOrigin: string;
  readonly projectDir: string | undefined;
}

/** Options checked and completed; what one registration of the provider works with. */
export class VercelSettings extends ProviderSettings {
  readonly reportingUser: string | undefined;
  readonly reportingTags: readonly string[];
  /** Whether routing options that are not known here are refused. */
  readonly strictRouting: boolean;
  readonly oidc: OidcSettings;
  // Private, so that printing the settings shows no credentials of upstreams.
  readonly #routing: GatewayRouting | undefined;

  /** @throws ConfigurationError */
  constructor(options: VercelOptions = {}) {
    const parsed = parseVercelOptions(options);
    super(parsed, {
      provider: 'vercel',
      base: baseUrlOf(
        {
          provider: 'vercel',
          option: parsed.baseUrl,
          variable: 'AI_GATEWAY_BASE_URL',
          env: parsed.env ?? process.env,
          fallback: DEFAULT_BASE_URL,
        },
        readBaseUrl,
      ),
      manifest: new URL('../package.json', import.meta.url),
      headers: ownHeaders(parsed),
      keyHeader: (key) => ({ authorization: `Bearer ${key}` }),
    });
    this.reportingUser = parsed.reporting?.user;
    this.reportingTags = parsed.reporting?.tags ?? [];
    this.#routing = parsed.routing === undefined ? undefined : { ...parsed.routing };
    this.strictRouting = parsed.strictRouting ?? true;
    const { refresh: enabled, apiUrl = DEFAULT_API_URL, projectDir } = parsed.oidc ?? {};
    this.oidc = { enabled, apiOrigin: new URL(apiUrl.trim()).origin, projectDir };
  }

  get routing(): GatewayRouting | undefined {
    return this.#routing;
  }
}
