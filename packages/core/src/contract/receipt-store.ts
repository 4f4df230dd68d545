import type { Outcome, Receipt } from '../pipeline/receipt.js';

/** Which receipts. Fields that are given must all fit; without any, all do. */
export interface ReceiptQuery {
  /** Of this tenant; calls without one fit none. */
  readonly tenant?: string | undefined;
  /** The model reference as asked: a model, or a route. */
  readonly reference?: string | undefined;
  readonly outcome?: Outcome | undefined;
  /** Calls that started at this time or later, in ms since 1970. */
  readonly since?: number | undefined;
  /** Calls that started before this time, in ms since 1970. */
  readonly until?: number | undefined;
  /** Most receipts of one page: a whole number, 1 to 1,000. Default 100. */
  readonly limit?: number | undefined;
  /** `next` of the page before this one, of the same query. Default: the newest. */
  readonly after?: string | undefined;
}

export interface ReceiptPage {
  /** Newest first: the one that was appended last comes first. */
  readonly receipts: readonly Receipt[];
  /** Goes on behind the last of them, whatever is appended meanwhile. Absent: there are no more. */
  readonly next?: string;
}

/**
 * Where receipts are kept for later. Each method may answer with a value or a promise; what it throws, or rejects with,
 * means that it could not do as asked. `describeReceiptStore` of the testing kit holds an implementation to all of this.
 */
export interface ReceiptStore {
  /**
   * Called once for each call, when it is over. No call waits for it or fails by it, so a store that may hang limits how
   * long it takes. The receipt is shared: it must not be changed. One whose id is there already takes its place.
   */
  append(receipt: Receipt): void | Promise<void>;
  /** Undefined: there is none of that id, or no longer. */
  get(id: string): Receipt | undefined | Promise<Receipt | undefined>;
  /** @throws InvalidRequestError when a field is unknown, `limit` out of its range, a time no number, or `after` no cursor of this store */
  query(query?: ReceiptQuery): ReceiptPage | Promise<ReceiptPage>;
}
