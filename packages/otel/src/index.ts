/**
 * OpenTelemetry for Headrace: spans and metrics of calls. The SDK and its exporters are the host's.
 * @packageDocumentation
 */
export { type OpenTelemetryOptions, openTelemetry } from './open-telemetry.js';
