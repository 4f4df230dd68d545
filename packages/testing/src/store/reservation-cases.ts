import assert from 'node:assert/strict';
import { ask, LEASE_MS, type StoreGroup } from './store-bench.js';

export const reservationCases: StoreGroup = {
  subject: 'reservations',
  cases: [
    {
      name: 'reserves up to the limit and not one more',
      run: async (bench) => {
        for (const window of ['open', 'minute', 'hour', 'day', 'month', 'total'] as const) {
          await bench.reserve(ask(window, 7, 10));
          await bench.reserve(ask(window, 3, 10));
          await bench.refused(ask(window, 1, 10));
          assert.deepEqual(await bench.sums(window), [0, 10], 'a refused amount is not reserved');
        }
      },
    },
    {
      name: 'says how an account without room stands',
      run: async (bench) => {
        const id = await bench.reserve(ask('total', 4, 10));
        await bench.settle(id, 'total', 5);
        await bench.reserve(ask('total', 3, 10));
        assert.deepEqual(await bench.refused(ask('total', 3, 10)), {
          account: 'total',
          window: 'total',
          used: 5,
          reserved: 3,
          underestimated: 1,
        });
      },
    },
    {
      name: 'takes all amounts of an op or none, and names every account without room in order',
      run: async (bench) => {
        const [full, free, other] = [
          ask('total', 1, 1, 'full'),
          ask('minute', 1, 5, 'free'),
          ask('open', 1, 1, 'other'),
        ];
        await bench.reserve(full, other);
        const short = await bench.short([free, other, full]);
        assert.deepEqual(
          short.map(({ account }) => account),
          ['other', 'full'],
        );
        assert.deepEqual(await bench.sums('minute', 'free'), [0, 0], 'part of a refused op was taken');
      },
    },
    {
      name: 'lets a call of unknown size in while anything is left, and not after',
      run: async (bench) => {
        await bench.reserve(ask('day', 9, 10));
        await bench.reserve(ask('day', 0, 10));
        await bench.reserve(ask('day', 1, 10));
        await bench.refused(ask('day', 0, 10));
      },
    },
    {
      name: 'answers each op by itself, in order',
      run: async (bench) => {
        const ops = [6, 6, 4].map((amount, at) => ({
          op: 'reserve' as const,
          id: `op-${at}`,
          amounts: [ask('total', amount, 10)],
          leaseMs: LEASE_MS,
        }));
        const replies = await bench.store.begin(ops);
        assert.deepEqual(
          replies.map(({ short }) => short.length),
          [0, 1, 0],
        );
      },
    },
    {
      name: 'never lets in more than the limit, however many ask at the same moment',
      run: async (bench) => {
        const asked = await Promise.all(Array.from({ length: 50 }, () => bench.short([ask('total', 3, 20)])));
        assert.equal(asked.filter((short) => short.length === 0).length, 6);
        assert.deepEqual(await bench.sums('total'), [0, 18]);
      },
    },
    {
      name: 'keeps accounts apart, whatever their names',
      run: async (bench) => {
        for (const account of ['__proto__', 'constructor', 'toString', 'a b', 'é', '']) {
          await bench.reserve(ask('total', 1, 1, account));
          await bench.refused(ask('total', 1, 1, account));
        }
      },
    },
    {
      name: 'reads accounts in the order asked, zeros for those nobody used, and changes nothing by it',
      run: async (bench) => {
        await bench.reserve(ask('total', 2, 10, 'b'));
        const asked = ['c', 'b'].map((account) => ({ account, window: 'total' as const }));
        const zeros = { window: 'total', used: 0, reserved: 0, underestimated: 0 };
        for (let time = 0; time < 2; time += 1) {
          assert.deepEqual(await bench.store.read(asked), [
            { ...zeros, account: 'c' },
            { ...zeros, account: 'b', reserved: 2 },
          ]);
        }
      },
    },
  ],
};
