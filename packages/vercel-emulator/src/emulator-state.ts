import { type Catalogue, createCatalogue } from './catalogue.js';
import { loadSeed } from './catalogue-seed.js';
import type { CredentialRules } from './credentials.js';
import { createEconomy, type Economy } from './economy.js';
import type { EmulatorClock, EmulatorOptions } from './emulator-options.js';
import { createFaultQueue, type FaultQueue } from './fault-queue.js';
import { createGenerationLog, type GenerationLog } from './generation-log.js';
import { createPromptCache, type PromptCache } from './prompt-cache.js';
import { checkProviderHealth } from './provider-health.js';
import { type Random, seededRandom } from './random.js';
import { createResponseStore, type ResponseStore } from './response-store.js';
import { createSpendLedger, type SpendLedger } from './spend-ledger.js';
import { systemClock } from './system-clock.js';

const DEFAULT_BODY_BYTES = 32 * 1024 * 1024;

/** What all requests of one emulator share. */
export interface EmulatorState {
  readonly clock: EmulatorClock;
  readonly random: Random;
  readonly credentials: CredentialRules;
  readonly economy: Economy;
  readonly providerHealth: ReadonlyMap<string, 'degraded' | 'down'>;
  readonly generations: GenerationLog;
  readonly spend: SpendLedger;
  readonly promptCache: PromptCache;
  readonly responses: ResponseStore;
  readonly faults: FaultQueue;
  readonly tokensPerSecond: number;
  readonly framesPerWrite: number;
  readonly strictParameters: boolean;
  readonly generationDelayMs: number;
  readonly maxBodyBytes: number;
  /** Reads the seed on first use. */
  catalogue(): Promise<Catalogue>;
}

export function createState(options: EmulatorOptions): EmulatorState {
  const faults = createFaultQueue();
  faults.add(options.faults ?? []);
  let catalogue: Promise<Catalogue> | undefined;
  const clock = options.clock ?? systemClock;
  return {
    clock,
    random: seededRandom(options.seed ?? 1),
    credentials: { apiKeys: options.apiKeys, acceptOidc: options.acceptOidc ?? true },
    economy: createEconomy(options.balance ?? '100', options.account),
    providerHealth: checkProviderHealth(options.providerHealth ?? {}),
    generations: createGenerationLog(),
    spend: createSpendLedger(),
    promptCache: createPromptCache(),
    responses: createResponseStore(),
    faults,
    tokensPerSecond: options.tokensPerSecond ?? 0,
    framesPerWrite: Math.max(1, options.framesPerWrite ?? 1),
    strictParameters: options.strictParameters ?? false,
    generationDelayMs: options.generationDelayMs ?? 0,
    maxBodyBytes: options.maxBodyBytes ?? DEFAULT_BODY_BYTES,
    catalogue() {
      catalogue ??= loadSeed().then((seed) => createCatalogue(seed, options.aliases, () => clock.now()));
      return catalogue;
    },
  };
}
