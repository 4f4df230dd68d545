import type { EventBatch } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { TextPieces, TextStream } from './text-stream.js';

const batch = (...texts: readonly string[]): EventBatch => ({
  events: texts.map((text) => ({ type: 'text-delta', text })),
});

const streamOf = (...batches: readonly EventBatch[]): TextStream => {
  const source = async function* (): AsyncGenerator<EventBatch> {
    yield* batches;
  };
  return new TextStream(
    async () => new TextPieces(source()),
    () => {},
  );
};

describe('TextStream', () => {
  it('loses and reorders nothing when several pieces are asked for at once', async () => {
    const stream = streamOf(batch('a', 'b'), batch(), batch('c', 'd', 'e'));
    const steps = await Promise.all(Array.from({ length: 7 }, () => stream.next()));
    expect(steps.map((step) => step.value)).toEqual(['a', 'b', 'c', 'd', 'e', undefined, undefined]);
    expect(steps.map((step) => step.done)).toEqual([false, false, false, false, false, true, true]);
  });

  it('ends with the answer, though the source goes on in silence', async () => {
    const source = async function* (): AsyncGenerator<EventBatch> {
      yield batch('a');
      const { events } = batch('b');
      yield { events: [...events, { type: 'response-end', reason: 'stop', rawReason: 'stop' }] };
      await new Promise(() => {});
    };
    const stream = new TextStream(
      async () => new TextPieces(source()),
      () => {},
    );
    const steps = await Promise.all([stream.next(), stream.next(), stream.next()]);
    expect(steps.map((step) => step.value)).toEqual(['a', 'b', undefined]);
  });

  it('hands out what came before a failure, then the failure, then the end', async () => {
    const failure = new Error('cut');
    const source = async function* (): AsyncGenerator<EventBatch> {
      yield batch('a', 'b');
      throw failure;
    };
    const stream = new TextStream(
      async () => new TextPieces(source()),
      () => {},
    );
    const steps = await Promise.allSettled(Array.from({ length: 4 }, () => stream.next()));
    expect(steps).toEqual([
      { status: 'fulfilled', value: { done: false, value: 'a' } },
      { status: 'fulfilled', value: { done: false, value: 'b' } },
      { status: 'rejected', reason: failure },
      { status: 'fulfilled', value: { done: true, value: undefined } },
    ]);
  });
});
