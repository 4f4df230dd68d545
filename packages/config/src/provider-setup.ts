import { isDeepStrictEqual } from 'node:util';
import type { ConfigurationError, InputIssue, ProviderModule } from '@headrace/core';
import { fieldOf, type ProviderPlugin } from '@headrace/core/plugin';
import { checkOptions, jsonSchemaOf } from './check-options.js';
import type { ConfigDocument } from './config-document.js';
import { isConfigurationError, PluginFailedError } from './config-error.js';
import type { ProviderConfig } from './config-schema.js';
import { checkedModule, guarded, loadPlugin, type PluginTerms } from './load-plugin.js';
import { copied } from './plain-object.js';
import type { WholeReference } from './references.js';
import { withTypedReferences } from './typed-references.js';

/** One provider of a configuration, made. */
export interface ReadyProvider {
  readonly id: string;
  readonly config: ProviderConfig;
  readonly plugin: ProviderPlugin;
  readonly module: ProviderModule;
}

/** What became of one provider of a configuration. */
export interface ProviderSetup {
  readonly id: string;
  readonly config: ProviderConfig;
  readonly ready?: ReadyProvider;
  readonly issues: readonly InputIssue[];
  /** The plugin itself is at fault. */
  readonly failure?: PluginFailedError;
}

/** What a plugin says of its options, in the words of the file. */
const asIssues = (error: ConfigurationError, base: string, redact: (text: string) => string): readonly InputIssue[] =>
  error.issues.map(({ field, message, remedy }) => ({
    field: field.startsWith('[') ? `${base}${field}` : `${base}.${field}`,
    message: redact(message),
    ...(remedy === undefined ? {} : { remedy: redact(remedy) }),
  }));

/** The faults of options in an error of a plugin; nothing where it is another error, or says nonsense. */
const faultsOf = (
  cause: unknown,
  base: string,
  redact: (text: string) => string,
): readonly InputIssue[] | undefined => {
  try {
    return isConfigurationError(cause) ? asIssues(cause, base, redact) : undefined;
  } catch {
    return undefined;
  }
};

const ID_TWICE: Omit<InputIssue, 'field'> = {
  message: "is the provider's name in `providers` already.",
  remedy: 'Take it out.',
};

/** What is known of how the configuration is written. */
interface Written extends Pick<ConfigDocument, 'fields'> {
  readonly whole: readonly WholeReference[];
}

/**
 * Loads the plugin of one provider, checks its options and makes its module. Settles whatever the plugin does.
 * @param kept the provider as it was made before: with the same plugin and options it stays
 */
export const setUpProvider = async (
  id: string,
  config: ProviderConfig,
  document: Written,
  terms: PluginTerms,
  kept: ReadyProvider | undefined,
): Promise<ProviderSetup> => {
  if (kept !== undefined && isDeepStrictEqual(kept.config, config)) return { id, config, ready: kept, issues: [] };
  const of = { id, use: config.use };
  const base = ['providers', id, 'options'];
  try {
    const plugin = await loadPlugin(of, terms);
    const twice: readonly InputIssue[] =
      config.options !== undefined && Object.hasOwn(config.options, 'id')
        ? [{ field: fieldOf([...base, 'id'], ''), ...ID_TWICE }]
        : [];
    const { value: options, issues: untyped } = withTypedReferences(
      // A copy: what a plugin does to its options is its own affair.
      { ...(copied(config.options) as ProviderConfig['options']), id },
      document.whole,
      document.whole.length === 0 ? undefined : jsonSchemaOf(plugin.optionsSchema),
      base,
    );
    const wrong = await guarded(of, terms, 'asked about its options', () =>
      checkOptions(plugin.optionsSchema, options, base, document),
    );
    const mistyped = new Set(untyped.map(({ field }) => field));
    const issues = [...twice, ...untyped, ...wrong.filter(({ field }) => !mistyped.has(field))];
    if (issues.length > 0) return { id, config, issues };
    const made = await guarded(of, terms, 'set up', () => plugin.create(options));
    return { id, config, ready: { id, config, plugin, module: checkedModule(of, made, terms) }, issues: [] };
  } catch (error) {
    if (!(error instanceof PluginFailedError)) throw error;
    const issues = faultsOf(error.cause, fieldOf(base, ''), terms.redact);
    return issues === undefined ? { id, config, issues: [], failure: error } : { id, config, issues };
  }
};
