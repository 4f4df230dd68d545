import { describe, expect, it } from '@jest/globals';
import { batch, end, scope, start, textOf } from '../__fixtures__/call.js';
import { errorOf, stateOf } from '../__fixtures__/outcome.js';
import { PluginCall } from '../__fixtures__/plugin-call.js';
import type { StreamEvent } from '../contract/stream-event.js';
import { RateLimitedError } from '../errors/upstream-errors.js';
import { GuardedCall } from './guarded-call.js';

const guard = (call = scope()) => {
  const plugin = new PluginCall();
  return { plugin, call, guarded: new GuardedCall(plugin, call, 'p1') };
};

const toolStart: StreamEvent = { type: 'tool-call-start', index: 0, id: 'c1', name: 'find' };
const toolEnd = (argumentsJson: string): StreamEvent => ({ ...toolStart, type: 'tool-call-end', argumentsJson });

/** Plays batches against the guard; the last one that is read decides. */
const play = async (...events: readonly (readonly StreamEvent[])[]) => {
  const parts = guard();
  let outcome: unknown;
  for (const one of events) {
    const reading = parts.guarded.next();
    parts.plugin.yields(batch(...one));
    outcome = await reading.catch((error: unknown) => error);
  }
  return { ...parts, outcome };
};

describe('an answer that keeps the contract', () => {
  it('passes untouched, and the guard notes content and end', async () => {
    const { plugin, guarded } = guard();
    const seen: unknown[] = [];
    for (const one of [batch(start), batch(textOf('Hi')), batch(textOf('!'), end)]) {
      const reading = guarded.next();
      plugin.yields(one);
      const step = await reading;
      expect(step.value).toBe(one);
      seen.push([guarded.committed, guarded.ended]);
    }
    expect(seen).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ]);
    await expect(guarded.next()).resolves.toEqual({ done: true, value: undefined });
    expect([plugin.reads, plugin.returns]).toEqual([3, 0]);
  });

  it('may have no content at all', async () => {
    const { guarded, outcome } = await play([start, end]);
    expect(outcome).toMatchObject({ done: false });
    expect([guarded.committed, guarded.ended]).toEqual([false, true]);
  });

  it('may hold finished tool calls', async () => {
    const { outcome } = await play([toolStart], [toolEnd('{"q":"x"}'), end]);
    expect(outcome).toMatchObject({ done: false });
  });

  it('is not cancelled any more once it has ended', async () => {
    const { call, guarded, plugin } = await play([textOf('x'), end]);
    call.cancel('late');
    await expect(guarded.next()).resolves.toEqual({ done: true, value: undefined });
    expect(plugin.returns).toBe(0);
  });
});

describe('a breach of the contract', () => {
  const breaches: readonly (readonly [what: string, events: readonly (readonly StreamEvent[])[], word: string])[] = [
    ['content after the end in one batch', [[textOf('x'), end, textOf('y')]], '`text-delta` after `response-end`'],
    ['two ends', [[end, end]], '`response-end` after `response-end`'],
    ['an end with a tool call open', [[toolStart, end]], 'with a tool call open'],
    [
      'an end with one of two tool calls open',
      [[toolStart, { ...toolStart, index: 1 }, toolEnd('{}'), end]],
      'tool call open',
    ],
    ['a tool call whose arguments are cut', [[toolStart, toolEnd('{"q":')]], 'tool "find" are not JSON'],
    ['a tool call without arguments', [[toolStart, toolEnd('')]], 'are not JSON'],
  ];

  it.each(breaches)('%s is the plugin’s fault, and its call is closed', async (_what, events, word) => {
    const { plugin, guarded, outcome } = await play(...events);
    expect(outcome).toMatchObject({ code: 'provider-fault', failureClass: 'malformed' });
    expect((outcome as Error).message).toContain('"p1"');
    expect((outcome as Error).message).toContain(word);
    expect(plugin.returns).toBe(1);
    await guarded.return();
    expect(plugin.returns).toBe(1);
  });

  it('does not print the arguments that are not JSON', async () => {
    const { outcome } = await play([toolStart, toolEnd('{"private": tru')]);
    expect((outcome as Error).message).not.toContain('private');
  });

  it.each([
    ['before any event', []],
    ['after content', [[start, textOf('x')]]],
  ] as const)('an end of input without proof is an interruption: %s', async (_when, events) => {
    const { plugin, guarded } = await play(...events);
    const reading = errorOf(() => guarded.next());
    plugin.stops();
    expect(await reading).toMatchObject({ code: 'stream-interrupted', failureClass: 'truncated' });
  });

  it.each([
    ['no batch', { done: false, value: undefined }],
    ['null for a batch', { done: false, value: null }],
    ['a batch without events', { done: false, value: {} }],
    ['a batch whose events are no list', { done: false, value: { events: 7 } }],
    ['an event that is none', { done: false, value: { events: [null] } }],
    ['no step', undefined],
    ['null for a step', null],
  ])('%s is the plugin’s fault, and nobody waits for ever', async (_what, step) => {
    const { plugin, guarded } = guard();
    const reading = guarded.next();
    const outcome = reading.catch((error: unknown) => error);
    plugin.answers(step);
    expect(await stateOf(reading)).toBe('rejected');
    expect(await outcome).toMatchObject({ code: 'provider-fault' });
  });

  it('a step that is no promise is the plugin’s fault', async () => {
    const broken = { next: () => ({ done: true, value: undefined }) } as unknown as PluginCall;
    const error = await errorOf(() => new GuardedCall(broken, scope(), 'p1').next());
    expect(error).toMatchObject({ code: 'provider-fault' });
  });
});

describe('an error', () => {
  it('of ours passes untouched', async () => {
    const failure = new RateLimitedError('Slow down.');
    const { plugin, guarded } = guard();
    const reading = errorOf(() => guarded.next());
    plugin.throws(failure);
    expect(await reading).toBe(failure);
  });

  it.each([
    ['a TypeError', new TypeError('x is undefined')],
    ['a text', 'oops'],
    ['nothing', undefined],
    ['an AbortError of its own', new DOMException('aborted', 'AbortError')],
  ])('of another kind is wrapped with its cause: %s', async (_what, cause) => {
    const { plugin, guarded } = guard();
    const reading = errorOf(() => guarded.next());
    plugin.throws(cause);
    const error = await reading;
    expect(error).toMatchObject({ code: 'provider-fault', message: expect.stringContaining('"p1"') });
    expect((error as Error).cause).toBe(cause);
  });

  it('thrown at once instead of rejected is wrapped too', async () => {
    const cause = new TypeError('at once');
    const broken = {
      next: () => {
        throw cause;
      },
    } as unknown as PluginCall;
    expect(await errorOf(() => new GuardedCall(broken, scope(), 'p1').next())).toMatchObject({
      code: 'provider-fault',
      cause,
    });
  });

  it('ends the call: nothing is read afterwards', async () => {
    const { plugin, guarded } = guard();
    const reading = errorOf(() => guarded.next());
    plugin.throws(new RateLimitedError('Slow down.'));
    await reading;
    await expect(guarded.next()).resolves.toEqual({ done: true, value: undefined });
    expect(plugin.reads).toBe(1);
  });
});

describe('a cancel', () => {
  it('settles a pending read at once with the reason untouched, although the plugin hangs', async () => {
    const { plugin, call, guarded } = guard();
    const reason = new Error('enough');
    const reading = errorOf(() => guarded.next());
    call.cancel(reason);
    expect(await reading).toBe(reason);
    expect(plugin.returns).toBe(1);
  });

  it('settles the read of a generator that hangs in next(), whose return() waits behind it', async () => {
    let closed = false;
    const generator = (async function* () {
      try {
        yield batch(textOf('x'));
        await new Promise(() => {});
      } finally {
        closed = true;
      }
    })();
    const call = scope();
    const guarded = new GuardedCall(generator, call, 'p1');
    await guarded.next();
    const reading = errorOf(() => guarded.next());
    call.cancel('why');
    expect(await reading).toBe('why');
    expect(closed).toBe(false);
  });

  it('closes a generator that waits at its yield', async () => {
    let closed = false;
    const generator = (async function* () {
      try {
        yield batch(textOf('x'));
      } finally {
        closed = true;
      }
    })();
    const call = scope();
    const guarded = new GuardedCall(generator, call, 'p1');
    await guarded.next();
    call.cancel('why');
    expect(await errorOf(() => guarded.next())).toBe('why');
    expect(closed).toBe(true);
  });

  it('between two reads fails the next one without asking the plugin', async () => {
    const { call, guarded, plugin } = await play([textOf('x')]);
    call.cancel('why');
    expect(await errorOf(() => guarded.next())).toBe('why');
    expect([plugin.reads, plugin.returns]).toEqual([1, 1]);
  });

  it('before the call began fails the first read', async () => {
    const call = scope();
    call.cancel('why');
    const { guarded, plugin } = guard(call);
    expect(await errorOf(() => guarded.next())).toBe('why');
    expect([plugin.reads, plugin.returns]).toEqual([0, 1]);
  });

  it.each(['yields', 'stops', 'throws'] as const)('makes what the plugin %s afterwards irrelevant', async (way) => {
    const { plugin, call, guarded } = guard();
    const reading = errorOf(() => guarded.next());
    call.cancel('why');
    plugin[way](batch(textOf('late'), end));
    expect(await reading).toBe('why');
    expect([guarded.committed, guarded.ended]).toEqual([false, false]);
  });

  it('may be thrown by the plugin itself as the reason', async () => {
    const { plugin, call, guarded } = guard();
    call.onCancel((reason) => plugin.throws(reason));
    const reading = errorOf(() => guarded.next());
    call.cancel('why');
    expect(await reading).toBe('why');
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('return failed');
      },
    ],
    ['rejects', () => Promise.reject(new Error('return failed'))],
    ['gives no promise', () => ({ done: true, value: undefined })],
    ['is not there', undefined],
  ])('is not hindered by a return() that %s', async (_how, returning) => {
    const plugin = new PluginCall();
    Object.assign(plugin, { return: returning });
    const call = scope();
    const guarded = new GuardedCall(plugin, call, 'p1');
    const reading = errorOf(() => guarded.next());
    expect(() => call.cancel('why')).not.toThrow();
    expect(await reading).toBe('why');
  });
});

describe('a reader that leaves', () => {
  it('closes the plugin’s side once, without waiting for it', async () => {
    const { plugin, guarded } = guard();
    plugin.return = () => {
      plugin.returns += 1;
      return new Promise(() => {});
    };
    await guarded.return();
    await guarded.return();
    expect(plugin.returns).toBe(1);
  });

  it('is not told of a cancel afterwards', async () => {
    const { plugin, call, guarded } = guard();
    await guarded.return();
    call.cancel('why');
    expect(plugin.returns).toBe(1);
  });
});
