import { describeReceiptStore } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, MemoryReceiptStore, type Receipt, type ReceiptQuery } from '../index.js';

const START = Date.parse('2026-11-26T12:00:00.000Z');

/** The nth call, one a second. */
const receiptOf = (n: number, fields: Partial<Receipt> = {}): Receipt => ({
  id: `call_${n}`,
  reference: 'scripted:any',
  startedAt: new Date(START + n * 1_000).toISOString(),
  durationMs: 1,
  outcome: 'complete',
  complete: true,
  attempts: [],
  warnings: [],
  ...fields,
});

const storeOf = (receipts: readonly Receipt[], maxReceipts?: number): MemoryReceiptStore => {
  const store = new MemoryReceiptStore(maxReceipts === undefined ? {} : { maxReceipts });
  for (const receipt of receipts) store.append(receipt);
  return store;
};

const manyOf = (count: number): Receipt[] => Array.from({ length: count }, (_, index) => receiptOf(index + 1));

const idsOf = (store: MemoryReceiptStore, query?: ReceiptQuery): string[] =>
  store.query(query).receipts.map(({ id }) => id);

describeReceiptStore({ describe, it }, { name: 'memory', create: () => new MemoryReceiptStore() });

describe('receipts in memory', () => {
  it('are the very ones that were given', () => {
    const receipt = receiptOf(1);
    expect(storeOf([receipt]).get('call_1')).toBe(receipt);
  });

  it('are no more than the store may keep: the oldest makes room', () => {
    const store = storeOf(manyOf(5), 2);
    expect(store.size).toBe(2);
    expect(idsOf(store)).toEqual(['call_5', 'call_4']);
    expect(store.get('call_3')).toBeUndefined();
  });

  it('are 1,000 where nobody says how many', () => {
    const store = storeOf(manyOf(1_001));
    expect(store.size).toBe(1_000);
    expect(store.get('call_1')).toBeUndefined();
    expect(store.get('call_2')).toBeDefined();
  });

  it('take the place of one of the same id', () => {
    const store = storeOf([receiptOf(1), receiptOf(2), receiptOf(1, { outcome: 'failed' })], 2);
    expect(idsOf(store)).toEqual(['call_1', 'call_2']);
    expect(store.get('call_1')?.outcome).toBe('failed');
  });

  it.each([0, -1, 1.5, Number.NaN, 1_000_001, '10' as never])('are not limited to %p', (maxReceipts) => {
    expect(() => new MemoryReceiptStore({ maxReceipts })).toThrow(ConfigurationError);
    expect(() => new MemoryReceiptStore({ maxReceipts })).toThrow('maxReceipts');
  });
});

describe('a query', () => {
  it('goes on at its place when receipts came and its last one is gone', () => {
    const growing = storeOf(manyOf(4), 4);
    const { next = '' } = growing.query({ limit: 1 });
    growing.append(receiptOf(5));
    growing.append(receiptOf(6));
    expect(idsOf(growing, { after: next })).toEqual(['call_3']);
    for (let n = 7; n < 11; n += 1) growing.append(receiptOf(n));
    expect(growing.query({ after: next })).toEqual({ receipts: [] });
  });

  it('is refused where a field is misspelt, with the right name', () => {
    const query = { tenent: 'a' } as ReceiptQuery;
    expect(() => storeOf([]).query(query)).toThrow('tenent: is not a known field. Did you mean');
  });
});
