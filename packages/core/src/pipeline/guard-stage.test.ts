import { describe, expect, it } from '@jest/globals';
import { batch, end, provider, request, scope, start, textOf } from '../__fixtures__/call.js';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { errorOf, stateOf } from '../__fixtures__/outcome.js';
import { PluginCall } from '../__fixtures__/plugin-call.js';
import type { CallContext } from '../contract/call-context.js';
import type { Provider } from '../contract/provider.js';
import type { StreamEvent } from '../contract/stream-event.js';
import { MissingCredentialError } from '../errors/access-errors.js';
import { guardedSource } from './guard-stage.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const begin = (call: Provider['call']) => {
  const clock = new FakeClock();
  const attempt = scope({}, clock);
  attempt.target = { provider: provider(call), model: 'm1' };
  return { clock, attempt, opening: guardedSource(clock)(request(), attempt) };
};

/** A plugin played by hand. */
const byHand = () => {
  const plugin = new PluginCall();
  return { plugin, ...begin(() => ({ [Symbol.asyncIterator]: () => plugin })) };
};

const answering = (...batches: readonly (readonly StreamEvent[])[]) =>
  begin(async function* () {
    for (const events of batches) yield batch(...events);
  });

describe('opening an answer', () => {
  it('holds back what comes before the first content', async () => {
    const warning: StreamEvent = { type: 'warning', warning: { code: 'w', message: 'm' } };
    const { opening } = answering([start], [warning], [textOf('x')], [textOf('y'), end]);
    const { held, rest } = await opening;
    expect(held).toEqual([batch(start), batch(warning), batch(textOf('x'))]);
    await expect(rest?.next()).resolves.toEqual({ done: false, value: batch(textOf('y'), end) });
    await expect(rest?.next()).resolves.toEqual({ done: true, value: undefined });
  });

  it('has no rest when the answer is complete', async () => {
    expect(await answering([start, textOf('x'), end]).opening).toEqual({
      held: [batch(start, textOf('x'), end)],
      taps: [],
    });
    expect(await answering([start], [end]).opening).toEqual({ held: [batch(start), batch(end)], taps: [] });
  });

  it('asks the provider of the target, once, with the request and the attempt', async () => {
    const calls: unknown[] = [];
    const { opening, attempt } = begin(async function* (asked, context) {
      calls.push([asked, context]);
      yield batch(end);
    });
    await opening;
    expect(calls).toEqual([[request(), attempt]]);
  });

  it('fails as the plugin fails', async () => {
    const failure = new MissingCredentialError('No key.');
    const { opening } = begin(async function* () {
      yield batch(start);
      throw failure;
    });
    expect(await errorOf(() => opening)).toBe(failure);
  });

  it('fails with what the contract says when the plugin ends without proof', async () => {
    expect(await errorOf(() => answering([start]).opening)).toMatchObject({ code: 'stream-interrupted' });
    expect(await errorOf(() => answering().opening)).toMatchObject({ code: 'stream-interrupted' });
  });

  it('fails with the reason when the attempt is cancelled', async () => {
    const { opening, attempt, plugin } = byHand();
    attempt.cancel('why');
    expect(await errorOf(() => opening)).toBe('why');
    expect(plugin.returns).toBe(1);
  });

  it('ends an answer that never comes to its content', async () => {
    let closed = false;
    const { opening } = begin(async function* () {
      try {
        for (;;) yield batch(start);
      } finally {
        closed = true;
      }
    });
    expect(await errorOf(() => opening)).toMatchObject({ code: 'provider-fault' });
    expect(closed).toBe(true);
  });

  it('needs a target', async () => {
    const error = await errorOf(() => guardedSource(new FakeClock())(request(), scope()));
    expect(error).toMatchObject({ code: 'provider-fault' });
  });
});

describe('a plugin that fails while it is called', () => {
  it('with something foreign is at fault', async () => {
    const cause = new TypeError('at once');
    const { opening } = begin(() => {
      throw cause;
    });
    expect(await errorOf(() => opening)).toMatchObject({ code: 'provider-fault', cause });
  });

  it('with an error of ours keeps it, so that its class decides', async () => {
    const failure = new MissingCredentialError('No key.');
    const { opening } = begin(() => {
      throw failure;
    });
    expect(await errorOf(() => opening)).toBe(failure);
  });

  it.each([
    ['nothing', undefined],
    ['an object', {}],
    ['an iterable of another kind', [batch(end)]],
  ])('because it returns %s is at fault', async (_what, returned) => {
    const { opening } = begin(() => returned as never);
    expect(await errorOf(() => opening)).toMatchObject({ code: 'provider-fault' });
  });
});

describe('after the proof of the end', () => {
  const ended = async () => {
    const parts = byHand();
    await settled();
    parts.plugin.yields(batch(textOf('x'), end));
    await parts.opening;
    return parts;
  };

  it('the plugin may finish, so that its connection serves again, and no timer stays', async () => {
    const { plugin, clock } = await ended();
    expect([plugin.reads, clock.pending]).toEqual([2, 1]);
    plugin.stops();
    await settled();
    expect([plugin.returns, clock.pending]).toEqual([0, 0]);
  });

  it('the same holds for an answer that came in parts, once its reader has seen the end', async () => {
    const { plugin, clock, opening } = byHand();
    await settled();
    plugin.yields(batch(textOf('x')));
    const { rest, taps } = await opening;
    const reading = rest?.next();
    plugin.yields(batch(end));
    await reading;
    expect([plugin.reads, clock.pending]).toEqual([2, 0]);
    for (const tap of taps) tap.onEnd?.({ outcome: 'complete' });
    await settled();
    expect([plugin.reads, clock.pending]).toEqual([3, 1]);
  });

  it('a plugin that resolves with nothing behind its end is closed at once', async () => {
    let [reads, returns] = [0, 0];
    const { opening } = begin(() => ({
      [Symbol.asyncIterator]: () => ({
        next: () => {
          reads += 1;
          return Promise.resolve(reads === 1 ? { done: false, value: batch(textOf('x'), end) } : (undefined as never));
        },
        return: () => {
          returns += 1;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    }));
    await opening;
    await settled();
    expect([reads, returns]).toEqual([2, 1]);
  });

  it('a plugin that does not finish is closed after a while', async () => {
    const { plugin, clock } = await ended();
    clock.advance(999);
    expect(plugin.returns).toBe(0);
    clock.advance(1);
    expect([plugin.returns, clock.pending]).toEqual([1, 0]);
  });

  it('a generator that hangs behind its end is told to stop, since its return() waits behind its next()', async () => {
    let context: CallContext | undefined;
    const { opening, clock } = begin(async function* (_request, given) {
      context = given;
      yield batch(textOf('x'), end);
      await new Promise<void>((_resolve, reject) => {
        given.onCancel(reject);
      });
    });
    await opening;
    expect(context?.cancelled).toBe(false);
    clock.advance(1_000);
    expect(context?.cancelled).toBe(true);
  });

  it('a plugin that goes on talking is closed', async () => {
    const { plugin, clock } = await ended();
    plugin.yields(batch(textOf('more')));
    await settled();
    expect([plugin.returns, clock.pending]).toEqual([1, 0]);
  });

  it('a failure changes nothing any more', async () => {
    const { plugin, clock } = await ended();
    plugin.throws(new Error('late'));
    await settled();
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
  ])('a step that is %s harms nobody', async (_what, step) => {
    const { plugin, clock } = await ended();
    plugin.answers(step);
    await settled();
    expect(clock.pending).toBe(0);
  });

  it('a return() that throws harms nobody', async () => {
    const { plugin, clock } = await ended();
    plugin.return = () => {
      throw new Error('return failed');
    };
    expect(() => clock.advance(1_000)).not.toThrow();
  });

  it('a failed or cancelled answer does not linger', async () => {
    const { plugin, clock, opening, attempt } = byHand();
    await settled();
    plugin.yields(batch(textOf('x')));
    const { rest, taps } = await opening;
    attempt.cancel('why');
    for (const tap of taps) tap.onEnd?.({ outcome: 'cancelled', reason: 'why' });
    expect(await errorOf(() => rest?.next())).toBe('why');
    expect([plugin.reads, plugin.returns, clock.pending]).toEqual([1, 1, 0]);
    expect(await stateOf(opening)).toBe('fulfilled');
  });
});
