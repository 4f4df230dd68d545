import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { GatewayOptions, RetryOptions } from '../index.js';
import {
  type Entry,
  type Kind,
  type PlannedCall,
  type Played,
  play,
  type Reaction,
} from './__fixtures__/played-schedule.js';

const COUNTS_FOR_BREAKER: readonly Kind[] = ['capacity', 'upstream', 'transport'];
const BREAKER = { windowMs: 3_600_000, minAttempts: 2, failureShare: 0.5, openMs: 5_000, maxOpenMs: 20_000 };

const reaction = (kinds: readonly Kind[]) =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    durationMs: fc.nat(3_000),
    hintMs: fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined, freq: 3 }),
    beginsAtOnce: fc.boolean(),
  });
const ALL: readonly Kind[] = ['good', 'rate', 'quota', 'capacity', 'upstream', 'transport', 'caller'];
const script = (kinds = ALL) => fc.array(reaction(kinds), { minLength: 1, maxLength: 40 });
const calls = fc.array(
  fc.record({
    afterMs: fc.nat(4_000),
    isStreamed: fc.boolean(),
    maxAttempts: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    timeoutMs: fc.option(fc.integer({ min: 1, max: 30_000 }), { nil: undefined }),
    abortAfterMs: fc.option(fc.nat(20_000), { nil: undefined, freq: 6 }),
  }),
  { minLength: 1, maxLength: 14 },
);
const policy: fc.Arbitrary<RetryOptions> = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 6 }),
  baseDelayMs: fc.nat(2_000),
  maxDelayMs: fc.nat(12_000),
  maxHintMs: fc.nat(25_000),
});
const seed = fc.integer();

const DOWN: Reaction = { kind: 'upstream', durationMs: 300, hintMs: undefined, beginsAtOnce: false };
const GOOD: Reaction = { ...DOWN, kind: 'good' };
const CALL: PlannedCall = {
  afterMs: 100,
  isStreamed: false,
  maxAttempts: undefined,
  timeoutMs: undefined,
  abortAfterMs: undefined,
};
const EAGER: RetryOptions = { maxAttempts: 6, baseDelayMs: 10, maxDelayMs: 10, maxHintMs: 10 };

const begins = (log: readonly Entry[], call: number): readonly Entry[] =>
  log.filter(({ what, call: of }) => what === 'begin' && of === `call ${call}`);

/** What holds for every call under any policy. */
const expectBounds = (planned: readonly PlannedCall[], retry: RetryOptions, { log, finished, clock }: Played) => {
  expect(finished).toHaveLength(planned.length);
  for (const [at, { startedAt, endedAt, receipt, text: whole }] of finished.entries()) {
    const { maxAttempts, timeoutMs = Number.POSITIVE_INFINITY, abortAfterMs } = planned[at] ?? {};
    const made = begins(log, at);
    if (whole !== undefined) expect(whole).toBe('Hello');
    expect(made.length).toBeLessThanOrEqual(maxAttempts ?? retry.maxAttempts);
    if (receipt !== undefined) expect(receipt.attempts).toHaveLength(made.length);
    for (const attempt of made) expect(attempt.at).toBeLessThan(startedAt + timeoutMs);
    expect(endedAt).toBeLessThanOrEqual(startedAt + Math.min(timeoutMs, abortAfterMs ?? Number.POSITIVE_INFINITY));
  }
  expect(clock.pending).toBe(0);
};

// Thousands of calls, each on a clock that lets everything run between two timers.
jest.setTimeout(120_000);

// The clock of a test does not wait for code that comes with the first call.
beforeAll(async () => {
  await Promise.all([
    import('./target-gate.js'),
    import('../pipeline/routed-call.js'),
    import('../pipeline/recovery/recoverable-stream.js'),
    import('../pipeline/keyed-retry.js'),
    import('../hedging/hedger.js'),
  ]);
});

describe('the schedule of any call', () => {
  it('keeps to attempts, deadline, hints and jitter, whatever one target does', async () => {
    await fc.assert(
      fc.asyncProperty(script(), calls, policy, seed, async (made, planned, retry, chance) => {
        const played = await play({ a: made }, planned, chance, { retry });
        expectBounds(planned, retry, played);
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
              hintMs + Math.min(retry.maxDelayMs, retry.baseDelayMs * 2 ** (turn - 1)),
            );
            expect(hintMs).toBeLessThanOrEqual(retry.maxHintMs);
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
    const cut: Reaction = { ...DOWN, beginsAtOnce: true };
    const streamed: PlannedCall = { ...CALL, isStreamed: true };
    let recovered = 0;
    await fc.assert(
      fc.asyncProperty(script(), script(), calls, policy, gates, seed, async (a, b, planned, retry, gate, chance) => {
        const options = gate === undefined ? { retry } : { retry, gate };
        const played = await play({ a, b }, planned, chance, options);
        expectBounds(planned, retry, played);
        recovered += played.finished.filter(({ receipt }) => receipt?.recovery?.succeeded === true).length;
      }),
      // Chance alone may bring no stream that is cut and then recovered.
      { numRuns: 30, examples: [[[cut], [GOOD], [streamed], EAGER, undefined, 1]] },
    );
    expect(recovered).toBeGreaterThan(0);
  });

  it('keeps to its bounds with second attempts, several keys, and answers that are gone on with from where they were cut', async () => {
    const hedging = fc.option(
      fc.record({ initialDelayMs: fc.integer({ min: 1, max: 3_000 }), maxShare: fc.constantFrom(0.5, 1) }),
      { nil: undefined },
    );
    const keys = fc.constantFrom(undefined, ['one', 'two'], ['one', 'two', 'three']);
    const mode = fc.constantFrom<'verify' | 'continue'>('verify', 'continue');
    const streamed: PlannedCall = { ...CALL, isStreamed: true };
    const cut: Reaction = { ...DOWN, beginsAtOnce: true };
    const slow: Reaction = { ...GOOD, durationMs: 3_000 };
    const tooFast: Reaction = { ...DOWN, kind: 'rate', hintMs: 9_000 };
    const shown = { hedged: 0, continued: 0, rotated: 0 };
    await fc.assert(
      fc.asyncProperty(
        script(),
        script(),
        calls,
        policy,
        fc.record({ hedging, keys, mode }),
        seed,
        async (a, b, planned, retry, { hedging: second, keys: names, mode: recovery }, chance) => {
          const options: Partial<GatewayOptions> = second === undefined ? { retry } : { retry, hedging: second };
          const setup = names === undefined ? { recovery } : { recovery, keys: names };
          const played = await play({ a, b }, planned, chance, options, setup);
          expectBounds(planned, retry, played);
          const restUntil = new Map<string, number>();
          for (const { what, target, key, at, reaction: made, wasStopped } of played.log) {
            if (key === undefined) continue;
            const name = `${target} ${key}`;
            // A key that was told to rest is not shown again before that.
            if (what === 'begin') expect(at).toBeGreaterThanOrEqual(restUntil.get(name) ?? 0);
            else if (wasStopped === false && (made.kind === 'rate' || made.kind === 'quota'))
              restUntil.set(name, Math.max(restUntil.get(name) ?? 0, at + (made.hintMs ?? 0)));
          }
          for (const { receipt } of played.finished) {
            const { attempts = [], recovery: repaired } = receipt ?? {};
            if (attempts.some(({ role }) => role === 'hedge')) shown.hedged += 1;
            if (repaired?.succeeded === true && repaired.mode === 'continue') shown.continued += 1;
            if (new Set(attempts.map(({ provider, key }) => key && `${provider} ${key}`)).size > 1) shown.rotated += 1;
          }
        },
      ),
      {
        numRuns: 30,
        examples: [
          [
            [slow],
            [GOOD],
            [streamed],
            EAGER,
            { hedging: { initialDelayMs: 500, maxShare: 1 }, keys: undefined, mode: 'verify' },
            1,
          ],
          [[cut], [GOOD], [streamed], EAGER, { hedging: undefined, keys: undefined, mode: 'continue' }, 1],
          [
            [tooFast, GOOD],
            [GOOD],
            [CALL, CALL, CALL],
            EAGER,
            { hedging: undefined, keys: ['one', 'two'], mode: 'verify' },
            1,
          ],
        ],
      },
    );
    expect(Object.entries(shown).filter(([, count]) => count === 0)).toEqual([]);
  });

  it('is the same for the same script, clock and chance, and for them alone', async () => {
    const planned = [CALL, { ...CALL, isStreamed: true }];
    const reactions = {
      a: [DOWN, { ...DOWN, kind: 'rate' as const, hintMs: 2_000 }, { ...DOWN, beginsAtOnce: true }],
      b: [DOWN, { ...DOWN, kind: 'capacity' as const, beginsAtOnce: true }, GOOD],
    };
    const logOf = async (chance: number) =>
      (await play(reactions, planned, chance, { gate: {}, retry: { maxAttempts: 6 } })).log;
    const log = await logOf(1);
    expect(log.length).toBeGreaterThan(6);
    expect(await logOf(1)).toEqual(log);
    expect(await logOf(2)).not.toEqual(log);
  });
});

describe('the schedule behind a gate', () => {
  it('asks no target before the time that it told any call', async () => {
    await fc.assert(
      fc.asyncProperty(script(), script(), calls, policy, seed, async (a, b, planned, retry, chance) => {
        const { log } = await play({ a, b }, planned, chance, { gate: {}, retry });
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

  it('asks nobody whose circuit is open, and then by one attempt until that has ended, or brought nothing for `openMs`', async () => {
    const kinds: readonly Kind[] = ['good', 'capacity', 'upstream', 'transport', 'caller', 'rate'];
    let probed = 0;
    await fc.assert(
      fc.asyncProperty(script(kinds), calls, policy, seed, async (made, planned, retry, chance) => {
        const { log } = await play({ a: made }, planned, chance, {
          gate: { breaker: BREAKER, coolDown: false },
          retry,
        });
        let [good, bad] = [0, 0];
        let openedAt: number | undefined;
        let probe: number | undefined;
        let probedAt = 0;
        for (const {
          what,
          id,
          at,
          reaction: { kind },
          isShown,
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
            if (probe !== undefined) {
              // It has brought nothing for so long that another one may try.
              expect(at).toBeGreaterThanOrEqual(probedAt + BREAKER.openMs);
              return;
            }
            probe = id;
            probedAt = at;
            probed += 1;
            // With its first content the others come back.
            if (isShown) return;
          } else if (id === probe) return;
        }
      }),
      // Chance alone may open no circuit that is then asked again.
      {
        numRuns: 60,
        examples: [[[DOWN, DOWN, GOOD], [CALL, { ...CALL, afterMs: 2 * BREAKER.openMs }, CALL], EAGER, 1]],
      },
    );
    expect(probed).toBeGreaterThan(0);
  });

  it('never has more attempts under way than it may, and leaves no call behind', async () => {
    const limit = fc.integer({ min: 1, max: 3 });
    await fc.assert(
      fc.asyncProperty(
        script(),
        script(),
        calls,
        policy,
        limit,
        seed,
        async (a, b, planned, retry, perTarget, chance) => {
          const gate = { breaker: false as const, coolDown: false, concurrency: { perTarget } };
          const { log } = await play({ a, b }, planned, chance, { gate, retry });
          const running = new Map<string, number>();
          for (const { what, target } of log) {
            const count = (running.get(target) ?? 0) + (what === 'begin' ? 1 : -1);
            running.set(target, count);
            expect(count).toBeLessThanOrEqual(perTarget);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
