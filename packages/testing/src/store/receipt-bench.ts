import assert from 'node:assert/strict';
import {
  GatewayError,
  InvalidRequestError,
  type Receipt,
  type ReceiptPage,
  type ReceiptQuery,
  type ReceiptStore,
} from '@headrace/core/plugin';
import { rejectionOf } from '../stream/rejection-of.js';
import type { CaseGroup } from './describe-cases.js';

export type ReceiptGroup = CaseGroup<ReceiptBench>;

const START = Date.UTC(2026, 2, 10, 14, 30);

/** The time at which the nth call started, in ms since 1970: one a second. */
export const startOf = (n: number): number => START + n * 1_000;

/** Of the nth call. */
export const receiptOf = (n: number, fields: Partial<Receipt> = {}): Receipt => ({
  id: `call_${n}`,
  reference: 'acme:any',
  startedAt: new Date(startOf(n)).toISOString(),
  durationMs: 1,
  outcome: 'complete',
  complete: true,
  attempts: [],
  warnings: [],
  ...fields,
});

/** A store of receipts, and short words for what is done with it. */
export class ReceiptBench {
  constructor(readonly store: ReceiptStore) {}

  /** Keeps receipts, one after another. */
  async keep(...receipts: readonly Receipt[]): Promise<void> {
    for (const receipt of receipts) await this.store.append(receipt);
  }

  /** Keeps the receipts of calls `first` to `last`. */
  async keepCalls(first: number, last: number, fields: (n: number) => Partial<Receipt> = () => ({})): Promise<void> {
    for (let n = first; n <= last; n += 1) await this.keep(receiptOf(n, fields(n)));
  }

  async page(query?: ReceiptQuery): Promise<ReceiptPage> {
    return this.store.query(query);
  }

  /** Numbers of the calls on the first page. */
  async calls(query?: ReceiptQuery): Promise<readonly number[]> {
    return callsOf(await this.page(query));
  }

  /** A query that must be refused for this field. */
  async refused(field: string, value: unknown): Promise<void> {
    // As a caller without types gives it, and through a promise, as a store may answer at once.
    const query = { [field]: value } as ReceiptQuery;
    const error = await rejectionOf((async () => this.store.query(query))());
    const what = `the query { ${field}: ${String(value)} }`;
    assert.ok(GatewayError.is(error) && error.code === 'invalid-request', `${what} is refused as an invalid request`);
    const { issues = [] } = error as Partial<InvalidRequestError>;
    assert.ok(
      issues.some((issue) => issue.field === field),
      `${what} is refused by the name of its field`,
    );
  }
}

/** Numbers of the calls on a page. */
export const callsOf = ({ receipts }: ReceiptPage): readonly number[] =>
  receipts.map(({ id }) => Number(id.slice('call_'.length)));
