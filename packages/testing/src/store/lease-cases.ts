import assert from 'node:assert/strict';
import { ask, type StoreGroup } from './store-bench.js';

export const leaseCases: StoreGroup = {
  subject: 'leases',
  cases: [
    {
      name: 'lets go of a reservation whose lease is over, and not before',
      run: async (bench) => {
        const all = [ask('open', 1, 1), ask('day', 10, 10), ask('total', 10, 10)];
        assert.deepEqual(await bench.short(all, 'gone', 60_000), []);
        await bench.clock.advance(59_000);
        await bench.refused(ask('open', 1, 1));
        await bench.clock.advance(1_001);
        await bench.reserve(...all);
      },
    },
    {
      name: 'keeps a reservation that is renewed for as long as it is',
      run: async (bench) => {
        assert.deepEqual(await bench.short([ask('open', 1, 1)], 'alive', 60_000), []);
        for (let time = 0; time < 5; time += 1) {
          await bench.clock.advance(40_000);
          await bench.store.settle([{ op: 'renew', id: 'alive', leaseMs: 60_000 }]);
          await bench.refused(ask('open', 1, 1));
        }
        await bench.clock.advance(60_001);
        await bench.reserve(ask('open', 1, 1));
      },
    },
    {
      name: 'takes no notice of renewals of what it does not know',
      run: async (bench) => {
        await bench.store.settle([{ op: 'renew', id: 'unknown', leaseMs: 60_000 }]);
        const id = await bench.reserve(ask('open', 1, 1));
        await bench.settle(id, 'open', 0);
        await bench.store.settle([{ op: 'renew', id, leaseMs: 60_000 }]);
        assert.deepEqual(await bench.sums('open'), [0, 0]);
      },
    },
    {
      name: 'counts what was used by a call whose lease was over before it ended',
      run: async (bench) => {
        assert.deepEqual(await bench.short([ask('total', 9, 10)], 'slow', 60_000), []);
        await bench.clock.advance(60_001);
        assert.deepEqual(await bench.sums('total'), [0, 0]);
        await bench.settle('slow', 'total', 8);
        assert.deepEqual(await bench.sums('total'), [8, 0]);
        assert.equal((await bench.state('total')).underestimated, 8);
      },
    },
  ],
};
