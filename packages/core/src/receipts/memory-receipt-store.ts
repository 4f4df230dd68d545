import type { ReceiptPage, ReceiptQuery, ReceiptStore } from '../contract/receipt-store.js';
import { ConfigurationError, type InputIssue, InvalidRequestError } from '../errors/caller-errors.js';
import { didYouMean } from '../errors/nearest.js';
import type { Receipt } from '../pipeline/receipt.js';

export interface MemoryReceiptStoreOptions {
  /** Receipts that are kept at most: a whole number, 1 to 1,000,000. Default 1,000. One takes a few KB. */
  readonly maxReceipts?: number;
}

interface Kept {
  /** Counts up with every receipt. A cursor is the number of the last one given: it holds when that one is gone. */
  readonly number: number;
  readonly receipt: Receipt;
}

const DEFAULT_MAX_RECEIPTS = 1_000;
const MOST_RECEIPTS = 1_000_000;
const DEFAULT_LIMIT = 100;
const MOST_OF_A_PAGE = 1_000;

const FIELDS: readonly string[] = ['tenant', 'reference', 'outcome', 'since', 'until', 'limit', 'after'];
const TAKEN = `A query takes ${FIELDS.join(', ')}.`;

const isWithin = (value: unknown, most: number): boolean =>
  Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= most;

const issuesOf = (query: ReceiptQuery): InputIssue[] => {
  const { since, until, limit, after } = query;
  const issues: InputIssue[] = [];
  // A misspelt tenant must not find the receipts of all of them.
  for (const field of Object.keys(query))
    if (!FIELDS.includes(field))
      issues.push({ field, message: 'is not a known field.', remedy: didYouMean(field, FIELDS).trim() || TAKEN });
  if (limit !== undefined && !isWithin(limit, MOST_OF_A_PAGE))
    issues.push({ field: 'limit', message: `must be a whole number from 1 to ${MOST_OF_A_PAGE}.` });
  for (const [field, time] of Object.entries({ since, until }))
    if (time !== undefined && (typeof time !== 'number' || Number.isNaN(time)))
      issues.push({ field, message: 'must be a number of ms since 1970.' });
  if (after !== undefined && !/^[1-9]\d{0,15}$/.test(after))
    issues.push({ field: 'after', message: 'is no cursor of this store.', remedy: 'Give `next` of the page before.' });
  return issues;
};

const fits = (receipt: Receipt, { tenant, reference, outcome, since, until }: ReceiptQuery): boolean => {
  if (tenant !== undefined && receipt.tenant !== tenant) return false;
  if (reference !== undefined && receipt.reference !== reference) return false;
  if (outcome !== undefined && receipt.outcome !== outcome) return false;
  if (since === undefined && until === undefined) return true;
  const startedAtMs = Date.parse(receipt.startedAt);
  return startedAtMs >= (since ?? -Infinity) && startedAtMs < (until ?? Infinity);
};

/** The newest receipts, in the memory of one process. The oldest makes room. A query looks at all of them. */
export class MemoryReceiptStore implements ReceiptStore {
  /** The newest stands last. */
  readonly #kept = new Map<string, Kept>();
  readonly #maxReceipts: number;
  #count = 0;

  /** @throws ConfigurationError when `maxReceipts` is out of its range */
  constructor({ maxReceipts = DEFAULT_MAX_RECEIPTS }: MemoryReceiptStoreOptions = {}) {
    if (!isWithin(maxReceipts, MOST_RECEIPTS)) {
      const message = `must be a whole number from 1 to ${MOST_RECEIPTS}.`;
      throw new ConfigurationError('MemoryReceiptStore', [{ field: 'maxReceipts', message }]);
    }
    this.#maxReceipts = maxReceipts;
  }

  /** Receipts that are kept now. */
  get size(): number {
    return this.#kept.size;
  }

  append(receipt: Receipt): void {
    this.#count += 1;
    this.#kept.delete(receipt.id);
    this.#kept.set(receipt.id, { number: this.#count, receipt });
    if (this.#kept.size <= this.#maxReceipts) return;
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest);
      break;
    }
  }

  get(id: string): Receipt | undefined {
    return this.#kept.get(id)?.receipt;
  }

  query(query: ReceiptQuery = {}): ReceiptPage {
    const issues = issuesOf(query);
    if (issues.length > 0) throw new InvalidRequestError(issues);
    const { limit = DEFAULT_LIMIT, after } = query;
    const before = after === undefined ? Infinity : Number(after);
    const receipts: Receipt[] = [];
    let last = 0;
    for (const { number, receipt } of [...this.#kept.values()].reverse()) {
      if (number >= before || !fits(receipt, query)) continue;
      if (receipts.length === limit) return { receipts, next: String(last) };
      receipts.push(receipt);
      last = number;
    }
    return { receipts };
  }
}
