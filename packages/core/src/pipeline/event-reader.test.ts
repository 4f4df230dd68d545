import { fakeClock, hang, phase, rejectionOf, scriptedProvider, text } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { batch, request, scope, textOf } from '../__fixtures__/call.js';
import { createGateway, ReaderLeftError } from '../index.js';
import { EventReader } from './event-reader.js';
import type { Ending } from './stage.js';

describe('a reader that leaves while its call opens', () => {
  it('ends the taps of an answer that comes too late, and closes it', async () => {
    const endings: Ending[] = [];
    let left = 0;
    const rest = {
      next: () => new Promise<never>(() => undefined),
      return: async () => {
        left += 1;
        return { done: true, value: undefined } as const;
      },
    };
    const taps = [{ onEnd: (ending: Ending) => endings.push(ending) }];
    const source = async () => ({ held: [batch(textOf('a'))], rest, taps });
    const reader = new EventReader(request(), {
      source,
      begin: scope,
      onBatch: () => undefined,
      onOver: () => undefined,
    });
    const pending = reader.next();
    await reader.return();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(endings).toMatchObject([{ outcome: 'cancelled' }]);
    expect(left).toBe(1);
  });

  it('has its pending reads end as done, and who waits for the whole answer told that it has left', async () => {
    const scripted = scriptedProvider([[hang()], [hang()]]);
    const gateway = createGateway({ providers: [scripted], clock: fakeClock() });
    const stream = gateway.stream({ model: 'scripted:m', prompt: 'Hi' });
    const reader = stream[Symbol.asyncIterator]();
    const reads = [reader.next(), reader.next()];
    await scripted.waitForCall(1);
    await reader.return?.();
    expect(await Promise.all(reads)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    const other = gateway.stream({ model: 'scripted:m', prompt: 'Hi' });
    const whole = rejectionOf(other.final());
    await scripted.waitForCall(2);
    await other[Symbol.asyncIterator]().return?.();
    expect(await whole).toBeInstanceOf(ReaderLeftError);
  });

  it('in the middle of an answer ends a read that is pending as done', async () => {
    const scripted = scriptedProvider([[text('Hel'), hang()]]);
    const reader = createGateway({ providers: [scripted], clock: fakeClock() })
      .stream({ model: 'scripted:m', prompt: 'Hi' })
      [Symbol.asyncIterator]();
    while ((await reader.next()).value?.type !== 'text-delta');
    const pending = reader.next();
    await reader.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
  });

  it.each([
    ['once there is a connection', [phase('connected'), hang()], true],
    ['once it has told of bytes and nothing else', [phase('bytes', 5), hang()], true],
    ['before there is one', [hang()], false],
  ] as const)('has the attempt %s in its receipt as what it is', async (_, script, sent) => {
    const scripted = scriptedProvider([script]);
    const stream = createGateway({ providers: [scripted], clock: fakeClock() }).stream({
      model: 'scripted:m',
      prompt: 'Hi',
    });
    const reader = stream[Symbol.asyncIterator]();
    const pending = reader.next();
    await scripted.waitForCall(1);
    await new Promise((resolve) => setImmediate(resolve));
    await reader.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
    const { attempts } = await stream.receipt;
    expect(attempts).toMatchObject([{ outcome: 'cancelled', sent }]);
    expect(attempts[0]?.usage?.certainty).toBe(sent ? 'estimated' : undefined);
  });
});
