import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { model, provider, silent } from '../__fixtures__/call.js';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { errorOf, stateOf } from '../__fixtures__/outcome.js';
import type { Provider } from '../contract/provider.js';
import { OverloadedError } from '../errors/upstream-errors.js';
import { liveLists } from './live-list.js';

const listing = (id: string, listModels: unknown): Provider =>
  ({ ...provider(silent, id), listModels }) as unknown as Provider;

const luna = model({ id: 'luna' });
const sound = listing('sound', async () => [luna]);
const never = () => new Promise(() => {});

describe('the lists of providers', () => {
  let warnings: string[] = [];

  beforeEach(() => {
    warnings = [];
    jest.spyOn(process, 'emitWarning').mockImplementation(((message: string, { code }: { code: string }) => {
      warnings.push(`${code} ${message}`);
    }) as typeof process.emitWarning);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('come without that of a provider that never answers, which is told and given up', async () => {
    const clock = new FakeClock();
    let given: AbortSignal | undefined;
    const hanging = listing('hanging', (signal: AbortSignal) => {
      given = signal;
      return never();
    });
    const lists = liveLists([hanging, sound], new AbortController().signal, clock);
    expect(await stateOf(lists)).toBe('pending');
    clock.advance(29_999);
    expect([await stateOf(lists), given?.aborted]).toEqual(['pending', false]);
    clock.advance(1);
    expect(await lists).toEqual([luna]);
    expect(given?.aborted).toBe(true);
    expect(warnings).toEqual([expect.stringMatching(/^HEADRACE_LIST_FAILED .*"hanging" has not listed .* 30000 ms/)]);
    expect(clock.pending).toBe(0);
  });

  it.each<[string, unknown, string]>([
    [
      'throws',
      () => {
        throw new Error('hidden');
      },
      'Listing the models of "bad" failed',
    ],
    ['rejects', () => Promise.reject(new Error('hidden')), 'Listing the models of "bad" failed'],
    ['has no such method', undefined, 'Listing the models of "bad" failed'],
    ['fails with an error of ours', () => Promise.reject(new OverloadedError('Busy.')), 'Busy.'],
    ['lists nothing', async () => undefined, 'no list of models'],
    ['lists a word', async () => 'models', 'no list of models'],
    ['lists null', async () => [luna, null], 'no list of models'],
    ['lists what has no id', async () => [{ ...luna, id: 7 }], 'no list of models'],
    ['lists what is of no type', async () => [{ ...luna, type: undefined }], 'no list of models'],
    ['lists a name that is none', async () => [{ ...luna, name: 5 }], 'no list of models'],
  ])('come without that of one that %s, and fail with it alone', async (_what, list, words) => {
    const clock = new FakeClock();
    const { signal } = new AbortController();
    const bad = listing('bad', list);
    expect(await liveLists([bad, sound], signal, clock)).toEqual([luna]);
    expect(warnings).toEqual([expect.stringContaining(words)]);
    expect(warnings.join()).not.toContain('hidden');
    const error = await errorOf(() => liveLists([bad], signal, clock));
    expect(error).toMatchObject({ message: expect.stringContaining(words) });
    expect(warnings).toHaveLength(1);
  });

  it('end with the reason of a cancel at once, whatever the providers do', async () => {
    const clock = new FakeClock();
    const caller = new AbortController();
    const seen: unknown[] = [];
    const deaf = listing('deaf', (signal: AbortSignal) => {
      signal.addEventListener('abort', () => seen.push(signal.reason));
      return never();
    });
    const lists = liveLists([deaf, sound], caller.signal, clock);
    lists.catch(() => {});
    await stateOf(lists);
    caller.abort('enough');
    expect(await errorOf(() => lists)).toBe('enough');
    expect([seen, warnings, clock.pending]).toEqual([['enough'], [], 0]);
    expect(await errorOf(() => liveLists([deaf], caller.signal, clock))).toBe('enough');
  });
});
