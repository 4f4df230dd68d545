import { baseUrlOf, ProviderSettings } from '@headrace/wire/provider';
import { DEFAULT_BASE_URL, type GoogleOptions, parseGoogleOptions, readBaseUrl } from './google-options.js';

/** Options checked and completed; what one registration of the provider works with. */
export class GoogleSettings extends ProviderSettings {
  /** @throws ConfigurationError */
  constructor(options: GoogleOptions = {}) {
    const parsed = parseGoogleOptions(options);
    const sources = { provider: 'google', option: parsed.baseUrl, env: {}, fallback: DEFAULT_BASE_URL };
    super(parsed, {
      provider: 'google',
      base: baseUrlOf(sources, readBaseUrl),
      manifest: new URL('../package.json', import.meta.url),
      keyHeader: (key) => ({ 'x-goog-api-key': key }),
    });
  }
}
