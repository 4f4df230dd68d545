/**
 * Gateways from files of configuration.
 * @packageDocumentation
 */
export type { ConfigChange } from './config-changes.js';
export { ConfigFileError, type ConfigIssue, type Place, PluginFailedError } from './config-error.js';
export { configSchema, type InspectOptions, showConfig } from './inspect-config.js';
export {
  type GatewayConfig,
  type HostOptions,
  type LoadedGateway,
  type LoadOptions,
  loadGateway,
  type ReloadReport,
} from './load-gateway.js';
export type { Environment } from './references.js';
