import type { Clock } from '../contract/clock.js';
import type { DecisionTable } from '../pipeline/decision-table.js';
import { lazySource } from '../pipeline/lazy-source.js';
import type { LearnedLatencies } from '../pipeline/learned-latencies.js';
import type { Stage } from '../pipeline/stage.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import type { HedgeLedger } from './hedge-ledger.js';
import type { HedgingOptions } from './hedge-options.js';
import type { Hedger } from './hedger.js';

/** What was spent on second attempts: for the life of a gateway, and made by the first call that may have one. */
export class HedgeAccounts {
  #ledger: Promise<HedgeLedger> | undefined;

  constructor(private readonly clock: Clock) {}

  load(): Promise<HedgeLedger> {
    this.#ledger ??= import('./hedger.js').then((module) => new module.HedgeLedger(this.clock));
    return this.#ledger;
  }
}

/** What second attempts of one generation go by. */
export interface HedgingTerms {
  /** Of the gateway; absent where only routes have some. */
  readonly options: HedgingOptions | undefined;
  readonly learned: LearnedLatencies;
  readonly accounts: HedgeAccounts;
  readonly models: ModelRegistry;
  readonly table: DecisionTable;
  readonly clock: Clock;
}

/** The hedging of one generation, loaded by the first call that may have it. */
export class Hedging {
  #hedger: Promise<Hedger> | undefined;

  constructor(readonly terms: HedgingTerms) {}

  load(): Promise<Hedger> {
    this.#hedger ??= this.#load();
    return this.#hedger;
  }

  async #load(): Promise<Hedger> {
    const { options, learned, accounts, clock } = this.terms;
    const isPriced = options?.maxUsdPerHour !== undefined;
    const [{ Hedger: Made }, latencies, ledger, price] = await Promise.all([
      import('./hedger.js'),
      learned.load(),
      accounts.load(),
      isPriced ? import('./highest-price.js') : undefined,
    ]);
    return new Made({ options, latencies, ledger, clock, priceOf: price?.highestPrice(clock) });
  }
}

/** Around the plan stage: a second attempt for models that are named, at the same target. Routes have their own. */
export const hedgeStage =
  (hedging: Hedging): Stage =>
  (next) => {
    const hedged = lazySource(async () => {
      const [{ hedgedModel }, hedger] = await Promise.all([import('./hedged-model.js'), hedging.load()]);
      return hedgedModel(hedger, hedging.terms, next);
    });
    return (request, scope) => {
      const isStream = request.kind === 'completion' && request.delivery === 'stream';
      return (isStream || scope.facts.hedging ? hedged : next)(request, scope);
    };
  };
