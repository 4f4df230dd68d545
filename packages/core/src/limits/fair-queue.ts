import type { LimitedAmount } from '../contract/state-store.js';

/** Who waits for room. */
export interface QueuedCall {
  readonly tenant: string | undefined;
  readonly amounts: readonly LimitedAmount[];
}

/**
 * Calls that wait, a line for each tenant: the lines take turns, and in a line it is first come, first served. A call
 * whose accounts have no room is passed over by those that need other accounts, and by nobody else.
 */
export class FairQueue<C extends QueuedCall> {
  /** The tenant that was served longest ago comes first. */
  readonly #lines = new Map<string | undefined, C[]>();
  /** What those who wait need of each account. */
  readonly #needed = new Map<string, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(call: C): void {
    const line = this.#lines.get(call.tenant);
    if (line === undefined) this.#lines.set(call.tenant, [call]);
    else line.push(call);
    this.#count(call, 1);
  }

  /** Idempotent. */
  remove(call: C): void {
    const line = this.#lines.get(call.tenant);
    const at = line?.indexOf(call) ?? -1;
    if (line === undefined || at < 0) return;
    line.splice(at, 1);
    if (line.length === 0) this.#lines.delete(call.tenant);
    this.#count(call, -1);
  }

  /** Takes out a call that was served: its tenant's next turn comes after those of all others. */
  served(call: C): void {
    this.remove(call);
    const line = this.#lines.get(call.tenant);
    if (line === undefined) return;
    this.#lines.delete(call.tenant);
    this.#lines.set(call.tenant, line);
  }

  /** The call whose turn it is among those that need none of the blocked accounts. It stays in its place. */
  next(blocked: { has(account: string): boolean }): C | undefined {
    for (const line of this.#lines.values()) {
      const free = line.find(({ amounts }) => !amounts.some(({ account }) => blocked.has(account)));
      if (free !== undefined) return free;
    }
    return undefined;
  }

  /** What the calls that wait need of an account. */
  needed(account: string): number {
    return this.#needed.get(account) ?? 0;
  }

  /** Who is to leave a full queue for a call of this tenant: the last in the longest line, unless that would be its own. */
  giveWay(tenant: string | undefined): C | undefined {
    let longest: C[] = this.#lines.get(tenant) ?? [];
    const own = longest.length;
    for (const line of this.#lines.values()) if (line.length > longest.length) longest = line;
    return longest.length > own + 1 ? longest.at(-1) : undefined;
  }

  #count({ amounts }: C, sign: 1 | -1): void {
    this.#size += sign;
    for (const { account, amount } of amounts) {
      const needed = (this.#needed.get(account) ?? 0) + sign * amount;
      if (needed > 0) this.#needed.set(account, needed);
      else this.#needed.delete(account);
    }
  }
}
