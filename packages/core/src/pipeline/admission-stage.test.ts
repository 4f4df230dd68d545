import { describe, expect, it } from '@jest/globals';
import { request, scope } from '../__fixtures__/call.js';
import type { LazyLimits } from '../limits/lazy-limits.js';
import { promiseWithResolver } from '../schema/promise-with-resolver.js';
import { admissionStage } from './admission-stage.js';
import type { OpenStream } from './stage.js';

const ANSWER: OpenStream = { held: [], taps: [] };

/** A stage behind limits that answer so, and how often it was come to. */
const behind = (admit: LazyLimits['admit']) => {
  let served = 0;
  const next = async (): Promise<OpenStream> => {
    served += 1;
    return ANSWER;
  };
  const source = admissionStage({ admit } as LazyLimits)(next);
  return { ask: () => source(request(), scope()), served: () => served };
};

describe('the admission stage', () => {
  it('hands a call that has room on in the same turn', async () => {
    const { ask, served } = behind(() => undefined);
    const asked = ask();
    expect(served()).toBe(1);
    expect(await asked).toBe(ANSWER);
  });

  it('holds one that waits until it is let in', async () => {
    const { promise, resolve } = promiseWithResolver<void>();
    const { ask, served } = behind(() => promise);
    const asked = ask();
    await Promise.resolve();
    expect(served()).toBe(0);
    resolve();
    expect([await asked, served()]).toEqual([ANSWER, 1]);
  });

  it('rejects where limits refuse at once, and where they refuse later', async () => {
    const full = new Error('full');
    const now = behind(() => {
      throw full;
    });
    const later = behind(() => Promise.reject(full));
    await expect(now.ask()).rejects.toBe(full);
    await expect(later.ask()).rejects.toBe(full);
    expect([now.served(), later.served()]).toEqual([0, 0]);
  });
});
