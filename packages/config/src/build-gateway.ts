import { type ConfigurationError, createGateway, type GatewayOptions, type ProviderModule } from '@headrace/core';
import { absentProvider } from './absent-provider.js';
import { faultsIn } from './config-document.js';
import { isConfigurationError, PluginFailedError } from './config-error.js';
import { nameOfPlugin } from './load-plugin.js';
import type { PreparedConfig } from './prepare-config.js';
import type { ProviderSetup } from './provider-setup.js';
import { reasonOf } from './reason-of.js';

/** What was made of a configuration, and the plugins that had no part in it. */
export interface BuiltGateway<T> {
  readonly made: T;
  readonly setups: readonly ProviderSetup[];
  readonly leftOut: readonly PluginFailedError[];
}

const moduleOf = ({ ready, failure }: ProviderSetup): readonly ProviderModule[] =>
  ready !== undefined ? [ready.module] : failure !== undefined ? [absentProvider(failure)] : [];

/** Whether a provider can be built by itself: what it throws is then its own fault. */
const alone = (setup: ProviderSetup, redact: (text: string) => string): ProviderSetup => {
  const { ready, id, config } = setup;
  if (ready === undefined) return setup;
  try {
    // Not waited for: nothing was opened, and a plugin may never be done with closing.
    void createGateway({ providers: [ready.module] })
      .dispose()
      .catch(() => undefined);
    return setup;
  } catch (error) {
    const reason = redact(reasonOf(error));
    const plugin = nameOfPlugin({ id, use: config.use });
    return { id, config, issues: [], failure: new PluginFailedError(id, plugin, `cannot be used: ${reason}`) };
  }
};

/** The wording of core, of a gateway that was written in code, in that of a file. */
const asWritten = (prepared: PreparedConfig, error: ConfigurationError): Error =>
  faultsIn(
    prepared.document,
    error.issues.map((issue) => ({ ...issue, message: prepared.redact(issue.message) })),
  );

/**
 * Makes something of the options that a configuration comes to. Where a plugin turns out to be broken only now, it is named,
 * or left out and the rest made without it.
 * @throws ConfigFileError, PluginFailedError
 */
export const buildGateway = async <T>(
  prepared: PreparedConfig,
  brokenPlugins: 'fail' | 'leave-out',
  make: (options: GatewayOptions) => T,
): Promise<BuiltGateway<T>> => {
  const attempt = (setups: readonly ProviderSetup[]): BuiltGateway<T> => ({
    made: make({ ...prepared.policies, providers: setups.flatMap(moduleOf) }),
    setups,
    leftOut: setups.flatMap(({ failure }) => failure ?? []),
  });
  try {
    return attempt(prepared.setups);
  } catch (error) {
    const setups = prepared.setups.map((setup) => alone(setup, prepared.redact));
    const broken = setups.flatMap(({ failure }, at) =>
      prepared.setups[at]?.failure === failure ? [] : (failure ?? []),
    );
    const [failure] = broken;
    if (failure !== undefined && brokenPlugins === 'fail') throw failure;
    if (failure === undefined) throw isConfigurationError(error) ? asWritten(prepared, error) : error;
    try {
      return attempt(setups);
    } catch (second) {
      throw isConfigurationError(second) ? asWritten(prepared, second) : second;
    }
  }
};
