import type { StateStore } from '@headrace/core/plugin';
import { type FakeClock, fakeClock } from '../clock/fake-clock.js';
import type { TestRunner } from '../conformance/conformance-spec.js';
import { describeCases } from './describe-cases.js';
import { leaseCases } from './lease-cases.js';
import { reservationCases } from './reservation-cases.js';
import { settlementCases } from './settlement-cases.js';
import { StoreBench, type StoreGroup } from './store-bench.js';
import { windowCases } from './window-cases.js';

const GROUPS: readonly StoreGroup[] = [reservationCases, settlementCases, windowCases, leaseCases];

/** What `describeStateStore` needs to know of a store. */
export interface StateStoreSpec {
  /** Title of the suite. */
  readonly name: string;
  /** A new store that holds nothing and goes by this clock, in which it is a Tuesday in March. Called for every case. */
  create(clock: FakeClock): StateStore | Promise<StateStore>;
  /** Called with the store when its case is over. */
  close?(store: StateStore): unknown;
  /** Cases to leave out, by their full name, and why. An unknown name is refused. */
  readonly except?: Readonly<Record<string, string>>;
}

/**
 * The contract of a `StateStore` as tests. Your test runner is passed in. Every case makes a store of its own; it need not
 * answer at once, and none of the cases waits for time to pass.
 *
 * @example
 * describeStateStore({ describe, it }, { name: 'acme', create: (clock) => new AcmeStore({ clock }) });
 * @throws TypeError when `except` names a case that does not exist.
 */
export const describeStateStore = (runner: TestRunner, spec: StateStoreSpec): void =>
  describeCases(runner, {
    title: `${spec.name} keeps the contract of a state store`,
    groups: GROUPS,
    except: spec.except,
    play: async (run) => {
      const clock = fakeClock(Date.UTC(2026, 2, 10, 14, 30));
      const store = await spec.create(clock);
      try {
        await run(new StoreBench(store, clock));
      } finally {
        await spec.close?.(store);
      }
    },
  });
