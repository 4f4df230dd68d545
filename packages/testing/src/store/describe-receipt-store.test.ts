import { describe, expect, it } from '@jest/globals';
import { MemoryReceiptStore } from '../../../core/src/receipts/memory-receipt-store.js';
import type { TestRunner } from '../conformance/conformance-spec.js';
import { BrokenReceipts, type ReceiptBreach } from './__fixtures__/broken-receipts.js';
import { describeReceiptStore, type ReceiptStoreSpec } from './describe-receipt-store.js';

type Play = () => Promise<void>;

/** Runs nothing: keeps the cases by name, and what was left out. */
const collectCases = (spec: ReceiptStoreSpec): { cases: Map<string, Play>; skipped: string[] } => {
  const cases = new Map<string, Play>();
  const skipped: string[] = [];
  const runner: TestRunner = {
    describe: (_name, body) => body(),
    it: Object.assign((name: string, play: Play) => cases.set(name, play), {
      skip: (name: string) => skipped.push(name),
    }),
  };
  describeReceiptStore(runner, spec);
  return { cases, skipped };
};

const specOf = (breach?: ReceiptBreach): ReceiptStoreSpec => ({
  name: 'memory',
  create: () => {
    const good = new MemoryReceiptStore({ maxReceipts: 101 });
    return breach === undefined ? good : new BrokenReceipts(good, breach);
  },
});

const REPLACED = 'puts a receipt in the place of one of the same id, as the newest';
const TENANTS = 'tells tenants apart, and calls without one, whatever they are called';
const TIMES = 'finds calls since a time, that time included, and until one, that one not included';

/** Each breach, and cases that must find it. */
const FOUND_BY: Readonly<Record<ReceiptBreach, readonly string[]>> = {
  'rounds-times': ['gives a receipt back as it came, with all that is in it'],
  'marks-what-it-gets': ['changes nothing of the receipt that it is given, which others hold too'],
  'ids-without-case': ['has none under an id that was never appended, whatever it looks like'],
  'any-id': [
    'has none under an id that was never appended, whatever it looks like',
    'gives a receipt back as it came, with all that is in it',
  ],
  'first-of-an-id': [REPLACED],
  'stays-in-its-place': [REPLACED],
  'reads-then-writes': ['keeps all that are appended at the same moment'],
  'undefined-fits-none': ['gives all where nothing is asked for, and where fields are there without a value'],
  'oldest-first': ['gives the one that was appended last first, whenever its call began'],
  'by-start': ['gives the one that was appended last first, whenever its call began'],
  'tenants-without-case': [TENANTS],
  'no-tenant-fits-all': [TENANTS],
  'references-by-beginning': ['finds calls by exactly what they asked for'],
  'failed-with-cancelled': ['finds calls by how they ended'],
  'since-is-left-out': [TIMES],
  'until-is-let-in': [TIMES],
  'any-field': ['finds only what fits all fields'],
  'takes-any-field': ['refuses fields that it does not know, where all receipts would be found otherwise'],
  'takes-any-time': ['refuses times that are no numbers of ms'],
  'all-on-one-page': ['have 100 receipts where nobody says how many, and say that there are more'],
  'next-is-filtered-late': ['go on to the end, with each receipt that fits once'],
  'always-a-next': ['name no next one when there are no more, also when the last of them is full'],
  'cursor-by-offset': ['go on at their place whatever is appended meanwhile'],
  'cursor-by-id': ['go on at their place when the last of one of them was appended again'],
  'takes-any-limit': ['are refused where their length is out of range'],
  'takes-any-cursor': ['are refused behind what is no cursor'],
};

const BREACHES = Object.keys(FOUND_BY) as ReceiptBreach[];

describe('the conformance suite of receipt stores', () => {
  it.each(BREACHES)('finds the breach %s', async (breach) => {
    const { cases } = collectCases(specOf(breach));
    for (const name of FOUND_BY[breach]) await expect(cases.get(name)?.()).rejects.toThrow();
  });

  it('has no case that cannot fail', () => {
    const found = new Set(Object.values(FOUND_BY).flat());
    expect([...collectCases(specOf()).cases.keys()].filter((name) => !found.has(name))).toEqual([]);
  });

  it('shows the cases that an author leaves out, with the reason, and refuses names that are none', () => {
    const name = 'refuses times that are no numbers of ms';
    const { cases, skipped } = collectCases({ ...specOf(), except: { [name]: 'the database does' } });
    expect([cases.has(name), skipped]).toEqual([false, [`${name} (left out: the database does)`]]);
    expect(() => collectCases({ ...specOf(), except: { 'is fast': 'no' } })).toThrow(
      "no case of the suite is named 'is fast'",
    );
  });

  it('closes the store of each case, also where the case fails', async () => {
    let closed = 0;
    const { cases } = collectCases({ ...specOf('oldest-first'), close: () => (closed += 1) });
    for (const play of cases.values()) await play().catch(() => {});
    expect(closed).toBe(cases.size);
  });
});
