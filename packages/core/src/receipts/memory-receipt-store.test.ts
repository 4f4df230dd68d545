import { describe, expect, it } from '@jest/globals';
import {
  ConfigurationError,
  InvalidRequestError,
  MemoryReceiptStore,
  type Receipt,
  type ReceiptQuery,
} from '../index.js';

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

describe('receipts in memory', () => {
  it('are found by id, and no others are', () => {
    const receipt = receiptOf(1);
    const store = storeOf([receipt]);
    expect(store.get('call_1')).toBe(receipt);
    expect(store.get('call_2')).toBeUndefined();
    expect(store.get('__proto__')).toBeUndefined();
  });

  it('come newest first', () => {
    expect(idsOf(storeOf(manyOf(3)))).toEqual(['call_3', 'call_2', 'call_1']);
    expect(storeOf([]).query()).toEqual({ receipts: [] });
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
  const store = storeOf([
    receiptOf(1, { tenant: 'a' }),
    receiptOf(2, { tenant: 'b', outcome: 'failed' }),
    receiptOf(3, { reference: 'chat' }),
    receiptOf(4, { tenant: 'a', reference: 'chat', outcome: 'cancelled' }),
  ]);

  it.each<[string, ReceiptQuery, string[]]>([
    ['a tenant, and none without one', { tenant: 'a' }, ['call_4', 'call_1']],
    ['a model or route as asked', { reference: 'chat' }, ['call_4', 'call_3']],
    ['an outcome', { outcome: 'failed' }, ['call_2']],
    ['calls since a time, that time included', { since: START + 3_000 }, ['call_4', 'call_3']],
    ['calls until a time, that time not included', { until: START + 3_000 }, ['call_2', 'call_1']],
    ['calls between two times', { since: START + 2_000, until: START + 4_000 }, ['call_3', 'call_2']],
    ['all fields at once', { tenant: 'a', reference: 'chat', outcome: 'cancelled', since: START }, ['call_4']],
    ['what fits one field but not another as none', { tenant: 'b', outcome: 'complete' }, []],
  ])('finds %s', (_, query, ids) => {
    expect(idsOf(store, query)).toEqual(ids);
  });

  it('gives 100 at a time where nobody says how many', () => {
    const page = storeOf(manyOf(101)).query();
    expect(page.receipts).toHaveLength(100);
    expect(page.next).toBeDefined();
  });

  it('goes on page by page, each receipt once, and says when there are no more', () => {
    const many = storeOf(Array.from({ length: 9 }, (_, n) => receiptOf(n, { tenant: n % 2 === 0 ? 'even' : 'odd' })));
    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const { receipts, next } = many.query({ tenant: 'even', limit: 2, after });
      pages.push(receipts.map(({ id }) => id));
      after = next;
    } while (after !== undefined && pages.length < 9);
    expect(pages).toEqual([['call_8', 'call_6'], ['call_4', 'call_2'], ['call_0']]);
  });

  it('names no further page behind a full one that is the last', () => {
    expect(storeOf(manyOf(2)).query({ limit: 2 }).next).toBeUndefined();
  });

  it('goes on at its place when receipts came and its last one is gone', () => {
    const growing = storeOf(manyOf(4), 4);
    const { next = '' } = growing.query({ limit: 1 });
    growing.append(receiptOf(5));
    growing.append(receiptOf(6));
    expect(idsOf(growing, { after: next })).toEqual(['call_3']);
    for (let n = 7; n < 11; n += 1) growing.append(receiptOf(n));
    expect(growing.query({ after: next })).toEqual({ receipts: [] });
  });

  it.each<[string, unknown]>([
    ['limit', 0],
    ['limit', 1_001],
    ['limit', 2.5],
    ['limit', '5'],
    ['since', Number.NaN],
    ['until', '2026-11-26'],
    ['after', 'call_1'],
    ['after', ''],
  ])('is refused by name where %s is %p', (field, value) => {
    const query = { [field]: value } as ReceiptQuery;
    expect(() => store.query(query)).toThrow(InvalidRequestError);
    expect(() => store.query(query)).toThrow(field);
  });

  it('is refused where a field is misspelt, with the right name', () => {
    const query = { tenent: 'a' } as ReceiptQuery;
    expect(() => store.query(query)).toThrow('tenent: is not a known field. Did you mean');
  });
});
