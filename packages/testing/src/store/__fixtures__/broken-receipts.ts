import { setImmediate as nextImmediate } from 'node:timers/promises';
import type { Receipt, ReceiptPage, ReceiptQuery, ReceiptStore } from '@headrace/core/plugin';

/** What a broken store of receipts does wrong. */
export type ReceiptBreach =
  | 'rounds-times'
  | 'marks-what-it-gets'
  | 'ids-without-case'
  | 'any-id'
  | 'first-of-an-id'
  | 'stays-in-its-place'
  | 'reads-then-writes'
  | 'undefined-fits-none'
  | 'oldest-first'
  | 'by-start'
  | 'tenants-without-case'
  | 'no-tenant-fits-all'
  | 'references-by-beginning'
  | 'failed-with-cancelled'
  | 'since-is-left-out'
  | 'until-is-let-in'
  | 'any-field'
  | 'takes-any-field'
  | 'takes-any-time'
  | 'all-on-one-page'
  | 'next-is-filtered-late'
  | 'always-a-next'
  | 'cursor-by-offset'
  | 'cursor-by-id'
  | 'takes-any-limit'
  | 'takes-any-cursor';

const withoutCase = (receipt: Receipt | undefined, id: string): boolean =>
  receipt?.id.toLowerCase() === id.trim().toLowerCase();

/** A good store, spoiled. It also keeps all that it was given, in order. */
export class BrokenReceipts implements ReceiptStore {
  #all: Receipt[] = [];

  constructor(
    private readonly good: ReceiptStore,
    private readonly breach: ReceiptBreach,
  ) {}

  async append(receipt: Receipt): Promise<void> {
    const { breach, good } = this;
    const known = this.#all.some(({ id }) => id === receipt.id);
    if (breach === 'first-of-an-id' && known) return;
    if (breach === 'marks-what-it-gets') Object.assign(receipt, { keptAt: 1 });
    if (breach === 'reads-then-writes') {
      const before = this.#all;
      await nextImmediate();
      this.#all = [...before, receipt];
      return;
    }
    if (breach === 'stays-in-its-place' && known) {
      this.#all = this.#all.map((one) => (one.id === receipt.id ? receipt : one));
      return;
    }
    this.#all = [...this.#all.filter(({ id }) => id !== receipt.id), receipt];
    await good.append(breach === 'rounds-times' ? { ...receipt, durationMs: Math.round(receipt.durationMs) } : receipt);
  }

  async get(id: string): Promise<Receipt | undefined> {
    const { breach, good } = this;
    if (breach === 'ids-without-case') return this.#all.find((receipt) => withoutCase(receipt, id));
    if (breach === 'any-id') return this.#all.at(-1);
    if (breach === 'stays-in-its-place') return this.#all.find((receipt) => receipt.id === id);
    return good.get(id);
  }

  async query(query: ReceiptQuery = {}): Promise<ReceiptPage> {
    const { breach, good } = this;
    const { tenant, reference, since, until, limit = 100, after, ...others } = query;
    switch (breach) {
      case 'undefined-fits-none':
        return Object.values(query).includes(undefined) ? { receipts: [] } : good.query(query);
      case 'stays-in-its-place':
      case 'reads-then-writes':
        return { receipts: [...this.#all].reverse() };
      case 'oldest-first':
        return { receipts: [...(await good.query({ ...query, limit: 1_000 })).receipts].reverse() };
      case 'by-start':
        return {
          receipts: [...(await good.query(query)).receipts].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)),
        };
      case 'tenants-without-case':
        return this.#found((one) => tenant === undefined || one.tenant?.toLowerCase() === tenant.toLowerCase());
      case 'no-tenant-fits-all':
        return this.#found((one) => tenant === undefined || one.tenant === undefined || one.tenant === tenant);
      case 'references-by-beginning':
        return this.#found((one) => reference === undefined || one.reference.startsWith(reference));
      case 'failed-with-cancelled':
        return this.#found(({ outcome }) => query.outcome === undefined || (outcome === 'complete') === (query.outcome === 'complete'));
      case 'since-is-left-out':
        return good.query({ ...query, since: since === undefined ? undefined : since + 1 });
      case 'until-is-let-in':
        return good.query({ ...query, until: until === undefined ? undefined : until + 1 });
      case 'any-field':
        return this.#found((one) =>
          [tenant === one.tenant, reference === one.reference, query.outcome === one.outcome].includes(true),
        );
      case 'takes-any-field':
        return good.query({ tenant, reference, since, until, limit, after, outcome: others.outcome });
      case 'takes-any-time':
        return good.query({ ...query, since: Number(since) || undefined, until: Number(until) || undefined });
      case 'all-on-one-page':
        return good.query({ ...query, limit: limit === 100 ? 1_000 : limit });
      case 'next-is-filtered-late': {
        const { receipts, ...page } = await good.query({ limit, after });
        return { ...page, receipts: receipts.filter((one) => tenant === undefined || one.tenant === tenant) };
      }
      case 'always-a-next': {
        const page = await good.query(query);
        return page.receipts.length === limit && page.next === undefined ? { ...page, next: '1' } : page;
      }
      case 'cursor-by-offset':
      case 'cursor-by-id':
        return this.#paged(query);
      case 'takes-any-limit':
        return good.query({ ...query, limit: Math.min(1_000, Math.max(1, Math.floor(Number(limit)) || 100)) });
      case 'takes-any-cursor':
        return good.query(/^[1-9][0-9]*$/.test(after ?? '') ? query : { ...query, after: undefined });
      default:
        return good.query(query);
    }
  }

  #found(fits: (receipt: Receipt) => boolean): ReceiptPage {
    return { receipts: this.#all.filter(fits).reverse() };
  }

  /** Pages that begin at a number of receipts, or behind the id of one, wherever it stands now. */
  #paged({ limit = 100, after }: ReceiptQuery): ReceiptPage {
    const all = [...this.#all].reverse();
    const isOffset = this.breach === 'cursor-by-offset';
    const behind = after === undefined ? 0 : isOffset ? Number(after) : all.findIndex(({ id }) => id === after) + 1;
    const receipts = all.slice(behind, behind + limit);
    const next = isOffset ? String(behind + limit) : receipts.at(-1)?.id;
    return behind + limit >= all.length || next === undefined ? { receipts } : { receipts, next };
  }
}
