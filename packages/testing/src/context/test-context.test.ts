import { describe, expect, it } from '@jest/globals';
import { testContext } from './test-context.js';

describe('testContext', () => {
  it('tells its listeners once, and those who come late at once', () => {
    const context = testContext();
    const heard: unknown[] = [];
    const takeBack = context.onCancel(() => heard.push('taken back'));
    context.onCancel((reason) => heard.push(reason));
    takeBack();
    expect(context.cancelListeners).toBe(1);
    context.cancel('first');
    context.cancel('second');
    context.onCancel((reason) => heard.push(`late ${String(reason)}`));
    expect(heard).toEqual(['first', 'late first']);
    expect([context.cancelled, context.cancelReason, context.cancelListeners]).toEqual([true, 'first', 0]);
  });

  it('aborts its signal with the reason, whenever the signal is asked for', () => {
    const [early, late] = [testContext(), testContext()];
    const { signal } = early;
    expect(signal.aborted).toBe(false);
    for (const context of [early, late]) context.cancel('why');
    expect([signal.reason, late.signal.aborted, late.signal.reason]).toEqual(['why', true, 'why']);
    expect(late.signal).toBe(late.signal);
  });

  it('is cancelled with an error when no reason is given', () => {
    const context = testContext();
    context.cancel();
    expect(context.cancelReason).toBeInstanceOf(Error);
  });

  it('keeps phases, warnings and the budget of attempts', () => {
    const context = testContext({ attemptLimit: 1, deadline: 5, tenant: 't', trace: { traceparent: 'p' }, key: 'k' });
    context.onPhase('connected');
    context.onPhase('bytes', 3);
    context.warn({ code: 'c', message: 'm' });
    context.attempts.spend();
    expect(() => context.attempts.spend()).toThrow(expect.objectContaining({ code: 'attempts-exhausted' }));
    expect(context).toMatchObject({
      deadline: 5,
      tenant: 't',
      key: 'k',
      trace: { traceparent: 'p' },
      attempts: { limit: 1, spent: 1 },
      phases: [{ phase: 'connected' }, { phase: 'bytes', bytes: 3 }],
      warnings: [{ code: 'c', message: 'm' }],
    });
  });
});
