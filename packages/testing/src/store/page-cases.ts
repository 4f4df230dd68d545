import assert from 'node:assert/strict';
import type { ReceiptQuery } from '@headrace/core/plugin';
import { callsOf, type ReceiptBench, type ReceiptGroup, receiptOf } from './receipt-bench.js';

/** Calls page by page, at most ten pages. */
const pagesOf = async (bench: ReceiptBench, query: ReceiptQuery): Promise<readonly (readonly number[])[]> => {
  const pages: (readonly number[])[] = [];
  let after: string | undefined;
  do {
    const page = await bench.page({ ...query, after });
    pages.push(callsOf(page));
    after = page.next;
  } while (after !== undefined && pages.length < 10);
  return pages;
};

export const pageCases: ReceiptGroup = {
  subject: 'pages',
  cases: [
    {
      name: 'have 100 receipts where nobody says how many, and say that there are more',
      run: async (bench) => {
        await bench.keepCalls(1, 101);
        const first = await bench.page();
        assert.deepEqual([first.receipts.length, callsOf(first)[99]], [100, 2]);
        assert.deepEqual(await bench.page({ after: first.next }), { receipts: [receiptOf(1)] });
      },
    },
    {
      name: 'go on to the end, with each receipt that fits once',
      run: async (bench) => {
        await bench.keepCalls(0, 8, (n) => ({ tenant: n % 2 === 0 ? 'even' : 'odd' }));
        assert.deepEqual(await pagesOf(bench, { tenant: 'even', limit: 2 }), [[8, 6], [4, 2], [0]]);
        assert.deepEqual(await pagesOf(bench, { limit: 1_000 }), [[8, 7, 6, 5, 4, 3, 2, 1, 0]]);
      },
    },
    {
      name: 'name no next one when there are no more, also when the last of them is full',
      run: async (bench) => {
        await bench.keepCalls(1, 4);
        const { next } = await bench.page({ limit: 2 });
        const last = await bench.page({ limit: 2, after: next });
        assert.deepEqual([callsOf(last), last.next], [[2, 1], undefined]);
      },
    },
    {
      name: 'go on at their place whatever is appended meanwhile',
      run: async (bench) => {
        await bench.keepCalls(1, 4);
        const { next } = await bench.page({ limit: 2 });
        await bench.keepCalls(5, 7);
        assert.deepEqual(await bench.calls({ limit: 2, after: next }), [2, 1]);
      },
    },
    {
      name: 'go on at their place when the last of one of them was appended again',
      run: async (bench) => {
        await bench.keepCalls(1, 4);
        const { next } = await bench.page({ limit: 2 });
        await bench.keep(receiptOf(3));
        assert.deepEqual(await bench.calls({ limit: 2, after: next }), [2, 1]);
      },
    },
    {
      name: 'are refused where their length is out of range',
      run: async (bench) => {
        for (const limit of [0, -1, 1_001, 2.5, Number.NaN, '5']) await bench.refused('limit', limit);
      },
    },
    {
      name: 'are refused behind what is no cursor',
      run: async (bench) => {
        await bench.keepCalls(1, 2);
        for (const after of ['', 'call_1', 'no cursor', '-1', '__proto__']) await bench.refused('after', after);
      },
    },
  ],
};
