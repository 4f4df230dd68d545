import { resolve } from 'node:path';
import { createGateway, type Gateway, type GatewayOptions, type StateStore } from '@headrace/core';
import { type ProviderPlugin, systemClock } from '@headrace/core/plugin';
import { buildGateway } from './build-gateway.js';
import { type ConfigChange, changesBetween } from './config-changes.js';
import { ConfigFileError, PluginFailedError } from './config-error.js';
import { type PreparedConfig, type PrepareTerms, prepareConfig } from './prepare-config.js';
import type { ProviderSetup, ReadyProvider } from './provider-setup.js';
import { isText, readSource } from './read-source.js';
import { reasonOf } from './reason-of.js';
import type { Environment } from './references.js';
import { watchFile } from './watch-file.js';

/** Options of a gateway that no file of text can hold. They go over those of the configuration. */
export interface HostOptions
  extends Pick<
    GatewayOptions,
    'middleware' | 'onReceipt' | 'receipts' | 'observers' | 'onHookError' | 'clock' | 'random'
  > {
  /** Where the sums of `limits` are kept; has a meaning only where the configuration has `limits`. */
  readonly limitsStore?: StateStore;
}

/** A configuration as a value: what a file of YAML holds, or what a module exports as default. */
export interface GatewayConfig extends Omit<GatewayOptions, 'providers'> {
  readonly $schema?: string;
  /** By id, which is the prefix in model references. */
  readonly providers: Readonly<
    Record<
      string,
      {
        /** Package of the plugin, path of a module that begins with a dot or slash, or the plugin itself. */
        readonly use: string | ProviderPlugin<never>;
        /** As the plugin takes them, without `id`. */
        readonly options?: Readonly<Record<string, unknown>>;
      }
    >
  >;
}

/** How a reload ended: with what has changed, or with an error and everything as it was. */
export type ReloadReport = { readonly changes: readonly ConfigChange[] } | { readonly error: unknown };

export interface LoadOptions {
  /** The folder that relative names are looked for from. Default: the folder of the process; of a file, its own. */
  readonly from?: string;
  /** Where `${NAME}` is looked up. Default `process.env`. */
  readonly env?: Environment;
  /** What code gives besides. */
  readonly host?: HostOptions;
  /** For the import of a plugin, for its check of options and for making its provider, each: in ms. Default 10,000. */
  readonly pluginTimeoutMs?: number;
  /**
   * What a plugin leads to that cannot be loaded, throws, hangs or gives nonsense: `fail` (default) the whole load, or
   * `leave-out` its provider, whose calls then fail while all others serve.
   */
  readonly brokenPlugins?: 'fail' | 'leave-out';
  /** Whether a file of YAML or JSON is loaded again when it changes. Default false. */
  readonly watch?: boolean;
  /** Hears how each reload ended that a change of the file began. Default: failures are told as a warning of the process. */
  readonly onReload?: (report: ReloadReport) => void;
}

/** A gateway that knows where it comes from. */
export interface LoadedGateway extends Gateway {
  /**
   * Reads the file again, with variables and files that it names, and goes on by it: see `ReloadableGateway.reload` of core.
   * Providers whose plugin and options are the same stay. Resolves with what has changed: nothing at all, nothing is done.
   * @throws ConfigFileError, PluginFailedError when it is wrong: then everything stays as it was
   */
  reload(): Promise<readonly ConfigChange[]>;
  /** Plugins that were left out. */
  readonly leftOut: readonly PluginFailedError[];
}

const warn = (report: ReloadReport): void => {
  if (!('error' in report)) return;
  process.emitWarning(`The configuration stays as it was. ${reasonOf(report.error)}`, {
    type: 'HeadraceWarning',
    code: 'HEADRACE_RELOAD_FAILED',
  });
};

const optionsWith = (options: GatewayOptions, host: HostOptions = {}): GatewayOptions => {
  const { limitsStore, ...given } = host;
  const { limits } = options;
  return {
    ...options,
    ...given,
    ...(limits === undefined || limitsStore === undefined ? {} : { limits: { ...limits, store: limitsStore } }),
  };
};

/** A configuration and where its gateway stands. */
class Loader {
  #prepared: PreparedConfig | undefined;
  #kept: ReadonlyMap<string, ReadyProvider> = new Map();
  leftOut: readonly PluginFailedError[] = [];
  #running: Promise<readonly ConfigChange[]> | undefined;
  #queued: Promise<readonly ConfigChange[]> | undefined;

  constructor(
    private readonly source: string | object,
    private readonly options: LoadOptions,
  ) {}

  async load<T>(make: (options: GatewayOptions) => T): Promise<T> {
    const prepared = await this.#prepare();
    return this.#build(prepared, make);
  }

  /** One at a time; who asks while one is under way gets the next one, together with all who ask meanwhile. */
  reload(swap: (options: GatewayOptions) => void): Promise<readonly ConfigChange[]> {
    if (this.#running === undefined) {
      this.#running = this.#reload(swap).finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    const again = async (): Promise<readonly ConfigChange[]> => {
      this.#queued = undefined;
      return this.reload(swap);
    };
    this.#queued ??= this.#running.catch(() => {}).then(again);
    return this.#queued;
  }

  async #reload(swap: (options: GatewayOptions) => void): Promise<readonly ConfigChange[]> {
    if (typeof this.source === 'string' && !isText(this.source))
      throw new ConfigFileError(this.source, [
        { field: 'file', message: 'is a module, which a process loads once.', remedy: 'Start the process anew.' },
      ]);
    const prepared = await this.#prepare();
    const changes = changesBetween(this.#prepared?.value, prepared.value);
    if (changes.length > 0) await this.#build(prepared, swap);
    return changes;
  }

  async #prepare(): Promise<PreparedConfig> {
    const {
      from = process.cwd(),
      env = process.env,
      pluginTimeoutMs = 10_000,
      brokenPlugins = 'fail',
      host,
    } = this.options;
    const terms: PrepareTerms = { env, clock: host?.clock ?? systemClock, pluginTimeoutMs, brokenPlugins };
    return prepareConfig(await readSource(this.source, from), terms, this.#kept);
  }

  async #build<T>(prepared: PreparedConfig, make: (options: GatewayOptions) => T): Promise<T> {
    const { brokenPlugins = 'fail', host } = this.options;
    const { made, setups, leftOut } = await buildGateway(prepared, brokenPlugins, (options) =>
      make(optionsWith(options, host)),
    );
    this.#prepared = prepared;
    this.#kept = new Map(setups.flatMap(({ id, ready }: ProviderSetup) => (ready === undefined ? [] : [[id, ready]])));
    this.leftOut = leftOut;
    return made;
  }
}

/**
 * A gateway from a file of YAML, JSON, JavaScript or, with the package `jiti`, TypeScript; or from the same as an object.
 * Plugins are imported from where the file is. Nothing is sent.
 * @throws ConfigFileError naming every fault with its line; PluginFailedError
 */
export const loadGateway = async (
  source: string | GatewayConfig,
  options: LoadOptions = {},
): Promise<LoadedGateway> => {
  const loader = new Loader(source, options);
  const gateway = await loader.load(createGateway);
  const [swap, dispose] = [gateway.reload.bind(gateway), gateway.dispose.bind(gateway)];
  const { host, from = process.cwd() } = options;
  let isDisposed = false;
  const report = (end: ReloadReport): void => {
    // What was under way when the gateway was disposed is nobody's affair.
    if (isDisposed) return;
    try {
      (options.onReload ?? warn)(end);
    } catch (error) {
      process.emitWarning(`\`onReload\` threw: ${reasonOf(error)}`, {
        type: 'HeadraceWarning',
        code: 'HEADRACE_HOOK_FAILED',
      });
    }
  };
  let lastFault: string | undefined;
  const onChange = async (): Promise<void> => {
    try {
      const changes = await loader.reload(swap);
      lastFault = undefined;
      if (changes.length > 0) report({ changes });
    } catch (error) {
      const fault = reasonOf(error);
      // Something else in the folder has changed, and the file is as wrong as it was.
      if (fault !== lastFault) report({ error });
      lastFault = fault;
    }
  };
  let stopWatching: (() => void) | undefined;
  if (options.watch === true && typeof source === 'string' && isText(source)) {
    try {
      stopWatching = watchFile(resolve(from, source), {
        clock: host?.clock ?? systemClock,
        onError: (error) => report({ error }),
        onChange: () => void onChange(),
      });
    } catch (cause) {
      await dispose();
      throw new ConfigFileError(source, [{ field: 'file', message: `cannot be watched: ${reasonOf(cause)}` }], {
        cause,
      });
    }
  }
  // The same object with other members: a wrapper would have to repeat every kind of call there is and will be.
  return Object.defineProperties(gateway as unknown as LoadedGateway, {
    reload: { value: () => loader.reload(swap) },
    leftOut: { get: () => loader.leftOut },
    dispose: {
      value: () => {
        isDisposed = true;
        stopWatching?.();
        return dispose();
      },
    },
  });
};
