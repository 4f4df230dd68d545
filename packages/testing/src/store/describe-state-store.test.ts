import { describe, expect, it } from '@jest/globals';
import { MemoryStateStore } from '../../../core/src/limits/memory-state-store.js';
import type { TestRunner } from '../conformance/conformance-spec.js';
import { BrokenStore, type StoreBreach } from './__fixtures__/broken-store.js';
import { describeStateStore, type StateStoreSpec } from './describe-state-store.js';

type Play = () => Promise<void>;

/** Runs nothing: keeps the cases by name, and what was left out. */
const collectCases = (spec: StateStoreSpec): { cases: Map<string, Play>; skipped: string[] } => {
  const cases = new Map<string, Play>();
  const skipped: string[] = [];
  const runner: TestRunner = {
    describe: (_name, body) => body(),
    it: Object.assign((name: string, play: Play) => cases.set(name, play), {
      skip: (name: string) => skipped.push(name),
    }),
  };
  describeStateStore(runner, spec);
  return { cases, skipped };
};

const specOf = (breach?: StoreBreach): StateStoreSpec => ({
  name: 'memory',
  create: (clock) => {
    const good = new MemoryStateStore({ clock, maxAccounts: 1_000 });
    return breach === undefined ? good : new BrokenStore(good, breach);
  },
});

/** Each breach, and cases that must find it. */
const FOUND_BY: Readonly<Record<StoreBreach, readonly string[]>> = {
  'one-too-many': ['reserves up to the limit and not one more'],
  'one-too-few': [
    'reserves up to the limit and not one more',
    'says when there will be room in the minute, and keeps its word',
  ],
  'no-zero-check': ['lets a call of unknown size in while anything is left, and not after'],
  'part-of-an-op': ['takes all amounts of an op or none, and names every account without room in order'],
  'first-short-only': ['takes all amounts of an op or none, and names every account without room in order'],
  'all-ops-or-none': ['answers each op by itself, in order'],
  'looks-then-takes': ['never lets in more than the limit, however many ask at the same moment'],
  'one-account-for-all': ['keeps accounts apart, whatever their names'],
  'reading-takes': ['reads accounts in the order asked, zeros for those nobody used, and changes nothing by it'],
  'reads-sorted': ['reads accounts in the order asked, zeros for those nobody used, and changes nothing by it'],
  'keeps-what-was-reserved': [
    'puts what was used in the place of what was reserved',
    'gives back the whole of what was not used',
    'settles every account of a reservation at once',
  ],
  'keeps-a-little': ['gives back the whole of what was not used'],
  'first-account-settled': ['settles every account of a reservation at once'],
  'late-calls-forgotten': [
    'counts what was used by a call whose reservation it does not know',
    'counts what was used by a call whose lease was over before it ended',
  ],
  'no-under-estimates': [
    'says how an account without room stands',
    'adds up by how much calls used more than was reserved for them',
    'never has more used and reserved than the limit and the under-estimates',
  ],
  'floating-money': ['adds up exactly, also what is large'],
  'minute-for-ever': ['counts what was begun in the last minute, for 60 s and no longer than 61 s'],
  'minute-too-short': ['counts what was begun in the last minute, for 60 s and no longer than 61 s'],
  'minute-all-at-once': [
    'lets what was begun earlier in the minute go earlier',
    'says when there will be room in the minute, and keeps its word',
  ],
  'calendar-in-total': ['counts by the hour, the day and the month in UTC, and says when the next one begins'],
  'total-by-the-month': ['lets nothing go of what is limited in all'],
  'promises-a-time': ['names no time where it depends on calls under way'],
  'settles-in-the-present': [
    'counts a call in the hour in which it was reserved',
    'counts a call in the minute in which it was reserved',
  ],
  'leases-ignored': ['lets go of a reservation whose lease is over, and not before'],
  'leases-short': ['lets go of a reservation whose lease is over, and not before'],
  'renewals-ignored': ['keeps a reservation that is renewed for as long as it is'],
  'renewal-revives': ['takes no notice of renewals of what it does not know'],
};

const BREACHES = Object.keys(FOUND_BY) as StoreBreach[];

describe('the conformance suite of state stores', () => {
  it.each(BREACHES)('finds the breach %s', async (breach) => {
    const { cases } = collectCases(specOf(breach));
    for (const name of FOUND_BY[breach]) await expect(cases.get(name)?.()).rejects.toThrow();
  });

  it('has no case that cannot fail', () => {
    const found = new Set(Object.values(FOUND_BY).flat());
    expect([...collectCases(specOf()).cases.keys()].filter((name) => !found.has(name))).toEqual([]);
  });

  it('shows the cases that an author leaves out, with the reason, and refuses names that are none', () => {
    const name = 'lets nothing go of what is limited in all';
    const { cases, skipped } = collectCases({ ...specOf(), except: { [name]: 'it is a cache' } });
    expect([cases.has(name), skipped]).toEqual([false, [`${name} (left out: it is a cache)`]]);
    expect(() => collectCases({ ...specOf(), except: { 'is fast': 'no' } })).toThrow(
      "no case of the suite is named 'is fast'",
    );
  });

  it('closes the store of each case', async () => {
    let closed = 0;
    const { cases } = collectCases({ ...specOf(), close: () => (closed += 1) });
    for (const play of cases.values()) await play();
    expect(closed).toBe(cases.size);
  });
});
