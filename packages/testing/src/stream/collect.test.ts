import type { EventBatch } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { collect, collectEvents, collectText, collectUntilError, nextEvent } from './collect.js';
import { rejectionOf } from './rejection-of.js';

async function* batches(): AsyncGenerator<EventBatch> {
  yield { events: [{ type: 'response-start', responseId: 'r', model: 'm' }] };
  yield {
    events: [
      { type: 'text-delta', text: 'a' },
      { type: 'text-delta', text: 'b' },
    ],
  };
  yield { events: [{ type: 'response-end', reason: 'stop', rawReason: 'stop' }] };
}

async function* breaking(): AsyncGenerator<string> {
  yield 'a';
  throw new Error('broken');
}

async function* of<T>(...items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

describe('the collectors', () => {
  it('collect items, events and text', async () => {
    expect(await collect(batches())).toHaveLength(3);
    expect((await collectEvents(batches())).map(({ type }) => type)).toEqual([
      'response-start',
      'text-delta',
      'text-delta',
      'response-end',
    ]);
    expect(await collectText(batches())).toBe('ab');
    expect(await collectText(of('x', 'y'))).toBe('xy');
    expect(await collectText(of({ type: 'text-delta' as const, text: 'z' }))).toBe('z');
  });

  it('pass on a failure, or keep what came before it', async () => {
    expect(await rejectionOf(collect(breaking()))).toMatchObject({ message: 'broken' });
    expect(await collectUntilError(breaking())).toMatchObject({
      items: ['a'],
      ended: 'thrown',
      error: { message: 'broken' },
    });
    expect(await collectUntilError(of(1))).toEqual({ items: [1], ended: 'whole', error: undefined });
  });

  it('read on to an event of a type, and say when none came', async () => {
    const iterator = batches();
    expect((await nextEvent(iterator, 'text-delta')).text).toBe('a');
    expect((await nextEvent(iterator, 'response-end')).reason).toBe('stop');
    expect(await rejectionOf(nextEvent(iterator, 'text-delta'))).toMatchObject({
      message: "the stream ended before any 'text-delta'",
    });
  });
});

describe('rejectionOf', () => {
  it('rejects when there was no rejection, without showing the value', async () => {
    await expect(rejectionOf(Promise.resolve('secret'))).rejects.toThrow(/^expected a rejection; .* string$/);
  });
});
