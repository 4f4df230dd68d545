import { baseUrlOf, type Headers, NO_HEADERS, ProviderSettings } from '@headrace/wire/provider';
import { type AnthropicOptions, parseAnthropicOptions } from './anthropic-options.js';
import { DEFAULT_BASE_URL, readBaseUrl } from './base-url.js';

/** Source: https://platform.claude.com/docs/en/api/versioning */
const API_VERSION = '2023-06-01';

const betaHeader = (betas: readonly string[]): Headers =>
  betas.length === 0 ? NO_HEADERS : { 'anthropic-beta': betas.join(',') };

/** Options checked and completed; what one registration of the provider works with. */
export class AnthropicSettings extends ProviderSettings {
  readonly betas: readonly string[];
  readonly strictBetas: boolean;
  readonly defaultMaxOutputTokens: number | undefined;
  readonly thinkingDisplay: AnthropicOptions['thinkingDisplay'];

  /** @throws ConfigurationError */
  constructor(options: AnthropicOptions = {}) {
    const parsed = parseAnthropicOptions(options);
    const { betas = [] } = parsed;
    super(parsed, {
      provider: 'anthropic',
      base: baseUrlOf(
        {
          provider: 'anthropic',
          option: parsed.baseUrl,
          variable: 'ANTHROPIC_BASE_URL',
          env: parsed.env ?? process.env,
          fallback: DEFAULT_BASE_URL,
        },
        readBaseUrl,
      ),
      manifest: new URL('../package.json', import.meta.url),
      headers: { 'anthropic-version': API_VERSION, ...betaHeader(betas) },
      keyHeader: (key) => ({ 'x-api-key': key }),
    });
    this.betas = betas;
    this.strictBetas = parsed.strictBetas ?? true;
    this.defaultMaxOutputTokens = parsed.defaultMaxOutputTokens;
    this.thinkingDisplay = parsed.thinkingDisplay;
  }

  /** The header of a call that names betas beside those of all; `NO_HEADERS` for one that names none. */
  headersFor(betas: readonly string[]): Headers {
    return betas.length === 0 ? NO_HEADERS : betaHeader([...new Set([...this.betas, ...betas])]);
  }
}
