import assert from 'node:assert/strict';
import { ask, type StoreBench, type StoreGroup } from './store-bench.js';

/** How long what is used now counts: as long as the store refuses one more. */
const SPANS = [
  { window: 'hour', beforeMs: 29 * 60_000 + 59_000 },
  { window: 'day', beforeMs: (9 * 60 + 29) * 60_000 + 59_000 },
  { window: 'month', beforeMs: (21 * 24 * 60 + 9 * 60 + 29) * 60_000 + 59_000 },
] as const;

const fill = async (bench: StoreBench, window: 'minute' | 'hour' | 'day' | 'month' | 'total'): Promise<void> => {
  await bench.settle(await bench.reserve(ask(window, 10, 10)), window, 10);
};

export const windowCases: StoreGroup = {
  subject: 'windows',
  cases: [
    {
      name: 'counts what was begun in the last minute, for 60 s and no longer than 61 s',
      run: async (bench) => {
        await bench.clock.advance(500);
        await fill(bench, 'minute');
        await bench.clock.advance(59_999);
        await bench.refused(ask('minute', 1, 10));
        await bench.clock.advance(1_001);
        await bench.reserve(ask('minute', 10, 10));
      },
    },
    {
      name: 'lets what was begun earlier in the minute go earlier',
      run: async (bench) => {
        await bench.settle(await bench.reserve(ask('minute', 4, 10)), 'minute', 4);
        await bench.clock.advance(30_000);
        await bench.settle(await bench.reserve(ask('minute', 6, 10)), 'minute', 6);
        await bench.clock.advance(31_000);
        await bench.reserve(ask('minute', 4, 10));
        await bench.refused(ask('minute', 1, 10));
        await bench.clock.advance(30_000);
        await bench.reserve(ask('minute', 6, 10));
      },
    },
    {
      name: 'says when there will be room in the minute, and keeps its word',
      run: async (bench) => {
        await bench.settle(await bench.reserve(ask('minute', 6, 10)), 'minute', 6);
        await bench.clock.advance(20_300);
        await bench.reserve(ask('minute', 4, 10));
        const { freesInMs } = await bench.refused(ask('minute', 6, 10));
        assert.ok(freesInMs !== undefined && freesInMs > 39_000 && freesInMs <= 41_000, `not ${freesInMs} ms`);
        await bench.clock.advance(freesInMs);
        await bench.reserve(ask('minute', 6, 10));
        assert.equal((await bench.refused(ask('minute', 11, 10))).freesInMs, undefined, 'there never will be room');
      },
    },
    {
      name: 'counts by the hour, the day and the month in UTC, and says when the next one begins',
      run: async (bench) => {
        for (const { window } of SPANS) await fill(bench, window);
        let passedMs = 0;
        for (const { window, beforeMs } of SPANS) {
          await bench.clock.advance(beforeMs - passedMs);
          const { freesInMs } = await bench.refused(ask(window, 1, 10));
          assert.equal(freesInMs, 1_000);
          await bench.clock.advance(1_000);
          await bench.reserve(ask(window, 10, 10));
          passedMs = beforeMs + 1_000;
        }
      },
    },
    {
      name: 'lets nothing go of what is limited in all',
      run: async (bench) => {
        await fill(bench, 'total');
        await bench.clock.advance(400 * 24 * 60 * 60_000);
        assert.equal((await bench.refused(ask('total', 1, 10))).freesInMs, undefined);
      },
    },
    {
      name: 'names no time where it depends on calls under way',
      run: async (bench) => {
        for (const window of ['open', 'day', 'total'] as const) {
          await bench.reserve(ask(window, 10, 10));
          assert.equal((await bench.refused(ask(window, 1, 10))).freesInMs, undefined, window);
        }
      },
    },
    {
      name: 'counts a call in the hour in which it was reserved',
      run: async (bench) => {
        const id = await bench.reserve(ask('hour', 8, 10));
        await bench.clock.advance(31 * 60_000);
        assert.deepEqual(await bench.sums('hour'), [0, 0]);
        await bench.settle(id, 'hour', 7);
        assert.deepEqual(await bench.sums('hour'), [0, 0]);
        await bench.reserve(ask('hour', 10, 10));
      },
    },
    {
      name: 'counts a call in the minute in which it was reserved',
      run: async (bench) => {
        const id = await bench.reserve(ask('minute', 8, 10));
        await bench.clock.advance(40_000);
        await bench.settle(id, 'minute', 7);
        await bench.refused(ask('minute', 4, 10));
        await bench.clock.advance(21_000);
        assert.deepEqual(await bench.sums('minute'), [0, 0]);
        const late = await bench.reserve(ask('minute', 8, 10));
        await bench.clock.advance(100_000);
        await bench.settle(late, 'minute', 7);
        assert.deepEqual(await bench.sums('minute'), [0, 0]);
      },
    },
  ],
};
