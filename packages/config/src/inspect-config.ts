import { type ProviderPlugin, systemClock } from '@headrace/core/plugin';
import { configJsonSchema } from './config-schema.js';
import { loadPlugin } from './load-plugin.js';
import { isPlainObject } from './plain-object.js';
import { printableConfig } from './printable-config.js';
import { readSource } from './read-source.js';

export interface InspectOptions {
  /** The folder that names are relative to. Default: the folder of the process. */
  readonly from?: string;
  /** For the import of each plugin in ms. Default 10,000. */
  readonly pluginTimeoutMs?: number;
}

interface NamedPlugin {
  readonly id: string;
  readonly use: string | ProviderPlugin;
}

const usesOf = (value: unknown): readonly NamedPlugin[] => {
  const providers: unknown = isPlainObject(value) ? value['providers'] : undefined;
  if (!isPlainObject(providers)) return [];
  return Object.entries(providers).flatMap(([id, provider]) => {
    const use: unknown = isPlainObject(provider) ? provider['use'] : undefined;
    return typeof use === 'string' || isPlainObject(use) ? [{ id, use: use as NamedPlugin['use'] }] : [];
  });
};

const loadAll = async (
  uses: readonly NamedPlugin[],
  folder: string,
  { pluginTimeoutMs: timeoutMs = 10_000 }: InspectOptions,
): Promise<ReadonlyMap<string, ProviderPlugin>> => {
  const terms = { folder, clock: systemClock, timeoutMs, redact: (text: string) => text };
  return new Map(await Promise.all(uses.map(async (use) => [use.id, await loadPlugin(use, terms)] as const)));
};

/**
 * A configuration as it can be shown, secrets masked, and nothing looked up: variables and files stay references.
 * @throws ConfigFileError when it cannot be read; PluginFailedError
 */
export const showConfig = async (source: string | object, options: InspectOptions = {}): Promise<unknown> => {
  const { value, folder } = await readSource(source, options.from ?? process.cwd());
  return printableConfig(value, await loadAll(usesOf(value), folder, options));
};

/**
 * The JSON Schema (draft 07) of configurations, for editors, with the options of plugins.
 * @param plugins packages, whose options it is to know, or the file of a configuration that names them. Default: none
 * @throws ConfigFileError, PluginFailedError
 */
export const configSchema = async (
  plugins: readonly string[] | { readonly of: string } = [],
  options: InspectOptions = {},
): Promise<Readonly<Record<string, unknown>>> => {
  const from = options.from ?? process.cwd();
  if (!('of' in plugins)) {
    const uses = plugins.map((use) => ({ id: use, use }));
    return configJsonSchema(await loadAll(uses, from, options));
  }
  const { value, folder } = await readSource(plugins.of, from);
  const uses = usesOf(value).flatMap(({ use }) => (typeof use === 'string' ? [{ id: use, use }] : []));
  return configJsonSchema(await loadAll(uses, folder, options));
};
