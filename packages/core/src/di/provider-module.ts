import type { PluginScope } from './plugin-scope.js';

/** The version of the plugin contract this core speaks. */
export const CONTRACT_VERSION = 1;

/** What a plugin's factory returns: `createGateway({ providers: [vercel()] })`. */
export interface ProviderModule {
  /** The provider's id. */
  readonly name: string;
  /** The contract the plugin was written for. */
  readonly contractVersion: typeof CONTRACT_VERSION;
  /** Says what the plugin provides. Not async: a promise in return is refused. */
  register(scope: PluginScope): void;
}
