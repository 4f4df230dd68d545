import { describe, expect, it } from '@jest/globals';
import { batch, provider, request, scope, silent, textOf } from '../__fixtures__/call.js';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { errorOf } from '../__fixtures__/outcome.js';
import { InvalidRequestError, OverloadedError, TimeoutError } from '../index.js';
import { clocksStage } from './clocks-stage.js';
import { LearnedLatencies } from './learned-latencies.js';
import { SharedTimer } from './shared-timer.js';
import type { Source } from './stage.js';

const make = async (before: readonly number[] = []) => {
  const clock = new FakeClock();
  const learned = new LearnedLatencies(clock);
  for (const ms of before) learned.answered('p:m', 'stream', ms, clock.now());
  const { stream } = await learned.load();
  const failed = (error: unknown, elapsedMs = 0, isCancelled = false) => {
    learned.failed('p:m', 'stream', { error, elapsedMs, isCancelled });
    return stream.times('p:m');
  };
  return { clock, learned, failed, stream };
};

describe('what is learned of attempts', () => {
  it('is kept of those that were over before there were books', async () => {
    const { stream } = await make([30, 10, 20]);
    expect(stream.times('p:m')).toEqual({ typicalMs: 20, samples: 3, failures: 0, isNew: false });
  });

  it('counts a failure as never, unless it was about the request', async () => {
    const { failed } = await make();
    expect(failed(new InvalidRequestError([{ field: 'x', message: 'is wrong.' }])).samples).toBe(0);
    expect(failed(new Error('of nobody knows what')).samples).toBe(0);
    expect(failed(new OverloadedError('full'))).toMatchObject({ samples: 1, failures: 1 });
  });

  it('takes the time of one that was given up only where it was long', async () => {
    const { failed } = await make([10, 10, 10]);
    expect(failed(new Error('left'), 9, true).samples).toBe(3);
    expect(failed(new Error('left'), 11, true)).toMatchObject({ samples: 4, failures: 0 });
    // The caller's own deadline is no failure of the target.
    expect(failed(new TimeoutError('deadline', 12, 'over'), 12)).toMatchObject({ samples: 5, failures: 0 });
  });
});

it('learns from every attempt how long it took, from the clocks it runs by', async () => {
  const { clock, learned, stream } = await make();
  const call = scope({}, clock);
  call.target = { provider: provider(silent), model: 'm' };
  const name = `${call.target.provider.id}:m`;
  const after =
    (ms: number, outcome: () => never | void): Source =>
    async () => {
      clock.advance(ms);
      outcome();
      return { held: [batch(textOf('x'))], taps: [] };
    };
  const timed = clocksStage(new SharedTimer(clock), {}, undefined, learned);
  await timed(after(40, () => {}))(request(), call);
  expect(stream.times(name)).toMatchObject({ typicalMs: 40, samples: 1, failures: 0 });
  const overloaded = after(5, () => {
    throw new OverloadedError('full');
  });
  await errorOf(() => timed(overloaded)(request(), call));
  expect(stream.times(name)).toMatchObject({ samples: 2, failures: 1 });
});
