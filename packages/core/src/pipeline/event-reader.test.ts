import { describe, expect, it } from '@jest/globals';
import { batch, request, scope, textOf } from '../__fixtures__/call.js';
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
    const reader = new EventReader(source, request(), {
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
});
