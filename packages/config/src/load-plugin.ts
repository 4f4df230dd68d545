import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { type Clock, CONTRACT_VERSION, type ProviderModule, type ProviderPlugin, within } from '@headrace/core/plugin';
import { resolve as resolveImport } from 'import-meta-resolve';
import { PluginFailedError } from './config-error.js';
import { loadModule } from './load-module.js';

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

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause)).trim();

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
    // Who prints an error prints its cause: one that tells secrets stays here.
    const told = inspect(cause, { depth: 8 });
    const fault = `threw when it was to be ${doing}: ${redact(reasonOf(cause))}`;
    throw failed(of, fault, redact(told) === told ? cause : undefined);
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

/** What the types promise, of somebody else's code. */
const checked = (of: PluginUse, plugin: unknown): ProviderPlugin => {
  if (!isObject(plugin)) throw failed(of, 'exports no `plugin`, so it is no plugin for a configuration.');
  const { contractVersion, optionsSchema, create } = plugin;
  if (contractVersion !== CONTRACT_VERSION) {
    throw failed(
      of,
      `was written for version ${String(contractVersion)} of the contract; this core speaks ${CONTRACT_VERSION}. Install versions of core and plugin that belong together.`,
    );
  }
  const standard =
    isObject(optionsSchema) || typeof optionsSchema === 'function'
      ? Reflect.get(optionsSchema, '~standard')
      : undefined;
  if (!isObject(standard) || typeof standard['validate'] !== 'function')
    throw failed(of, 'has an `optionsSchema` that is no Standard Schema.');
  if (typeof create !== 'function') throw failed(of, 'has no function `create`.');
  return plugin as unknown as ProviderPlugin;
};

/** @throws PluginFailedError */
export const loadPlugin = async (of: PluginUse, terms: PluginTerms): Promise<ProviderPlugin> => {
  const { use } = of;
  if (typeof use !== 'string') return checked(of, use);
  const url = urlOf(of, use, terms.folder);
  const exported = await guarded(of, terms, 'loaded', () => loadModule(url));
  return checked(of, isObject(exported) ? exported['plugin'] : undefined);
};

/** What a plugin made of options that its schema took. @throws PluginFailedError */
export const checkedModule = (of: PluginUse, module: unknown): ProviderModule => {
  if (!isObject(module) || typeof module['register'] !== 'function')
    throw failed(of, 'made something that is no provider module.');
  if (module['name'] !== of.id)
    throw failed(
      of,
      `made a provider of another name, ${JSON.stringify(module['name'])}: it does not keep to the option \`id\`.`,
    );
  if (module['contractVersion'] !== CONTRACT_VERSION)
    throw failed(
      of,
      `made a module for version ${String(module['contractVersion'])} of the contract; this core speaks ${CONTRACT_VERSION}.`,
    );
  return module as unknown as ProviderModule;
};
