import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { type Clock, CONTRACT_VERSION, type ProviderModule, type ProviderPlugin, within } from '@headrace/core/plugin';
import { resolve as resolveImport } from 'import-meta-resolve';
import { PluginFailedError } from './config-error.js';
import { loadModule } from './load-module.js';
import { reasonOf } from './reason-of.js';

/** How plugins are come by. */
export interface PluginTerms {
  /** Where packages are looked for, as an import in a file of this folder would. */
  readonly folder: string;
  readonly clock: Clock;
  /** For the import of a plugin, and again for what it makes, in ms. */
  readonly timeoutMs: number;
  /** Takes secrets out of a plugin's own words. */
  readonly redact: (text: string) => string;
}

/** A provider as a configuration has it, so far as its plugin must know. */
export interface PluginUse {
  /** The provider's id. */
  readonly id: string;
  /** Package, path beginning with a dot or slash, or the plugin itself. */
  readonly use: string | ProviderPlugin;
}

export const nameOfPlugin = ({ use }: PluginUse): string => (typeof use === 'string' ? use : '(given in code)');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const failed = (of: PluginUse, fault: string, cause?: unknown): PluginFailedError =>
  new PluginFailedError(of.id, nameOfPlugin(of), fault, cause === undefined ? {} : { cause });

/** What somebody else threw, where it tells no secret: who prints an error prints its cause. */
const harmless = (cause: unknown, redact: (text: string) => string): unknown => {
  try {
    // Not by its own way of being shown: that is code of the plugin, too.
    const told = inspect(cause, { depth: 8, customInspect: false });
    return redact(told) === told ? cause : undefined;
  } catch {
    return undefined;
  }
};

/** Looks at what a plugin gave: even a look may run its code. @throws PluginFailedError in place of whatever that throws */
const lookedAt = <T>(of: PluginUse, redact: (text: string) => string, look: () => T): T => {
  try {
    return look();
  } catch (cause) {
    if (cause instanceof PluginFailedError) throw cause;
    const fault = `threw when what it gave was looked at: ${redact(reasonOf(cause))}`;
    throw failed(of, fault, harmless(cause, redact));
  }
};

/** Runs a plugin's code with a limit of time. @throws PluginFailedError in place of whatever it throws */
export const guarded = async <T>(
  of: PluginUse,
  { clock, timeoutMs, redact }: PluginTerms,
  doing: string,
  run: () => T | PromiseLike<T>,
): Promise<T> => {
  const overdue = failed(of, `has not ${doing} within ${timeoutMs} ms.`);
  try {
    return await within(Promise.resolve().then(run), timeoutMs, clock, () => overdue);
  } catch (cause) {
    if (cause === overdue) throw overdue;
    throw failed(of, `threw when it was to be ${doing}: ${redact(reasonOf(cause))}`, harmless(cause, redact));
  }
};

const urlOf = (of: PluginUse, use: string, folder: string): string => {
  try {
    return resolveImport(use, pathToFileURL(`${folder}/headrace.config`).href);
  } catch (cause) {
    const code = isObject(cause) ? cause['code'] : undefined;
    if (code === 'ERR_MODULE_NOT_FOUND')
      throw failed(of, `is not installed where ${folder} finds packages. Install it there: npm install ${use}`, cause);
    throw failed(of, `cannot be found from ${folder}: ${reasonOf(cause)}`, cause);
  }
};

/** The rest of a sentence about a contract that is not ours, and what to do. */
const otherContract = (version: unknown): string => {
  const ours = `this core speaks ${CONTRACT_VERSION}.`;
  if (typeof version !== 'number') return `no version of the contract that it names; ${ours}`;
  const remedy = version > CONTRACT_VERSION ? 'Update @headrace/core.' : 'Update the plugin.';
  return `version ${version} of the contract; ${ours} ${remedy}`;
};

/** What the types promise, of somebody else's code. */
const checked = (of: PluginUse, plugin: unknown): ProviderPlugin => {
  if (!isObject(plugin)) throw failed(of, 'exports no `plugin`, so it is no plugin for a configuration.');
  const { contractVersion, optionsSchema, create } = plugin;
  if (contractVersion !== CONTRACT_VERSION) throw failed(of, `was written for ${otherContract(contractVersion)}`);
  const standard =
    isObject(optionsSchema) || typeof optionsSchema === 'function'
      ? Reflect.get(optionsSchema, '~standard')
      : undefined;
  if (!isObject(standard) || typeof standard['validate'] !== 'function')
    throw failed(of, 'has an `optionsSchema` that is no Standard Schema.');
  if (typeof create !== 'function') throw failed(of, 'has no function `create`.');
  // As it was looked at: what a member gives the next time is not known.
  return {
    contractVersion,
    optionsSchema: optionsSchema as ProviderPlugin['optionsSchema'],
    create: create.bind(plugin),
  };
};

/** @throws PluginFailedError */
export const loadPlugin = async (of: PluginUse, terms: PluginTerms): Promise<ProviderPlugin> => {
  const { use } = of;
  const look = (exported: () => unknown): ProviderPlugin => lookedAt(of, terms.redact, () => checked(of, exported()));
  if (typeof use !== 'string') return look(() => use);
  const url = urlOf(of, use, terms.folder);
  const exported = await guarded(of, terms, 'loaded', () => loadModule(url));
  return look(() => (isObject(exported) ? exported['plugin'] : undefined));
};

const checkModule = (of: PluginUse, module: unknown): ProviderModule => {
  if (!isObject(module) || typeof module['register'] !== 'function')
    throw failed(of, 'made something that is no provider module.');
  const { name, contractVersion } = module;
  if (name !== of.id) {
    const other = typeof name === 'string' ? `another name, ${JSON.stringify(name)}` : 'no name';
    throw failed(of, `made a provider of ${other}: it does not keep to the option \`id\`.`);
  }
  if (contractVersion !== CONTRACT_VERSION) throw failed(of, `made a module for ${otherContract(contractVersion)}`);
  return module as unknown as ProviderModule;
};

/** What a plugin made of options that its schema took. @throws PluginFailedError */
export const checkedModule = (
  of: PluginUse,
  module: unknown,
  { redact }: Pick<PluginTerms, 'redact'>,
): ProviderModule => lookedAt(of, redact, () => checkModule(of, module));
