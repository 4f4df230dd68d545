import assert from 'node:assert/strict';
import type { AccountState, LimitedAmount, LimitWindow, ShortAccount, StateStore } from '@headrace/core/plugin';
import type { FakeClock } from '../clock/fake-clock.js';
import type { CaseGroup } from './describe-cases.js';

export type StoreGroup = CaseGroup<StoreBench>;

export const LEASE_MS = 10_000_000_000;

/** An amount of an account that is named by its window unless it says otherwise. */
export const ask = (window: LimitWindow, amount: number, limit: number, account: string = window): LimitedAmount => ({
  account,
  window,
  amount,
  limit,
});

/** A store, its clock, and short words for what is done with it. */
export class StoreBench {
  #count = 0;

  constructor(
    readonly store: StateStore,
    readonly clock: FakeClock,
  ) {}

  /** Asks for amounts, in one op: what there is no room in. */
  async short(
    amounts: readonly LimitedAmount[],
    id = this.newId(),
    leaseMs = LEASE_MS,
  ): Promise<readonly ShortAccount[]> {
    const [reply, ...others] = await this.store.begin([{ op: 'reserve', id, amounts, leaseMs }]);
    assert.ok(reply !== undefined && others.length === 0, 'one op has one reply');
    return reply.short;
  }

  /** Reserves what there must be room for, and returns the id. */
  async reserve(...amounts: readonly LimitedAmount[]): Promise<string> {
    const id = this.newId();
    assert.deepEqual(await this.short(amounts, id), [], 'there is room');
    return id;
  }

  /** Reserves what there must be no room for. */
  async refused(...amounts: readonly LimitedAmount[]): Promise<ShortAccount> {
    const [first] = await this.short(amounts);
    assert.ok(first !== undefined, 'there is no room');
    return first;
  }

  /** @param used the amount that was used of each account, which is named by its window unless it says otherwise */
  async settle(id: string, window: LimitWindow, amount: number, account: string = window): Promise<void> {
    await this.store.settle([{ op: 'settle', id, amounts: [{ account, window, amount }] }]);
  }

  async state(window: LimitWindow, account: string = window): Promise<AccountState> {
    const [state, ...others] = await this.store.read([{ account, window }]);
    assert.ok(state !== undefined && others.length === 0, 'one account has one state');
    return state;
  }

  /** What is used, and what is reserved. */
  async sums(window: LimitWindow, account: string = window): Promise<readonly [number, number]> {
    const { used, reserved } = await this.state(window, account);
    return [used, reserved];
  }

  newId(): string {
    this.#count += 1;
    return `reservation-${this.#count}`;
  }
}
