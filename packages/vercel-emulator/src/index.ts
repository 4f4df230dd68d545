export type { AccountRules } from './account-rules.js';
export type { EmulatorClock, EmulatorOptions, RecordedRequest, VercelEmulator } from './emulator-options.js';
export type { Fault, FaultStep } from './fault.js';
export { FAULT_HEADER, parseFaults } from './fault-header.js';
export type { ProviderHealth } from './provider-health.js';
export { PACE_HEADER } from './request-handler.js';
export { startVercelEmulator } from './start-vercel-emulator.js';
