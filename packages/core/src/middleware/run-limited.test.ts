import { describe, expect, it } from '@jest/globals';
import { scope } from '../__fixtures__/call.js';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { runLimited } from './run-limited.js';

describe('what a host returns that settles while it is asked', () => {
  it.each([
    ['with a value', (done: (value: string) => void) => done('a'), 'a'],
    [
      'by throwing',
      () => {
        throw 'why';
      },
      'thrown: why',
    ],
    ['with an error', (_: unknown, failed: (cause: unknown) => void) => failed('why'), 'thrown: why'],
  ])('leaves neither timer nor listener: %s', async (_, then, expected) => {
    const clock = new FakeClock();
    const call = scope({}, clock);
    const listening = new Set<unknown>();
    call.listen = (listener) => listening.add(listener);
    call.forget = (listener) => listening.delete(listener);
    const limit = {
      scope: call,
      clock,
      limitMs: 5_000,
      overdue: () => 'overdue',
      thrown: (cause: unknown) => `thrown: ${String(cause)}`,
    };
    // Promises of other libraries may settle while they are asked.
    // oxlint-disable-next-line unicorn/no-thenable
    const thenable = { then } as unknown as PromiseLike<string>;
    const run = (): PromiseLike<string> => thenable;
    const settled = Promise.resolve(runLimited(run, () => limit));
    expect(await settled.catch((error: unknown) => error)).toBe(expected);
    expect(clock.pending).toBe(0);
    expect(listening.size).toBe(0);
  });
});
