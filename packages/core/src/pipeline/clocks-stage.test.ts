import { describe, expect, it } from '@jest/globals';
import { batch, end, model, provider, request, scope, silent, start, textOf } from '../__fixtures__/call.js';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { errorOf } from '../__fixtures__/outcome.js';
import type { ClockLimits } from './clock-limits.js';
import { clocksStage, limitsFor } from './clocks-stage.js';
import { guardedSource } from './guard-stage.js';
import { SharedTimer } from './shared-timer.js';
import type { Source } from './stage.js';

const target = (reasoning: boolean) => ({
  provider: provider(silent),
  model: 'm1',
  info: model({ capabilities: { reasoning } }),
});

describe('the limits of an attempt', () => {
  it('give a model that thinks more time', () => {
    const quick = limitsFor({}, request(), target(false));
    const thinking = limitsFor({}, request(), target(true));
    expect([quick.firstContentMs, quick.idleMs]).toEqual([120_000, 60_000]);
    expect([thinking.firstContentMs, thinking.idleMs]).toEqual([600_000, 300_000]);
    expect(limitsFor({}, request(), undefined)).toEqual(quick);
  });

  it('bound a whole answer in all, and a stream not', () => {
    expect(limitsFor({}, request({ delivery: 'whole' }), undefined).totalMs).toBe(600_000);
    expect(limitsFor({}, request(), undefined).totalMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('are the host’s where the host gave any', () => {
    expect(limitsFor({ idleMs: 5 }, request(), target(true))).toMatchObject({ idleMs: 5, firstContentMs: 600_000 });
  });

  it('are those of the model where it has its own, and of the call before those', () => {
    const layers = [{ idleMs: 7, totalMs: 7 }, { totalMs: 9 }];
    expect(limitsFor({ idleMs: 5, connectMs: 5 }, request(), target(true), ...layers)).toMatchObject({
      connectMs: 5,
      idleMs: 7,
      totalMs: 9,
      firstContentMs: 600_000,
    });
  });

  it('stay in force where the host’s are undefined', () => {
    const unset = { idleMs: undefined, connectMs: undefined } as unknown as Partial<ClockLimits>;
    expect(limitsFor(unset, request(), undefined)).toEqual(limitsFor({}, request(), undefined));
  });
});

describe('the clocks stage', () => {
  const whole: Source = async () => ({ held: [batch(textOf('x'))], taps: [] });
  const open: Source = async () => ({
    held: [batch(textOf('x'))],
    rest: { next: () => new Promise(() => {}) },
    taps: [],
  });

  it('leaves no timer behind a whole answer or a failure', async () => {
    const clock = new FakeClock();
    await clocksStage(new SharedTimer(clock), {})(whole)(request(), scope());
    expect([clock.scheduled, clock.pending]).toEqual([1, 0]);
    const failing: Source = async () => {
      throw new Error('failed');
    };
    await errorOf(() => clocksStage(new SharedTimer(clock), {})(failing)(request(), scope()));
    expect(clock.pending).toBe(0);
  });

  it('leaves no timer behind a stream that ended', async () => {
    const clock = new FakeClock();
    const { taps } = await clocksStage(new SharedTimer(clock), {})(open)(request(), scope());
    for (const tap of taps) tap.onPull?.();
    expect(clock.pending).toBe(1);
    for (const tap of taps) tap.onEnd?.({ outcome: 'complete' });
    expect(clock.pending).toBe(0);
  });

  it('cancels the attempt and not the call', async () => {
    const clock = new FakeClock();
    const call = scope({}, clock);
    const hanging: Source = (_request, attempt) =>
      new Promise((_resolve, reject) => {
        attempt.onCancel(reject);
      });
    const running = errorOf(() => clocksStage(new SharedTimer(clock), { connectMs: 10 })(hanging)(request(), call));
    clock.advance(10);
    expect(await running).toMatchObject({ code: 'connect-timeout' });
    expect(call.cancelled).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('takes the limits of the call before those of the gateway, each for itself', async () => {
    const clock = new FakeClock();
    const call = scope({ clocks: { connectMs: 5 } }, clock);
    const hanging: Source = (_request, attempt) => new Promise((_resolve, reject) => attempt.onCancel(reject));
    const running = errorOf(() =>
      clocksStage(new SharedTimer(clock), { connectMs: 50, firstContentMs: 1 })(hanging)(request(), call),
    );
    clock.advance(1);
    expect(await running).toMatchObject({ code: 'first-content-timeout' });
  });

  it('does not take an upstream for unreachable that has begun to answer without saying that it connected', async () => {
    const clock = new FakeClock();
    const call = scope({}, clock);
    let goOn = (): void => {};
    call.target = {
      model: 'm1',
      provider: provider(async function* () {
        yield batch(start);
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        yield batch(textOf('late'), end);
      }),
    };
    const running = clocksStage(new SharedTimer(clock), { connectMs: 10 })(guardedSource(clock))(request(), call);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(20);
    goOn();
    await expect(running).resolves.toMatchObject({ held: [batch(start), batch(textOf('late'), end)] });
  });
});
