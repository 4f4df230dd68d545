import { fakeClock, hang, phase, scriptedProvider } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { batch, request, scope, textOf } from '../__fixtures__/call.js';
import { createGateway } from '../index.js';
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

  it.each([
    ['once there is a connection', [phase('connected'), hang()], true],
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
    await pending.catch(() => undefined);
    const { attempts } = await stream.receipt;
    expect(attempts).toMatchObject([{ outcome: 'cancelled', sent }]);
    expect(attempts[0]?.usage?.certainty).toBe(sent ? 'estimated' : undefined);
  });
});
