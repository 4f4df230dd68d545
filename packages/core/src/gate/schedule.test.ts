import { end, type FakeClock, fail, fakeClock, scriptedProvider, seededRandom, text, wait } from '@headrace/testing';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import {
  createGateway,
  type GatewayError,
  type GatewayOptions,
  InvalidRequestError,
  OverloadedError,
  QuotaExhaustedError,
  RateLimitedError,
  type Receipt,
  TransportError,
  UpstreamError,
} from '../index.js';

const FAILURES = {
  rate: (hint: object) => new RateLimitedError('too fast', hint),
  quota: (hint: object) => new QuotaExhaustedError('no money', hint),
  capacity: (hint: object) => new OverloadedError('full', hint),
  upstream: (hint: object) => new UpstreamError('down', hint),
  transport: (hint: object) => new TransportError('gone', hint),
  caller: (hint: object) => new InvalidRequestError([{ field: 'prompt', message: 'is wrong' }], hint),
};
type Kind = keyof typeof FAILURES | 'good';
const COUNTS_FOR_BREAKER: readonly Kind[] = ['capacity', 'upstream', 'transport'];

/** What an upstream does with one attempt. */
interface Reaction {
  readonly kind: Kind;
  readonly durationMs: number;
  readonly hintMs: number | undefined;
}

interface PlannedCall {
  readonly afterMs: number;
  readonly maxAttempts: number;
  readonly timeoutMs: number | undefined;
  readonly abortAfterMs: number | undefined;
}

/** One thing that happened at an upstream, in the order in which it did. */
interface Entry {
  readonly what: 'begin' | 'end';
  readonly target: string;
  /** Of the attempt, over all targets. */
  readonly id: number;
  readonly call: string;
  readonly at: number;
  readonly reaction: Reaction;
  /** Of an end: stopped by our side, which is no news of the upstream. */
  readonly wasStopped?: boolean;
}

interface Finished {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly receipt: Receipt | undefined;
}

const RETRY = { maxAttempts: 3, baseDelayMs: 400, maxDelayMs: 4_000, maxHintMs: 15_000 };
const BREAKER = { windowMs: 3_600_000, minAttempts: 2, failureShare: 0.5, openMs: 5_000, maxOpenMs: 20_000 };

const reaction = (kinds: readonly Kind[]) =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    durationMs: fc.nat(3_000),
    hintMs: fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined, freq: 3 }),
  });
const ALL: readonly Kind[] = ['good', 'rate', 'quota', 'capacity', 'upstream', 'transport', 'caller'];
const script = (kinds = ALL) => fc.array(reaction(kinds), { minLength: 1, maxLength: 40 });
const calls = fc.array(
  fc.record({
    afterMs: fc.nat(4_000),
    maxAttempts: fc.integer({ min: 1, max: 6 }),
    timeoutMs: fc.option(fc.integer({ min: 1, max: 30_000 }), { nil: undefined }),
    abortAfterMs: fc.option(fc.nat(20_000), { nil: undefined, freq: 6 }),
  }),
  { minLength: 1, maxLength: 14 },
);
const seed = fc.integer();

/** Plays calls against targets that react as scripted, all on a clock of its own; says what reached them and how it ended. */
const play = async (
  reactions: Readonly<Record<string, readonly Reaction[]>>,
  planned: readonly PlannedCall[],
  seedOfChance: number,
  options: Partial<GatewayOptions>,
): Promise<{ readonly log: readonly Entry[]; readonly finished: readonly Finished[]; readonly clock: FakeClock }> => {
  const clock = fakeClock();
  const log: Entry[] = [];
  let ids = 0;
  const providers = Object.entries(reactions).map(([id, made]) => {
    let next = 0;
    const provider = scriptedProvider(
      [
        () => {
          const context = provider.calls.at(-1)?.context;
          const turn = made[next % made.length] ?? { kind: 'good', durationMs: 0, hintMs: undefined };
          next += 1;
          ids += 1;
          const entry = { target: id, id: ids, call: context?.tenant ?? '', reaction: turn };
          log.push({ ...entry, what: 'begin', at: clock.now() });
          const until = new Promise<void>((resolve) => {
            const over = (wasStopped: boolean): void => {
              log.push({ ...entry, what: 'end', at: clock.now(), wasStopped });
              resolve();
            };
            const stop = clock.schedule(turn.durationMs, () => over(false));
            context?.onCancel(() => {
              stop();
              if (log.every((one) => one.what !== 'end' || one.id !== entry.id)) over(true);
            });
          });
          if (turn.kind === 'good') return [wait(until), text('Hello'), end()];
          const hint = turn.hintMs === undefined ? {} : { retryAfterMs: turn.hintMs };
          return [wait(until), fail(FAILURES[turn.kind](hint))];
        },
      ],
      { id, repeatLast: true },
    );
    return provider;
  });
  const gateway = createGateway({
    providers,
    clock,
    random: seededRandom(seedOfChance),
    routes: { chat: { targets: providers.map(({ name }) => `${name}:m`) } },
    retry: RETRY,
    ...options,
  });
  const finished: Promise<Finished>[] = [];
  for (const [at, { afterMs, maxAttempts, timeoutMs, abortAfterMs }] of planned.entries()) {
    await clock.advance(afterMs);
    const controller = new AbortController();
    const startedAt = clock.now();
    if (abortAfterMs !== undefined) clock.schedule(abortAfterMs, () => controller.abort('enough'));
    const asked = gateway.complete({
      model: 'chat',
      prompt: 'Hi',
      tenant: `call ${at}`,
      maxAttempts,
      signal: controller.signal,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    finished.push(
      asked.then(
        ({ receipt }) => ({ startedAt, endedAt: clock.now(), receipt }),
        (error: GatewayError) => ({ startedAt, endedAt: clock.now(), receipt: error.receipt }),
      ),
    );
  }
  await clock.advance(3_600_000);
  const all = { log, finished: await Promise.all(finished), clock };
  await gateway.dispose();
  return all;
};

const begins = (log: readonly Entry[], call: number): readonly Entry[] =>
  log.filter(({ what, call: of }) => what === 'begin' && of === `call ${call}`);

/** What holds for every call under any policy. */
const expectBounds = (planned: readonly PlannedCall[], { log, finished, clock }: Awaited<ReturnType<typeof play>>) => {
  for (const [at, { maxAttempts, timeoutMs = Number.POSITIVE_INFINITY, abortAfterMs }] of planned.entries()) {
    const { startedAt, endedAt, receipt } = finished[at] ?? { startedAt: 0, endedAt: 0, receipt: undefined };
    const made = begins(log, at);
    expect(made.length).toBeLessThanOrEqual(maxAttempts);
    if (receipt !== undefined) expect(receipt.attempts).toHaveLength(made.length);
    for (const attempt of made) expect(attempt.at).toBeLessThan(startedAt + timeoutMs);
    expect(endedAt).toBeLessThanOrEqual(startedAt + Math.min(timeoutMs, abortAfterMs ?? Number.POSITIVE_INFINITY));
  }
  expect(clock.pending).toBe(0);
};

// Thousands of calls, each on a clock that lets everything run between two timers.
jest.setTimeout(60_000);

describe('the schedule of any call', () => {
  it('keeps to attempts, deadline, hints and jitter, whatever one target does', async () => {
    await fc.assert(
      fc.asyncProperty(script(), calls, seed, async (made, planned, chance) => {
        const played = await play({ a: made }, planned, chance, {});
        expectBounds(planned, played);
        for (const [at] of planned.entries()) {
          const own = played.log.filter(({ call }) => call === `call ${at}`);
          for (const [turn, begin] of own.filter(({ what }) => what === 'begin').entries()) {
            const before = own.filter(({ what, id }) => what === 'end' && id < begin.id).at(-1);
            if (before === undefined) continue;
            const waitedMs = begin.at - before.at;
            const hintMs = before.reaction.hintMs ?? 0;
            expect(['rate', 'capacity', 'upstream', 'transport']).toContain(before.reaction.kind);
            expect(waitedMs).toBeGreaterThanOrEqual(hintMs);
            expect(waitedMs).toBeLessThanOrEqual(
              hintMs + Math.min(RETRY.maxDelayMs, RETRY.baseDelayMs * 2 ** (turn - 1)),
            );
            expect(hintMs).toBeLessThanOrEqual(RETRY.maxHintMs);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('keeps to its bounds over two targets, with and without a gate', async () => {
    const gates = fc.constantFrom<GatewayOptions['gate']>(
      undefined,
      {},
      { breaker: BREAKER, concurrency: { perTarget: 2, maxQueued: 3, maxWaitMs: 5_000 } },
      { breaker: { ...BREAKER, minAttempts: 1 }, concurrency: { perKey: 1 } },
    );
    await fc.assert(
      fc.asyncProperty(script(), script(), calls, gates, seed, async (a, b, planned, gate, chance) => {
        expectBounds(planned, await play({ a, b }, planned, chance, gate === undefined ? {} : { gate }));
      }),
      { numRuns: 30 },
    );
  });
});

describe('the schedule behind a gate', () => {
  it('asks no target before the time that it told any call', async () => {
    await fc.assert(
      fc.asyncProperty(script(), script(), calls, seed, async (a, b, planned, chance) => {
        const { log } = await play({ a, b }, planned, chance, { gate: {} });
        const restUntil = new Map<string, number>();
        for (const { what, target, at, reaction: made, wasStopped } of log) {
          const until = restUntil.get(target) ?? 0;
          if (what === 'begin') expect(at).toBeGreaterThanOrEqual(until);
          else if (wasStopped === false && made.kind !== 'good' && made.kind !== 'caller')
            restUntil.set(target, Math.max(until, at + (made.hintMs ?? 0)));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('asks nobody whose circuit is open, and then by one attempt until that has ended', async () => {
    const kinds: readonly Kind[] = ['good', 'capacity', 'upstream', 'transport', 'caller', 'rate'];
    let probed = 0;
    await fc.assert(
      fc.asyncProperty(script(kinds), calls, seed, async (made, planned, chance) => {
        const { log } = await play({ a: made }, planned, chance, { gate: { breaker: BREAKER, coolDown: false } });
        let [good, bad] = [0, 0];
        let openedAt: number | undefined;
        let probe: number | undefined;
        for (const {
          what,
          id,
          at,
          reaction: { kind },
          wasStopped,
        } of log) {
          if (openedAt === undefined) {
            if (what === 'begin' || wasStopped === true) continue;
            if (kind === 'good') good += 1;
            if (COUNTS_FOR_BREAKER.includes(kind)) bad += 1;
            const opens =
              COUNTS_FOR_BREAKER.includes(kind) && good + bad >= BREAKER.minAttempts && bad >= (good + bad) / 2;
            if (opens) openedAt = at;
          } else if (what === 'begin') {
            expect(at).toBeGreaterThanOrEqual(openedAt + BREAKER.openMs);
            expect(probe).toBeUndefined();
            probe = id;
            probed += 1;
          } else if (id === probe) return;
        }
      }),
      { numRuns: 60 },
    );
    // Otherwise it showed nothing.
    expect(probed).toBeGreaterThan(0);
  });

  it('never has more attempts under way than it may, and leaves no call behind', async () => {
    const limit = fc.integer({ min: 1, max: 3 });
    await fc.assert(
      fc.asyncProperty(script(), script(), calls, limit, seed, async (a, b, planned, perTarget, chance) => {
        const gate = { breaker: false as const, coolDown: false, concurrency: { perTarget } };
        const { log } = await play({ a, b }, planned, chance, { gate });
        const running = new Map<string, number>();
        for (const { what, target } of log) {
          const count = (running.get(target) ?? 0) + (what === 'begin' ? 1 : -1);
          running.set(target, count);
          expect(count).toBeLessThanOrEqual(perTarget);
        }
      }),
      { numRuns: 30 },
    );
  });
});
