import { describe, expect, it } from '@jest/globals';
import { provider, scope, silent } from '../__fixtures__/call.js';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { errorOf, stateOf } from '../__fixtures__/outcome.js';

const nothing = (): void => {};

describe('cancelling', () => {
  it('tells every listener why, in the order in which they came, and then aborts the signal', () => {
    const call = scope();
    const seen: string[] = [];
    const reason = new Error('enough');
    call.signal.addEventListener('abort', () => seen.push(`signal ${String(call.signal.reason === reason)}`));
    call.onCancel((why) => seen.push(`first ${String(why === reason)}`));
    call.onCancel((why) => seen.push(`second ${String(why === reason)}`));
    call.cancel(reason);
    expect(seen).toEqual(['first true', 'second true', 'signal true']);
    expect([call.cancelled, call.cancelReason]).toEqual([true, reason]);
  });

  it('happens once: the first reason holds', () => {
    const call = scope();
    const reasons: unknown[] = [];
    call.onCancel((reason) => reasons.push(reason));
    call.cancel('first');
    call.cancel('second');
    expect(reasons).toEqual(['first']);
    expect(call.cancelReason).toBe('first');
  });

  it('is seen by listeners as done already', () => {
    const call = scope();
    let cancelled = false;
    call.onCancel(() => {
      cancelled = call.cancelled;
    });
    call.cancel('why');
    expect(cancelled).toBe(true);
  });

  it('calls a late listener at once', () => {
    const call = scope();
    call.cancel('why');
    const reasons: unknown[] = [];
    const forget = call.onCancel((reason) => reasons.push(reason));
    expect(reasons).toEqual(['why']);
    expect(forget).not.toThrow();
  });

  it('does not call a listener that was taken back', () => {
    const call = scope();
    const seen: string[] = [];
    call.onCancel(() => seen.push('stays'));
    const forget = call.onCancel(() => seen.push('goes'));
    forget();
    forget();
    call.cancel('why');
    expect(seen).toEqual(['stays']);
  });

  it('takes back one registration of a function and leaves its other one', () => {
    const call = scope();
    let calls = 0;
    const listener = (): void => {
      calls += 1;
    };
    const forget = call.onCancel(listener);
    call.onCancel(listener);
    forget();
    forget();
    call.cancel('why');
    expect(calls).toBe(1);
  });

  it('reaches every listener and the signal although one of them throws, and does not throw itself', () => {
    const call = scope();
    const { signal } = call;
    const seen: string[] = [];
    call.onCancel(() => {
      throw new Error('a plugin that fails while it is told');
    });
    call.onCancel(() => seen.push('second'));
    expect(() => call.cancel('why')).not.toThrow();
    expect(seen).toEqual(['second']);
    expect(signal.aborted).toBe(true);
  });
});

describe('the signal', () => {
  it('is one and the same however often it is read', () => {
    const call = scope();
    expect(call.signal).toBe(call.signal);
    expect(call.signal.aborted).toBe(false);
  });

  it('is aborted with the reason untouched, also when read after the cancel', () => {
    const reason = { any: 'thing' };
    const call = scope();
    call.cancel(reason);
    expect(call.signal.aborted).toBe(true);
    expect(call.signal.reason).toBe(reason);
  });

  it('is made only for who asks', () => {
    const made: unknown[] = [];
    const { AbortController: Real } = globalThis;
    globalThis.AbortController = class extends Real {
      constructor() {
        super();
        made.push(this);
      }
    };
    try {
      const call = scope();
      const attempt = call.attempt({ onPhase: nothing });
      attempt.onCancel(nothing);
      call.cancel('why');
      expect(made).toEqual([]);
      expect(attempt.signal.aborted).toBe(true);
      expect(made).toHaveLength(1);
    } finally {
      globalThis.AbortController = Real;
    }
  });
});

describe('an attempt', () => {
  it('is cancelled with its call', () => {
    const call = scope();
    const attempt = call.attempt({ onPhase: nothing });
    call.cancel('why');
    expect([attempt.cancelled, attempt.cancelReason]).toEqual([true, 'why']);
  });

  it('of a cancelled call is cancelled from the beginning', () => {
    const call = scope();
    call.cancel('why');
    expect(call.attempt({ onPhase: nothing })).toMatchObject({ cancelled: true, cancelReason: 'why' });
  });

  it('that is cancelled leaves the call and the other attempts alone', () => {
    const call = scope();
    const [first, second] = [call.attempt({ onPhase: nothing }), call.attempt({ onPhase: nothing })];
    first.cancel('slow');
    expect([first.cancelled, second.cancelled, call.cancelled]).toEqual([true, false, false]);
  });

  it('that is over hears no more of its call', () => {
    const call = scope();
    const attempt = call.attempt({ onPhase: nothing });
    attempt.close();
    attempt.close();
    call.cancel('why');
    expect(attempt.cancelled).toBe(false);
  });

  it('shares target, deadline, attempts, tenant, trace and warnings with its call', () => {
    const trace = { traceparent: '00-1-2-00' };
    const call = scope({ deadline: 500, tenant: 'acme', trace });
    call.target = { provider: provider(silent), model: 'm1' };
    const attempt = call.attempt({ onPhase: nothing });
    expect(attempt.target).toBe(call.target);
    expect([attempt.deadline, attempt.tenant, attempt.trace]).toEqual([500, 'acme', trace]);
    attempt.attempts.spend();
    expect(call.attempts.spent).toBe(1);
    attempt.warn({ code: 'limits-local', message: 'm' });
    attempt.warn({ code: 'limits-local', message: 'm' });
    expect(call.facts.record.warnings).toEqual([{ code: 'limits-local', message: 'm' }]);
  });

  it('reports its phases to its own listener', () => {
    const phases: unknown[] = [];
    const call = scope();
    const attempt = call.attempt({ onPhase: (phase, bytes) => phases.push([phase, bytes]) });
    attempt.onPhase('connected');
    attempt.onPhase('bytes', 7);
    call.onPhase('headers');
    expect(phases).toEqual([
      ['connected', undefined],
      ['bytes', 7],
    ]);
  });
});

describe('sleeping', () => {
  it('ends when the time is over and not before', async () => {
    const clock = new FakeClock();
    const sleeping = scope().sleep(clock, 100);
    clock.advance(99);
    expect(await stateOf(sleeping)).toBe('pending');
    clock.advance(1);
    await expect(sleeping).resolves.toBeUndefined();
  });

  it('ends with the reason as soon as the call is cancelled, and leaves no timer', async () => {
    const clock = new FakeClock();
    const call = scope();
    const sleeping = errorOf(() => call.sleep(clock, 100));
    call.cancel('why');
    expect(await sleeping).toBe('why');
    expect(clock.pending).toBe(0);
  });

  it('does not begin in a cancelled call', async () => {
    const clock = new FakeClock();
    const call = scope();
    call.cancel('why');
    expect(await errorOf(() => call.sleep(clock, 100))).toBe('why');
    expect(clock.pending).toBe(0);
  });

  it('leaves no listener behind', async () => {
    const clock = new FakeClock();
    const call = scope();
    const sleeping = call.sleep(clock, 10);
    clock.advance(10);
    await sleeping;
    expect(() => call.cancel('later')).not.toThrow();
    expect(await stateOf(sleeping)).toBe('fulfilled');
  });
});
