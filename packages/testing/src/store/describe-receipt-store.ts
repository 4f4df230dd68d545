import type { ReceiptStore } from '@headrace/core/plugin';
import type { TestRunner } from '../conformance/conformance-spec.js';
import { describeCases } from './describe-cases.js';
import { keepingCases } from './keeping-cases.js';
import { pageCases } from './page-cases.js';
import { queryCases } from './query-cases.js';
import { ReceiptBench, type ReceiptGroup } from './receipt-bench.js';

const GROUPS: readonly ReceiptGroup[] = [keepingCases, queryCases, pageCases];

/** What `describeReceiptStore` needs to know of a store. */
export interface ReceiptStoreSpec {
  /** Title of the suite. */
  readonly name: string;
  /** A new store that holds nothing and has room for 101 receipts. Called for every case. */
  create(): ReceiptStore | Promise<ReceiptStore>;
  /** Called with the store when its case is over. */
  close?(store: ReceiptStore): unknown;
  /** Cases to leave out, by their full name, and why. An unknown name is refused. */
  readonly except?: Readonly<Record<string, string>>;
}

/**
 * The contract of a `ReceiptStore` as tests. Your test runner is passed in. Every case makes a store of its own; it may
 * answer with values or promises, and a receipt must be found once its `append` is done.
 *
 * @example
 * describeReceiptStore({ describe, it }, { name: 'acme', create: () => new AcmeReceipts() });
 * @throws TypeError when `except` names a case that does not exist.
 */
export const describeReceiptStore = (runner: TestRunner, spec: ReceiptStoreSpec): void =>
  describeCases(runner, {
    title: `${spec.name} keeps the contract of a receipt store`,
    groups: GROUPS,
    except: spec.except,
    play: async (run) => {
      const store = await spec.create();
      try {
        await run(new ReceiptBench(store));
      } finally {
        await spec.close?.(store);
      }
    },
  });
