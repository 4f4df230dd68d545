import { rejectionOf } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { request, scope } from '../__fixtures__/call.js';
import { lazySource } from './lazy-source.js';
import type { OpenStream, Source } from './stage.js';

const answer: OpenStream = { held: [], taps: [] };

const rig = (loaded: Source = () => Promise.resolve(answer)) => {
  const state = { loads: 0, calls: 0 };
  const source = lazySource(async () => {
    state.loads += 1;
    return (asked, call) => {
      state.calls += 1;
      return loaded(asked, call);
    };
  });
  return { state, source };
};

describe('a source that is loaded by the first call', () => {
  it('is loaded once, for calls at the same time too, and not before', async () => {
    const { state, source } = rig();
    expect(state.loads).toBe(0);
    const calls = [source(request(), scope()), source(request(), scope())];
    expect(state).toEqual({ loads: 1, calls: 0 });
    expect(await Promise.all(calls)).toEqual([answer, answer]);
    await source(request(), scope());
    expect(state).toEqual({ loads: 1, calls: 3 });
  });

  it('is asked at once when it is there', async () => {
    const { state, source } = rig();
    await source(request(), scope());
    const later = source(request(), scope());
    expect(state.calls).toBe(2);
    await later;
  });

  it('is not asked for a call that was cancelled while it was loaded', async () => {
    const { state, source } = rig();
    const call = scope();
    const asked = source(request(), call);
    call.cancel('enough');
    expect(await rejectionOf(asked)).toBe('enough');
    expect(state.calls).toBe(0);
  });

  it('rejects with what it throws, be it there or not', async () => {
    const { source } = rig(() => {
      throw new Error('why');
    });
    for (const _ of [1, 2]) expect(await rejectionOf(source(request(), scope()))).toMatchObject({ message: 'why' });
  });
});
