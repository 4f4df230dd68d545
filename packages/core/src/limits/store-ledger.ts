import type { Clock } from '../contract/clock.js';
import type {
  AccountState,
  BeginReply,
  EndOp,
  LimitAccount,
  ReserveOp,
  SettledAmount,
  StateStore,
} from '../contract/state-store.js';
import { nextCallId } from '../pipeline/call-id.js';
import { isThenable } from '../schema/is-thenable.js';
import { Backlog } from './backlog.js';
import type { Ledger, LedgerReply, Reserve } from './ledger.js';
import type { MemoryStateStore } from './memory-state-store.js';
import { StoreHealth } from './store-health.js';
import { within } from './time-limit.js';

export interface StoreLedgerTerms {
  readonly store: StateStore;
  /** Has the sums of this gateway alone, for when the store cannot be reached. */
  readonly local: MemoryStateStore;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly leaseMs: number;
}

const ROOM: BeginReply = { short: [] };

const settledAmounts = ({ amounts }: Pick<Reserve, 'amounts'>, used: readonly number[]): readonly SettledAmount[] =>
  amounts.map(({ account, window }, at) => ({ account, window, amount: used[at] ?? 0 }));

/**
 * A store that others use as well. When it fails or does not answer in time, calls are counted by what this gateway itself
 * has used, and the store is told when it is back: what was spent is counted once at least, and in doubt twice.
 */
export class StoreLedger implements Ledger {
  readonly isShared = true;
  readonly #health: StoreHealth;
  /** Reservations that the store holds, and the ids that it has them by. */
  readonly #held = new Map<string, string>();
  /** How often it was asked for one. */
  #asked = 0;
  readonly #backlog = new Backlog(nextCallId());
  /** Rounds that nobody waits for. */
  readonly #rounds = new Set<Promise<void>>();
  #stopRenewing: (() => void) | undefined;

  constructor(private readonly terms: StoreLedgerTerms) {
    this.#health = new StoreHealth(terms.clock);
  }

  begin(reserve: Reserve): LedgerReply | Promise<LedgerReply> {
    if (!this.#health.admits()) return this.#beginLocally(reserve);
    return this.#backlog.size === 0 ? this.#ask(reserve) : this.#catchUp(reserve);
  }

  /** The store is back: it hears of what was used meanwhile before it is asked for more. */
  async #catchUp(reserve: Reserve): Promise<LedgerReply> {
    await this.#send([], []);
    return this.#health.isResting ? this.#beginLocally(reserve) : this.#ask(reserve);
  }

  #ask(reserve: Reserve): LedgerReply | Promise<LedgerReply> {
    const { store, leaseMs } = this.terms;
    // A new id each time: what a store grants too late is given back, and must not take what it grants to the same call then.
    this.#asked += 1;
    const id = `${reserve.id}.${this.#asked.toString(36)}`;
    const op: ReserveOp = { op: 'reserve', id, amounts: reserve.amounts, leaseMs };
    try {
      const reply = store.begin([op]);
      return isThenable(reply)
        ? this.#beginLater(reserve, op, Promise.resolve(reply))
        : this.#begun(reserve, id, reply[0]);
    } catch {
      return this.#beginLocally(reserve, true);
    }
  }

  settle(reserve: Reserve, used: readonly number[]): void {
    const { id } = reserve;
    const amounts = settledAmounts(reserve, used);
    this.terms.local.end(reserve, used);
    const heldAs = this.#held.get(id);
    this.#held.delete(id);
    if (this.#held.size === 0) this.#rest();
    if (this.#health.isResting) this.#backlog.add(amounts);
    else if (heldAs !== undefined) void this.#send([{ op: 'settle', id: heldAs, amounts }], amounts);
    else {
      this.#backlog.add(amounts);
      void this.#send([], []);
    }
  }

  async read(accounts: readonly LimitAccount[]): Promise<readonly AccountState[]> {
    const { store, local, clock, timeoutMs } = this.terms;
    if (this.#health.isResting) return local.read(accounts);
    try {
      return await within(Promise.resolve(store.read(accounts)), timeoutMs, clock);
    } catch {
      this.#health.failed();
      return local.read(accounts);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#rounds);
    if (this.#backlog.size > 0) void this.#send([], []);
    await Promise.all(this.#rounds);
  }

  async #beginLater(reserve: Reserve, op: ReserveOp, reply: Promise<readonly BeginReply[]>): Promise<LedgerReply> {
    const { clock, timeoutMs } = this.terms;
    let isLate = false;
    // What the store grants to nobody is given back.
    const giveBack = ([late]: readonly BeginReply[]): void => {
      if (!isLate || late?.short.length !== 0) return;
      void this.#send([{ op: 'settle', id: op.id, amounts: settledAmounts(op, []) }], []);
    };
    reply.then(giveBack, () => {});
    try {
      const [granted] = await within(reply, timeoutMs, clock);
      return this.#begun(reserve, op.id, granted);
    } catch {
      isLate = true;
      return this.#beginLocally(reserve, true);
    }
  }

  #begun(reserve: Reserve, heldAs: string, reply: BeginReply = ROOM): LedgerReply {
    this.#health.succeeded();
    if (reply.short.length > 0) return reply;
    this.#held.set(reserve.id, heldAs);
    try {
      this.terms.local.take(reserve);
    } catch {
      // No account is left: without the store these limits would be looser than they might be.
    }
    this.#renewLater();
    return reply;
  }

  #beginLocally(reserve: Reserve, hasFailed = false): LedgerReply {
    if (hasFailed) this.#health.failed();
    return { ...this.terms.local.reserve(reserve), isLocal: true };
  }

  /** One round that nobody waits for, with all that the store has yet to hear. @param inDoubt what is told again when it fails */
  #send(ops: readonly EndOp[], inDoubt: readonly SettledAmount[]): Promise<void> {
    const late = this.#backlog.take();
    const round = this.#round(late === undefined ? ops : [...ops, late], [...inDoubt, ...(late?.amounts ?? [])]);
    this.#rounds.add(round);
    return round.then(() => void this.#rounds.delete(round));
  }

  /** Never rejects. */
  async #round(ops: readonly EndOp[], inDoubt: readonly SettledAmount[]): Promise<void> {
    const { store, clock, timeoutMs } = this.terms;
    if (ops.length === 0) return;
    try {
      const settled = store.settle(ops);
      if (isThenable(settled)) await within(Promise.resolve(settled), timeoutMs, clock);
      this.#health.succeeded();
    } catch {
      this.#health.failed();
      this.#backlog.add(inDoubt);
    }
  }

  #renewLater(): void {
    const { clock, leaseMs } = this.terms;
    this.#stopRenewing ??= clock.schedule(leaseMs / 3, () => {
      this.#stopRenewing = undefined;
      if (!this.#health.isResting)
        void this.#send(
          [...this.#held.values()].map((id): EndOp => ({ op: 'renew', id, leaseMs })),
          [],
        );
      this.#renewLater();
    });
  }

  #rest(): void {
    this.#stopRenewing?.();
    this.#stopRenewing = undefined;
  }
}
