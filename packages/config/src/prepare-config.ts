import { type GatewayOptions, type InputIssue, policiesSchema } from '@headrace/core';
import { type Clock, issuesOf, nearest } from '@headrace/core/plugin';
import { checkOptions, jsonSchemaOf } from './check-options.js';
import { type ConfigDocument, faultsIn } from './config-document.js';
import type { PluginFailedError } from './config-error.js';
import { type OwnConfig, ownSchema } from './config-schema.js';
import { isPlainObject, valueAt } from './plain-object.js';
import { adviceOn, inPlainWords } from './plain-words.js';
import { type ProviderSetup, type ReadyProvider, setUpProvider } from './provider-setup.js';
import { type Environment, resolveReferences, withoutSecrets } from './references.js';
import { withTypedReferences } from './typed-references.js';

export interface PrepareTerms {
  readonly env: Environment;
  readonly clock: Clock;
  readonly pluginTimeoutMs: number;
  readonly brokenPlugins: 'fail' | 'leave-out';
}

/** A configuration that was found right as far as that can be told without a gateway. */
export interface PreparedConfig {
  readonly document: ConfigDocument;
  /** With references followed; never to be printed. */
  readonly value: unknown;
  readonly policies: Omit<GatewayOptions, 'providers'>;
  /** In the order of the file. */
  readonly setups: readonly ProviderSetup[];
  readonly redact: (text: string) => string;
}

const OWN = ['$schema', 'providers'];

const ownIssues = (value: unknown): { readonly own?: OwnConfig; readonly issues: readonly InputIssue[] } => {
  const parsed = ownSchema.safeParse(value);
  if (parsed.success) return { own: parsed.data, issues: [] };
  return { issues: issuesOf(parsed.error, [], 'config').map((issue) => ({ ...issue, ...nearestOwn(issue) })) };
};

/** Fields of a provider are few: `uses` and `option` are answered too. */
const nearestOwn = ({ field, message }: InputIssue): Pick<InputIssue, 'remedy'> | undefined => {
  if (message !== 'is not a known field.') return undefined;
  const [name] = nearest(field.slice(field.lastIndexOf('.') + 1), ['use', 'options'], 1);
  return name === undefined ? undefined : { remedy: `Did you mean "${name}"?` };
};

/** A misspelt `providers` is no policy that nobody knows. */
const policyIssues = (
  policies: Readonly<Record<string, unknown>>,
  document: ConfigDocument,
): Promise<readonly InputIssue[]> => checkOptions(policiesSchema(), policies, [], document, OWN);

/** A field that is not there because its name is misspelt is told of once. */
const withoutMisspelt = (issues: readonly InputIssue[]): readonly InputIssue[] => {
  const isMisspelt = ({ field }: InputIssue): boolean =>
    issues.some(({ remedy }) => remedy === `Did you mean "${field}"?`);
  return issues.filter((issue) => !(issue.message.startsWith('is needed') && isMisspelt(issue)));
};

/** In words for who wrote the file. */
const inWordsOfFile = (
  issues: readonly InputIssue[],
  { fields, value }: Pick<ConfigDocument, 'fields' | 'value'>,
): readonly InputIssue[] =>
  withoutMisspelt(
    issues.map((issue) => {
      const path = fields.get(issue.field)?.path;
      const message = inPlainWords(issue.message);
      const advice = issue.remedy ?? (path === undefined ? undefined : adviceOn(message, valueAt(value, path)));
      return { ...issue, message, ...(advice === undefined ? {} : { remedy: advice }) };
    }),
  );

/** A whole file that holds something else than fields. */
const notFields = (value: unknown): InputIssue => ({
  field: 'file',
  message:
    value === undefined || value === null
      ? 'is empty: a configuration begins with `providers:`.'
      : `must hold fields, the first of them \`providers\`, and holds ${Array.isArray(value) ? 'a list' : 'something else'}.`,
});

const asIssue = ({ provider, plugin, fault }: PluginFailedError): InputIssue => ({
  field: `providers.${provider}.use`,
  message: `the plugin "${plugin}" ${fault}`,
});

/**
 * Follows the references of a configuration, loads its plugins, and checks everything that can be checked at once.
 * @param kept providers that were made before, by id
 * @throws ConfigFileError naming every fault with its place; PluginFailedError when nothing but one plugin is at fault
 */
export const prepareConfig = async (
  document: ConfigDocument,
  { env, clock, pluginTimeoutMs: timeoutMs, brokenPlugins }: PrepareTerms,
  kept: ReadonlyMap<string, ReadyProvider> = new Map(),
): Promise<PreparedConfig> => {
  if (!isPlainObject(document.value)) throw faultsIn(document, [notFields(document.value)]);
  const { value: resolved, issues: unresolved, whole, secrets } = await resolveReferences(document, env);
  // What a reference leads to is not known: whatever else is said of it would be about the reference.
  if (unresolved.length > 0) throw faultsIn(document, unresolved);
  const redact = (text: string): string => withoutSecrets(text, secrets);
  const schema = whole.length === 0 ? undefined : jsonSchemaOf(policiesSchema());
  const { value, issues: untyped } = withTypedReferences(resolved, whole, schema);
  // What else is said of a place that holds the wrong kind of thing is the same once more.
  const mistyped = new Set(untyped.map(({ field }) => field));
  const { providers: _, $schema: __, ...policies } = value as Readonly<Record<string, unknown>>;
  const { own, issues } = ownIssues(value);
  const terms = { folder: document.folder, clock, timeoutMs, redact };
  const [policyFaults, setups] = await Promise.all([
    policyIssues(policies, document),
    Promise.all(
      Object.entries(own?.providers ?? {}).map(([id, config]) =>
        setUpProvider(id, config, { ...document, whole }, terms, kept.get(id)),
      ),
    ),
  ]);
  const others = [...issues, ...policyFaults].filter(({ field }) => !mistyped.has(field));
  const found = [...untyped, ...others, ...setups.flatMap((setup) => setup.issues)];
  const faults = inWordsOfFile(found, document);
  const failures = brokenPlugins === 'fail' ? setups.flatMap(({ failure }) => failure ?? []) : [];
  const [failure, ...more] = failures;
  if (faults.length === 0 && failure !== undefined && more.length === 0) throw failure;
  if (faults.length > 0 || failures.length > 0)
    throw faultsIn(document, [...faults, ...failures.map(asIssue)], failure);
  return { document, value, policies: policies as Omit<GatewayOptions, 'providers'>, setups, redact };
};
