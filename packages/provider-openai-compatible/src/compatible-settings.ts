import { baseUrlOf, ProviderSettings } from '@headrace/wire/provider';
import { type CompatibleOptions, parseCompatibleOptions, readBaseUrl } from './compatible-options.js';
import type { EndpointForm } from './endpoint-form.js';
import { ANY_ENDPOINT, PRESETS, type Preset } from './presets.js';

/** Without the members that are not given, so that they hide nothing below. */
const given = (form: EndpointForm): EndpointForm =>
  Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined));

/** Options checked and completed; what one registration of the provider works with. */
export class CompatibleSettings extends ProviderSettings {
  readonly preset: Preset;
  readonly form: EndpointForm;
  readonly keyVariable: string | undefined;
  readonly apiVersion: string | undefined;

  /** @throws ConfigurationError */
  constructor(options: CompatibleOptions = {}) {
    const parsed = parseCompatibleOptions(options);
    const preset: Preset = parsed.preset === undefined ? ANY_ENDPOINT : PRESETS[parsed.preset];
    const sources = { provider: 'openai-compatible', option: parsed.baseUrl, env: {}, fallback: preset.baseUrl ?? '' };
    super(parsed, {
      provider: 'openai-compatible',
      id: parsed.preset ?? 'openai-compatible',
      base: baseUrlOf(sources, readBaseUrl),
      manifest: new URL('../package.json', import.meta.url),
      keyHeader: (key): Readonly<Record<string, string>> =>
        preset.auth === 'api-key' ? { 'api-key': key } : { authorization: `Bearer ${key}` },
    });
    this.preset = preset;
    this.form = { ...preset.form, ...given(parsed.form ?? {}) };
    this.keyVariable = parsed.keyVariable ?? preset.keyVariable;
    this.apiVersion = parsed.apiVersion;
  }

  /** Path and query of a route such as `/chat/completions`. */
  pathOf(route: string, model: string): string {
    if (this.apiVersion === undefined) return `${this.prefix}${route}`;
    const base = this.prefix.endsWith('/openai') ? this.prefix : `${this.prefix}/openai`;
    return `${base}/deployments/${encodeURIComponent(model)}${route}?api-version=${this.apiVersion}`;
  }
}
