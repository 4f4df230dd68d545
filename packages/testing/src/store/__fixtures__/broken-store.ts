import { setImmediate as nextImmediate } from 'node:timers/promises';
import type {
  AccountState,
  BeginOp,
  BeginReply,
  EndOp,
  LimitAccount,
  LimitedAmount,
  LimitWindow,
  StateStore,
} from '@headrace/core/plugin';

/** What a broken store does wrong. */
export type StoreBreach =
  | 'one-too-many'
  | 'one-too-few'
  | 'no-zero-check'
  | 'part-of-an-op'
  | 'first-short-only'
  | 'all-ops-or-none'
  | 'looks-then-takes'
  | 'one-account-for-all'
  | 'reading-takes'
  | 'reads-sorted'
  | 'keeps-what-was-reserved'
  | 'keeps-a-little'
  | 'first-account-settled'
  | 'late-calls-forgotten'
  | 'no-under-estimates'
  | 'floating-money'
  | 'minute-for-ever'
  | 'minute-too-short'
  | 'minute-all-at-once'
  | 'calendar-in-total'
  | 'total-by-the-month'
  | 'promises-a-time'
  | 'settles-in-the-present'
  | 'leases-ignored'
  | 'leases-short'
  | 'renewals-ignored'
  | 'renewal-revives';

type Answer = readonly BeginReply[];

const WRONG_WINDOW: Readonly<Partial<Record<StoreBreach, (window: LimitWindow) => LimitWindow>>> = {
  'minute-for-ever': (window) => (window === 'minute' ? 'total' : window),
  'minute-too-short': (window) => (window === 'minute' ? 'open' : window),
  'minute-all-at-once': (window) => (window === 'minute' ? 'hour' : window),
  'calendar-in-total': (window) => (['hour', 'day', 'month'].includes(window) ? 'total' : window),
  'total-by-the-month': (window) => (window === 'total' ? 'month' : window),
};

/** A good store, spoiled. */
export class BrokenStore implements StateStore {
  readonly #held = new Map<string, readonly LimitedAmount[]>();
  #revived = 0;

  constructor(
    private readonly good: StateStore,
    private readonly breach: StoreBreach,
  ) {}

  async begin(ops: readonly BeginOp[]): Promise<Answer> {
    const { breach, good } = this;
    const changed = ops.map((op) => this.#changed(op));
    if (breach === 'all-ops-or-none' && ops.length > 1) {
      const replies = await good.begin(changed);
      return replies.some(({ short }) => short.length > 0) ? replies.map(() => replies[1] ?? { short: [] }) : replies;
    }
    if (breach === 'looks-then-takes') return this.#lookThenTake(changed);
    if (breach === 'part-of-an-op') return this.#onePerAmount(changed);
    const replies = await good.begin(changed);
    for (const [at, { short }] of replies.entries()) {
      const op = changed[at];
      if (short.length === 0 && op !== undefined) this.#held.set(op.id, op.amounts);
    }
    return replies.map(({ short }) => ({ short: this.#told(short) }));
  }

  async settle(ops: readonly EndOp[]): Promise<void> {
    for (const op of ops) await this.#end(op);
  }

  async read(accounts: readonly LimitAccount[]): Promise<readonly AccountState[]> {
    const { breach, good } = this;
    if (breach === 'reads-sorted') accounts = [...accounts].sort((a, b) => (a.account < b.account ? -1 : 1));
    if (breach === 'reading-takes')
      await good.begin(accounts.map((one, at) => this.#reserve(`read-${at}`, [{ ...one, amount: 1, limit: 99 }])));
    const states = await good.read(accounts.map((one) => this.#renamed(one)));
    return states.map((state, at) => ({
      ...state,
      account: accounts[at]?.account ?? '',
      window: accounts[at]?.window ?? 'open',
      ...(breach === 'no-under-estimates' ? { underestimated: 0 } : {}),
    }));
  }

  #reserve(id: string, amounts: readonly LimitedAmount[]): BeginOp {
    return { op: 'reserve', id, amounts, leaseMs: 1e9 };
  }

  #renamed<A extends LimitAccount>(one: A): A {
    const window = WRONG_WINDOW[this.breach]?.(one.window) ?? one.window;
    return { ...one, window, ...(this.breach === 'one-account-for-all' ? { account: 'all' } : {}) };
  }

  #changed(op: BeginOp): BeginOp {
    const { breach } = this;
    const leaseMs = breach === 'leases-ignored' ? Number.POSITIVE_INFINITY : op.leaseMs;
    const amounts = op.amounts.map((one) => {
      const { amount, limit, ...account } = this.#renamed(one);
      if (breach === 'one-too-many') return { ...account, amount, limit: limit + 1 };
      if (breach === 'one-too-few') return { ...account, amount, limit: limit - 1 };
      if (breach === 'no-zero-check' && amount === 0) return { ...account, amount, limit: Number.MAX_SAFE_INTEGER };
      // What sums in single precision would make of large amounts.
      if (breach === 'floating-money') return { ...account, amount: Math.fround(amount), limit };
      return { ...account, amount, limit };
    });
    return { ...op, amounts, leaseMs: breach === 'leases-short' ? leaseMs / 2 : leaseMs };
  }

  #told(short: Answer[number]['short']): Answer[number]['short'] {
    if (this.breach === 'first-short-only') return short.slice(0, 1);
    if (this.breach === 'promises-a-time') return short.map((one) => ({ freesInMs: 1_000, ...one }));
    if (this.breach === 'no-under-estimates') return short.map((one) => ({ ...one, underestimated: 0 }));
    return short;
  }

  async #lookThenTake(ops: readonly BeginOp[]): Promise<Answer> {
    const replies: BeginReply[] = [];
    for (const op of ops) {
      const probe = { ...op, id: `${op.id}-probe` };
      const looking = this.good.begin([probe]);
      const back = this.good.settle([
        { op: 'settle', id: probe.id, amounts: op.amounts.map((one) => ({ ...one, amount: 0 })) },
      ]);
      const [[reply = { short: [] }]] = await Promise.all([looking, back]);
      if (reply.short.length === 0) {
        await nextImmediate();
        await this.good.begin([{ ...op, amounts: op.amounts.map((one) => ({ ...one, limit: Number.MAX_SAFE_INTEGER })) }]);
      }
      replies.push(reply);
    }
    return replies;
  }

  async #onePerAmount(ops: readonly BeginOp[]): Promise<Answer> {
    const replies: BeginReply[] = [];
    for (const { id, amounts } of ops) {
      const parts = await this.good.begin(amounts.map((one, at) => this.#reserve(`${id}/${at}`, [one])));
      replies.push({ short: parts.flatMap(({ short }) => short) });
    }
    return replies;
  }

  async #end(op: EndOp): Promise<void> {
    const { breach, good } = this;
    if (op.op === 'renew') {
      if (breach === 'renewals-ignored') return;
      this.#revived += 1;
      if (breach === 'renewal-revives')
        await good.begin([this.#reserve(`${op.id}/${this.#revived}`, [{ account: 'open', window: 'open', amount: 1, limit: 9 }])]);
      await good.settle([op]);
      return;
    }
    const held = this.#held.get(op.id);
    this.#held.delete(op.id);
    if (breach === 'late-calls-forgotten') {
      const [sum] = await good.read(op.amounts);
      if (held === undefined || sum?.reserved === 0) return;
    }
    if (breach === 'settles-in-the-present' && held !== undefined) {
      await good.settle([{ ...op, amounts: op.amounts.map((one) => ({ ...one, amount: 0 })) }]);
      await good.settle([{ ...op, id: `${op.id}/late` }]);
      return;
    }
    const amounts = op.amounts.map((one, at) => {
      const renamed = this.#renamed(one);
      const reserved = held?.[at]?.amount ?? 0;
      if (breach === 'keeps-what-was-reserved') return { ...renamed, amount: Math.max(reserved, one.amount) };
      if (breach === 'keeps-a-little' && reserved > 0) return { ...renamed, amount: Math.max(1, one.amount) };
      if (breach === 'first-account-settled' && at > 0) return { ...renamed, amount: 0 };
      if (breach === 'floating-money') return { ...renamed, amount: Math.fround(one.amount) };
      return renamed;
    });
    await good.settle([{ ...op, amounts }]);
  }
}
