import assert from 'node:assert/strict';
import { type ReceiptGroup, receiptOf, startOf } from './receipt-bench.js';

export const queryCases: ReceiptGroup = {
  subject: 'queries',
  cases: [
    {
      name: 'gives all where nothing is asked for, and where fields are there without a value',
      run: async (bench) => {
        assert.deepEqual(await bench.page(), { receipts: [] });
        await bench.keepCalls(1, 3);
        const none = { tenant: undefined, reference: undefined, outcome: undefined, since: undefined };
        for (const query of [undefined, {}, { ...none, until: undefined, limit: undefined, after: undefined }])
          assert.deepEqual(await bench.calls(query), [3, 2, 1]);
      },
    },
    {
      name: 'gives the one that was appended last first, whenever its call began',
      run: async (bench) => {
        await bench.keep(receiptOf(2), receiptOf(3), receiptOf(1));
        assert.deepEqual(await bench.calls(), [1, 3, 2]);
      },
    },
    {
      name: 'tells tenants apart, and calls without one, whatever they are called',
      run: async (bench) => {
        const tenants = ['acme', 'ACME', 'acme ', 'acm', "' OR '1'='1", '%', '*', '__proto__', '0', 'ä', 'a\u0308'];
        for (const [n, tenant] of tenants.entries()) await bench.keep(receiptOf(n, { tenant }));
        await bench.keep(receiptOf(99));
        for (const [n, tenant] of tenants.entries())
          assert.deepEqual(await bench.calls({ tenant }), [n], `of tenant '${tenant}'`);
        assert.deepEqual(await bench.calls({ tenant: '' }), []);
        assert.deepEqual(await bench.calls({ tenant: 'undefined' }), []);
      },
    },
    {
      name: 'finds calls by exactly what they asked for',
      run: async (bench) => {
        await bench.keep(receiptOf(1, { reference: 'acme:large' }), receiptOf(2, { reference: 'large' }));
        assert.deepEqual(await bench.calls({ reference: 'large' }), [2]);
        assert.deepEqual(await bench.calls({ reference: 'acme:' }), []);
      },
    },
    {
      name: 'finds calls by how they ended',
      run: async (bench) => {
        const outcomes = ['complete', 'failed', 'cancelled'] as const;
        await bench.keepCalls(0, 5, (n) => ({ outcome: outcomes[n % 3] ?? 'complete' }));
        for (const [n, outcome] of outcomes.entries()) assert.deepEqual(await bench.calls({ outcome }), [n + 3, n]);
      },
    },
    {
      name: 'finds calls since a time, that time included, and until one, that one not included',
      run: async (bench) => {
        await bench.keepCalls(1, 4);
        assert.deepEqual(await bench.calls({ since: startOf(3) }), [4, 3]);
        assert.deepEqual(await bench.calls({ until: startOf(3) }), [2, 1]);
        assert.deepEqual(await bench.calls({ since: startOf(2), until: startOf(4) }), [3, 2]);
        assert.deepEqual(await bench.calls({ since: startOf(2) + 0.5 }), [4, 3]);
        assert.deepEqual(await bench.calls({ since: 0, until: startOf(9) }), [4, 3, 2, 1]);
        assert.deepEqual(await bench.calls({ since: startOf(3), until: startOf(3) }), []);
      },
    },
    {
      name: 'finds only what fits all fields',
      run: async (bench) => {
        const failed = { outcome: 'failed', tenant: 'a', reference: 'chat' } as const;
        await bench.keep(
          receiptOf(1, failed),
          receiptOf(2, { ...failed, tenant: 'b' }),
          receiptOf(3, { ...failed, outcome: 'complete' }),
          receiptOf(4, { ...failed, reference: 'other' }),
          receiptOf(5, failed),
        );
        assert.deepEqual(await bench.calls({ ...failed, since: startOf(2) }), [5]);
        assert.deepEqual(await bench.calls({ ...failed, until: startOf(5) }), [1]);
      },
    },
    {
      name: 'refuses fields that it does not know, where all receipts would be found otherwise',
      run: async (bench) => {
        await bench.refused('tenent', 'acme');
        await bench.refused('status', 'failed');
      },
    },
    {
      name: 'refuses times that are no numbers of ms',
      run: async (bench) => {
        for (const field of ['since', 'until'])
          for (const time of [Number.NaN, '2026-03-10', '0']) await bench.refused(field, time);
      },
    },
  ],
};
