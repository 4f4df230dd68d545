import assert from 'node:assert/strict';
import { seededRandom } from '../clock/random.js';
import { ask, type StoreGroup } from './store-bench.js';

/** Small whole numbers, the same in every run. */
const numbers = (seed: number): (() => number) => {
  const random = seededRandom(seed);
  return () => Math.floor(random() * 100);
};

export const settlementCases: StoreGroup = {
  subject: 'settlements',
  cases: [
    {
      name: 'puts what was used in the place of what was reserved',
      run: async (bench) => {
        for (const window of ['minute', 'hour', 'day', 'month', 'total'] as const) {
          const id = await bench.reserve(ask(window, 8, 10));
          await bench.settle(id, window, 3);
          assert.deepEqual(await bench.sums(window), [3, 0]);
          await bench.reserve(ask(window, 7, 10));
          await bench.refused(ask(window, 1, 10));
        }
      },
    },
    {
      name: 'gives back the whole of what was not used',
      run: async (bench) => {
        for (const window of ['open', 'minute', 'day', 'total'] as const) {
          const id = await bench.reserve(ask(window, 10, 10));
          await bench.settle(id, window, 0);
          assert.deepEqual(await bench.sums(window), [0, 0]);
          await bench.reserve(ask(window, 10, 10));
        }
      },
    },
    {
      name: 'settles every account of a reservation at once',
      run: async (bench) => {
        const id = await bench.reserve(ask('open', 1, 5), ask('minute', 40, 50), ask('total', 70, 100));
        await bench.store.settle([
          {
            op: 'settle',
            id,
            amounts: [
              { account: 'open', window: 'open', amount: 0 },
              { account: 'minute', window: 'minute', amount: 30 },
              { account: 'total', window: 'total', amount: 60 },
            ],
          },
        ]);
        const sums = [await bench.sums('open'), await bench.sums('minute'), await bench.sums('total')];
        assert.deepEqual(sums, [
          [0, 0],
          [30, 0],
          [60, 0],
        ]);
      },
    },
    {
      name: 'counts what was used by a call whose reservation it does not know',
      run: async (bench) => {
        await bench.settle(bench.newId(), 'total', 6);
        assert.deepEqual(await bench.sums('total'), [6, 0]);
        await bench.refused(ask('total', 5, 10));
      },
    },
    {
      name: 'adds up by how much calls used more than was reserved for them',
      run: async (bench) => {
        const [one, other] = [await bench.reserve(ask('day', 5, 10)), await bench.reserve(ask('day', 5, 10))];
        await bench.settle(one, 'day', 12);
        await bench.settle(other, 'day', 1);
        assert.equal((await bench.state('day')).underestimated, 7);
        await bench.settle(bench.newId(), 'day', 4);
        assert.equal((await bench.state('day')).underestimated, 11);
      },
    },
    {
      name: 'never has more used and reserved than the limit and the under-estimates',
      run: async (bench) => {
        const next = numbers(7);
        const open: { readonly id: string; readonly reserved: number }[] = [];
        let used = 0;
        for (let step = 0; step < 300; step += 1) {
          const reserved = next();
          const id = bench.newId();
          if (next() < 60) {
            if ((await bench.short([ask('total', reserved, 1_000)], id)).length === 0) open.push({ id, reserved });
          } else {
            const call = open.shift();
            if (call === undefined) continue;
            const amount = Math.max(0, call.reserved + (next() % 80) - 20);
            await bench.settle(call.id, 'total', amount);
            used += amount;
          }
          const state = await bench.state('total');
          const held = open.reduce((sum, call) => sum + call.reserved, 0);
          assert.deepEqual([state.used, state.reserved], [used, held]);
          assert.ok(
            state.used + state.reserved <= 1_000 + state.underestimated,
            'more than may be is used and reserved',
          );
        }
      },
    },
    {
      name: 'adds up exactly, also what is large',
      run: async (bench) => {
        const limit = 1_000_000_000_000_000;
        for (const amount of [100_000_001, 200_000_003, 999_999_000_000_007]) {
          await bench.settle(await bench.reserve(ask('month', amount, limit)), 'month', amount);
        }
        const left = limit - 999_999_300_000_011;
        await bench.refused(ask('month', left + 1, limit));
        await bench.reserve(ask('month', left, limit));
      },
    },
  ],
};
