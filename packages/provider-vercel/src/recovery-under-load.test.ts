import { getEventListeners, setMaxListeners } from 'node:events';
import { setImmediate as nextImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type Clock,
  createGateway,
  GatewayError,
  type GatewayOptions,
  MemoryReceiptStore,
  type Receipt,
  RecoveryFailedError,
} from '@headrace/core';
import { cut, end, reset, seededRandom, startUpstream, text, type UpstreamStep } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey, canaryPrompt } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';

const CALLS = 2_000;
const ATTEMPTS = 3;
const MODEL = 'openai/gpt-4.1-nano';

type Fate = 'reset' | 'cut' | 'whole';

const answerOf = (call: string): string => `Answer ${call}: all is well that ends well.`;

/** A slow machine may be busy with two thousand calls for longer than a connection may take: it would fail, and be asked for again. */
const SLOW_MS = 120_000;

/** What becomes of each request to the flaky upstream, by call and try: the same in every run. */
const fates = (): ReadonlyMap<string, readonly Fate[]> => {
  const random = seededRandom(17);
  const fate = (): Fate => {
    const drawn = random();
    return drawn < 0.2 ? 'reset' : drawn < 0.3 ? 'cut' : 'whole';
  };
  return new Map(Array.from({ length: CALLS }, (_, at) => [`${at + 1}`, Array.from({ length: ATTEMPTS }, fate)]));
};

const callOf = (body: string): string => /call (\d+)\./.exec(body)?.[1] ?? 'none';

/** The system's clock, and the timers of its users that are still to fire. */
const countedClock = (): Clock & { readonly pending: ReadonlySet<object> } => {
  const pending = new Set<object>();
  return {
    pending,
    now: () => performance.now(),
    epochMs: () => Date.now(),
    schedule: (delayMs, callback) => {
      const timer = setTimeout(() => {
        pending.delete(timer);
        callback();
      }, delayMs);
      pending.add(timer);
      return () => {
        pending.delete(timer);
        clearTimeout(timer);
      };
    },
  };
};

/** What was made for calls, as long as somebody holds it. */
class Kept {
  readonly #all: WeakRef<object>[] = [];

  add(one: object): void {
    this.#all.push(new WeakRef(one));
  }

  get size(): number {
    return this.#all.filter((one) => one.deref() !== undefined).length;
  }

  /** How many of them are still held when all that can be collected was. */
  async afterCollection(): Promise<number> {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    for (let turn = 0; turn < 20; turn += 1) {
      // A weak reference that was read, or made, keeps what it is for to the end of the turn.
      await nextImmediate();
      collect();
      await nextImmediate();
      if (this.size === 0) return 0;
    }
    return this.size;
  }
}

/** What else may stand around a call. The circuit stays closed: the flaky upstream is to be asked to the end. */
const everyStage = (seen: Kept): Partial<GatewayOptions> => ({
  gate: { breaker: { minAttempts: CALLS, failureShare: 1 }, concurrency: { perTarget: CALLS } },
  limits: { gateway: { maxConcurrent: CALLS, requestsPerMinute: CALLS, budget: { usd: 1_000, per: 'total' } } },
  defaults: { maxOutputTokens: 1_000 },
  hedging: { minDelayMs: 60_000, initialDelayMs: 60_000, maxDelayMs: 60_000 },
  cache: {},
  middleware: [
    {
      name: 'onlooker',
      forCall: (call) => {
        seen.add(call);
        return { onEvents: () => undefined };
      },
    },
  ],
  observers: [
    {
      onCall: (call) => {
        seen.add(call);
        return { onReceipt: () => undefined };
      },
    },
  ],
  receipts: new MemoryReceiptStore({ maxReceipts: 100 }),
});

/** What keeps this process alive, by kind: timers, requests under way, and connections at either end. */
const openResources = (): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

interface Outcome {
  readonly call: string;
  readonly delivered: string;
  readonly error: unknown;
  readonly receipt: Receipt;
}

describe('2,000 calls at a time over an upstream that resets a fifth of them and cuts a tenth', () => {
  it.each<[string, (seen: Kept) => Partial<GatewayOptions>]>([
    ['recovery alone', () => ({})],
    ['all stages', everyStage],
  ])(
    'end whole but for at most one of a hundred that were cut, and leave nothing behind, with %s',
    async (_, more) => {
      const before = openResources();
      const kept = new Kept();
      const owner = new AbortController();
      setMaxListeners(0, owner.signal);
      const plan = fates();
      const tries = new Map<string, number>();
      const wasCut = new Set<string>();
      await using flaky = await startUpstream({ repeatLast: true }, ({ body }) => {
        const call = callOf(body);
        const at = tries.get(call) ?? 0;
        tries.set(call, at + 1);
        const fate = plan.get(call)?.[at] ?? 'whole';
        if (fate === 'reset') return [reset()];
        const half: readonly UpstreamStep[] = [text(answerOf(call).slice(0, 10)), text(answerOf(call).slice(10, 20))];
        if (fate === 'whole') return [...half, text(answerOf(call).slice(20)), end()];
        wasCut.add(call);
        return [...half, cut()];
      });
      await using healthy = await startUpstream({ repeatLast: true }, ({ body }) => {
        const answer = answerOf(callOf(body));
        return [text(answer.slice(0, 7)), text(answer.slice(7)), end()];
      });
      const account = (id: string, baseUrl: string) =>
        vercel({ id, apiKey: canaryKey(), baseUrl, env: {}, catalogue: { refresh: false }, connectTimeoutMs: SLOW_MS });
      const clock = countedClock();
      const gateway = createGateway({
        providers: [account('flaky', flaky.url), account('healthy', healthy.url)],
        routes: { chat: { targets: [`flaky:${MODEL}`, `healthy:${MODEL}`] } },
        retry: { maxAttempts: ATTEMPTS, baseDelayMs: 10 },
        // Two thousand calls share a few hundred connections: some wait long on a slow machine.
        clocks: { connectMs: SLOW_MS },
        recovery: 'verify',
        random: seededRandom(4),
        clock,
        ...more(kept),
      });
      const play = async (call: string): Promise<Outcome> => {
        const stream = gateway.stream({
          model: 'chat',
          prompt: canaryPrompt(`This is call ${call}.`),
          signal: owner.signal,
        });
        kept.add(stream);
        let delivered = '';
        try {
          for await (const piece of stream.text()) delivered += piece;
          return { call, delivered, error: undefined, receipt: await stream.receipt };
        } catch (error) {
          return { call, delivered, error, receipt: await stream.receipt };
        }
      };
      const outcomes = await Promise.all([...plan.keys()].map(play));

      expect(wasCut.size).toBeGreaterThan(CALLS * 0.05);
      const failed = outcomes.filter(({ error }) => error !== undefined);
      // Not one of the others.
      expect(failed.filter(({ call }) => !wasCut.has(call)).map(({ error }) => error)).toEqual([]);
      expect(failed.length).toBeLessThanOrEqual(wasCut.size / 100);
      for (const { error } of failed) expect(error).toBeInstanceOf(RecoveryFailedError);
      for (const { call, delivered, error, receipt } of outcomes) {
        if (error !== undefined) continue;
        // None is cut short, none has a character twice.
        expect(delivered).toBe(answerOf(call));
        expect(receipt.outcome).toBe('complete');
      }
      const recovered = outcomes.filter(({ receipt }) => receipt.recovery !== undefined);
      expect(new Set(recovered.map(({ call }) => call))).toEqual(wasCut);

      const attempts = outcomes.map(({ receipt }) => receipt.attempts.length);
      expect(Math.max(...attempts)).toBeLessThanOrEqual(ATTEMPTS);
      expect(attempts.reduce((sum, count) => sum + count, 0)).toBe(flaky.requests.length + healthy.requests.length);

      await Promise.all([...flaky.requests, ...healthy.requests].map(({ played }) => played));
      // All of this while the gateway goes on: a call leaves nothing behind in it.
      expect(getEventListeners(owner.signal, 'abort')).toEqual([]);
      expect((await gateway.limits()).filter(({ reserved }) => reserved > 0)).toEqual([]);
      expect(kept.size).toBeGreaterThan(0);
      expect(await kept.afterCollection()).toBe(0);
      await gateway.dispose();
      await Promise.all([...flaky.requests, ...healthy.requests].map(({ closed }) => closed));
      expect([flaky.connections.open, healthy.connections.open]).toEqual([0, 0]);
      expect(clock.pending.size).toBe(0);
      await Promise.all([flaky.close(), healthy.close()]);
      const after = openResources();
      for (const kind of ['TCPSocketWrap', 'Timeout'])
        expect([kind, (after[kind] ?? 0) <= (before[kind] ?? 0)]).toEqual([kind, true]);
      expect(failed.every(({ error }) => GatewayError.is(error))).toBe(true);
    },
    240_000,
  );
});
