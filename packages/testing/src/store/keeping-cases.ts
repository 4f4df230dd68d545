import assert from 'node:assert/strict';
import type { Receipt } from '@headrace/core/plugin';
import { type ReceiptGroup, receiptOf } from './receipt-bench.js';

/** Of a call that failed at one target and was served by another. */
const full = (): Receipt =>
  receiptOf(1, {
    tenant: 'acme',
    reference: 'chat',
    durationMs: 1_204.375,
    firstContentMs: 310.5,
    attempts: [
      {
        provider: 'one',
        model: 'small',
        startedAfterMs: 0,
        durationMs: 12.5,
        waitedMs: 0,
        sent: true,
        outcome: 'failed',
        failure: {
          code: 'rate-limited',
          failureClass: 'rate',
          message: 'Too many. 太多了 🙂',
          delivered: false,
          status: 429,
        },
      },
      {
        provider: 'two',
        model: 'large',
        startedAfterMs: 13,
        durationMs: 1_191,
        waitedMs: 0.5,
        sent: true,
        outcome: 'complete',
        usage: {
          certainty: 'exact',
          input: { total: 12, uncached: 4, cacheRead: 8, cacheWrite: 0 },
          output: { total: 5, text: 5, reasoning: 0, image: 0 },
          totalTokens: 17,
        },
        cost: { usd: 0.000_000_123, certainty: 'exact', source: 'provider' },
      },
    ],
    servedBy: { provider: 'two', model: 'large', responseId: 'r-1' },
    finishReason: 'stop',
    rawFinishReason: 'end_turn',
    warnings: [{ code: 'parameter-dropped', message: 'was not sent.', field: 'seed' }],
  });

const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value;
};

export const keepingCases: ReceiptGroup = {
  subject: 'keeping',
  cases: [
    {
      name: 'gives a receipt back as it came, with all that is in it',
      run: async (bench) => {
        await bench.keep(full(), receiptOf(2));
        assert.deepEqual(await bench.store.get('call_1'), full());
        assert.deepEqual(await bench.page({ tenant: 'acme' }), { receipts: [full()] });
      },
    },
    {
      name: 'changes nothing of the receipt that it is given, which others hold too',
      run: async ({ store }) => {
        const receipt = freeze(full());
        await store.append(receipt);
        assert.deepEqual(receipt, full());
        assert.deepEqual(await store.get('call_1'), full());
      },
    },
    {
      name: 'has none under an id that was never appended, whatever it looks like',
      run: async ({ store }) => {
        await store.append(receiptOf(1));
        for (const id of ['call_2', 'call_', 'CALL_1', 'call_1 ', 'call_%', '', '__proto__', 'constructor'])
          assert.equal(await store.get(id), undefined, `nothing is kept under '${id}'`);
      },
    },
    {
      name: 'puts a receipt in the place of one of the same id, as the newest',
      run: async (bench) => {
        await bench.keepCalls(1, 3);
        await bench.keep(receiptOf(1, { outcome: 'failed', complete: false }));
        assert.deepEqual(await bench.calls(), [1, 3, 2]);
        assert.equal((await bench.store.get('call_1'))?.outcome, 'failed');
        assert.deepEqual(await bench.calls({ outcome: 'failed' }), [1]);
        assert.deepEqual(await bench.calls({ outcome: 'complete' }), [3, 2]);
      },
    },
    {
      name: 'keeps all that are appended at the same moment',
      run: async (bench) => {
        const numbers = Array.from({ length: 50 }, (_, n) => n + 1);
        await Promise.all(numbers.map(async (n) => bench.store.append(receiptOf(n))));
        assert.deepEqual(
          [...(await bench.calls())].sort((a, b) => a - b),
          numbers,
        );
      },
    },
  ],
};
