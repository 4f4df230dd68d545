import { fakeClock } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scope as scopeOf } from '../__fixtures__/call.js';
import type { CallScope } from '../pipeline/call-scope.js';
import { LimitPlan } from './limit-plan.js';
import { MemoryLedger } from './memory-ledger.js';
import { MemoryStateStore } from './memory-state-store.js';
import type { Applicant } from './queued-admission.js';
import { WaitingRoom } from './waiting-room.js';

const LIMITS = {
  gateway: { maxConcurrent: 3, budget: { usd: 0.000_000_4, per: 'hour' } },
  perTenant: { requestsPerMinute: 6, tokensPerMinute: 60 },
} as const;

type Step =
  | { readonly does: 'arrive'; readonly tenant: string; readonly tokens: number; readonly money: number }
  | { readonly does: 'end'; readonly at: number; readonly share: number }
  | { readonly does: 'cancel'; readonly at: number }
  | { readonly does: 'pass'; readonly ms: number };

const arrival = fc.record({
  does: fc.constant('arrive' as const),
  tenant: fc.constantFrom('a', 'b', 'c'),
  tokens: fc.integer({ min: 0, max: 60 }),
  money: fc.integer({ min: 0, max: 120 }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: arrival },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('end' as const),
      at: fc.nat(9),
      share: fc.integer({ min: 0, max: 130 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('cancel' as const), at: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 40_000 }) }) },
);

interface Call {
  readonly applicant: Applicant;
  readonly scope: CallScope;
  readonly arrivedAt: number;
  state: 'waiting' | 'running' | 'over';
}

/** Plays steps against a waiting room, and looks at the sums after each. */
class Play {
  readonly clock = fakeClock(Date.UTC(2026, 0, 1));
  readonly #store = new MemoryStateStore({ clock: this.clock, maxAccounts: 100 });
  readonly #ledger = new MemoryLedger(this.#store);
  readonly #plan = new LimitPlan(LIMITS, (model) => model);
  readonly room: WaitingRoom;
  readonly calls: Call[] = [];
  /** What calls took that reserved more than they were to. */
  #count = 0;

  constructor(readonly mayExceed: boolean) {
    this.room = new WaitingRoom({ clock: this.clock, ledger: this.#ledger, maxQueue: 8, maxQueueMs: 45_000 });
  }

  async do(one: Step): Promise<void> {
    if (one.does === 'arrive') this.#arrive(one);
    else if (one.does === 'pass') await this.clock.advance(one.ms);
    else if (one.does === 'end') this.end(this.#pick('running', one.at), one.share);
    else this.#cancel(this.#pick('waiting', one.at));
    await this.clock.advance(0);
    this.check();
  }

  end(call: Call | undefined, share: number): void {
    if (call === undefined) return;
    call.state = 'over';
    const part = this.mayExceed ? share : Math.min(100, share);
    const { amounts, limits } = call.applicant;
    const used = amounts.map(({ amount }, at) => {
      const { measure } = limits[at]!;
      return measure === 'concurrency' ? 0 : measure === 'requests' ? 1 : Math.round((amount * part) / 100);
    });
    this.#ledger.settle(call.applicant, used);
    this.room.left(1_000);
  }

  /** @throws what does not hold; plain, as it is looked at after every step */
  check(): void {
    const hold = (isSo: boolean, what: string): void => {
      if (!isSo) throw new Error(`does not hold: ${what}`);
    };
    const running = this.calls.filter(({ state }) => state === 'running').length;
    const waiting = this.calls.filter(({ state }) => state === 'waiting');
    for (const tenant of ['a', 'b', 'c']) {
      const limits = this.#plan.limitsFor({ tenant, model: undefined });
      for (const [at, { used, reserved, underestimated }] of this.#store.read(limits).entries()) {
        const { limit, measure, account } = limits[at]!;
        hold(used + reserved <= limit + underestimated, `${account} is within its limit`);
        hold(reserved >= 0, `${account} has nothing given back twice`);
        hold(this.mayExceed || underestimated === 0, `${account} is not under-estimated`);
        hold(measure !== 'concurrency' || reserved === running, 'every call that runs has a slot');
      }
    }
    hold(this.room.size === waiting.length && waiting.length <= 8, 'the queue holds who waits, within its bound');
    hold(
      waiting.every(({ arrivedAt }) => this.clock.now() - arrivedAt <= 45_000),
      'nobody waits longer than may be',
    );
  }

  running(): Call | undefined {
    return this.calls.find(({ state }) => state === 'running');
  }

  #arrive({ tenant, tokens, money }: Extract<Step, { does: 'arrive' }>): void {
    const limits = this.#plan.limitsFor({ tenant, model: undefined });
    const scope = scopeOf({ tenant }, this.clock);
    this.#count += 1;
    const amounts = limits.map(({ account, window, limit, measure }) => ({
      account,
      window,
      limit,
      amount: measure === 'usd' ? money : measure === 'tokens' ? tokens : 1,
    }));
    const applicant = { id: `call-${this.#count}`, limits, amounts, scope };
    const call: Call = { applicant, scope, arrivedAt: this.clock.now(), state: 'waiting' };
    this.calls.push(call);
    const admitted = async (): Promise<void> => {
      try {
        await this.room.enter(applicant);
        call.state = 'running';
      } catch {
        call.state = 'over';
      }
    };
    void admitted();
  }

  #pick(state: Call['state'], at: number): Call | undefined {
    const some = this.calls.filter((call) => call.state === state);
    return some[at % Math.max(1, some.length)];
  }

  #cancel(call: Call | undefined): void {
    call?.scope.cancel('enough');
  }
}

describe('any sequence of calls', () => {
  it.each([
    ['that stay within what they reserved never takes a limit beyond itself', false],
    ['takes a limit beyond itself by no more than the reported under-estimates', true],
  ])('%s, and leaves nothing behind', async (_, mayExceed) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const play = new Play(mayExceed);
        for (const one of steps) await play.do(one);
        for (let call = play.running(); call !== undefined; call = play.running()) {
          play.end(call, 50);
          await play.clock.advance(0);
          play.check();
        }
        // Who waits for a minute to pass gets in, or is refused at its time.
        for (let round = 0; round < 70 && play.room.size > 0; round += 1) {
          await play.clock.advance(1_000);
          play.end(play.running(), 50);
          await play.clock.advance(0);
        }
        for (let call = play.running(); call !== undefined; call = play.running()) {
          play.end(call, 0);
          await play.clock.advance(0);
        }
        play.check();
        expect([play.room.size, play.clock.pending]).toEqual([0, 0]);
      }),
      { numRuns: 150 },
    );
  });
});
