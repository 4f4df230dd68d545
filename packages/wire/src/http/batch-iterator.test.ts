import type { StreamEvent } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { BatchIterator, type BatchSource } from './batch-iterator.js';

const text = (value: string): StreamEvent => ({ type: 'text-delta', text: value });
const source = (parts: Partial<BatchSource> = {}): BatchSource => ({ start() {}, taken() {}, left() {}, ...parts });

describe('the iterator of batches', () => {
  it('keeps what a source brings while it is told of the taking out of the batch handed out', async () => {
    const more = ['b', 'c'];
    const batches: BatchIterator = new BatchIterator(
      source({
        taken() {
          const next = more.shift();
          if (next !== undefined) batches.pending.push(text(next));
        },
      }),
    );
    batches.pending.push(text('a'));
    for (const expected of ['a', 'b', 'c']) {
      expect(await batches.next()).toEqual({ done: false, value: { events: [text(expected)] } });
    }
  });

  it('starts its source once, at the first next()', async () => {
    let starts = 0;
    const batches = new BatchIterator(source({ start: () => void (starts += 1) }));
    expect(starts).toBe(0);
    const asked = [batches.next(), batches.next()];
    expect(starts).toBe(1);
    batches.close();
    expect(await Promise.all(asked)).toEqual(Array(2).fill({ done: true, value: undefined }));
  });

  it('gives a source that fails at once its error', async () => {
    const batches: BatchIterator = new BatchIterator(source({ start: () => batches.close({ error: 'now' }) }));
    await expect(batches.next()).rejects.toBe('now');
    expect(await batches.next()).toEqual({ done: true, value: undefined });
  });

  it('keeps the first of several outcomes', async () => {
    const batches = new BatchIterator(source());
    batches.close({ error: 'first' });
    batches.close({ error: 'second' });
    batches.close();
    await expect(batches.next()).rejects.toBe('first');
  });

  it('forgets an error nobody asked for when the reader leaves', async () => {
    const batches = new BatchIterator(source());
    batches.close({ error: 'unseen' });
    await batches.return();
    batches.close({ error: 'late' });
    expect(await batches.next()).toEqual({ done: true, value: undefined });
  });
});
