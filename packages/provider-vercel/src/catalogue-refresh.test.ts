import { TimeoutError, TransportError } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { LIVE, rig } from './__fixtures__/catalogue-rig.js';

const never = new AbortController().signal;
const down = (): Error => new TransportError('The connection was refused.');

describe('the refresh in the background', () => {
  it('does not begin in the first minute, then begins with a read, once', async () => {
    const { catalogue, clock, fetches } = rig();
    await clock.advance(59_999);
    catalogue.find('openai/o3');
    expect(fetches).toHaveLength(0);
    expect(catalogue.status).toEqual({ origin: 'seed', isStale: false, isRefreshing: false });
    await clock.advance(1);
    expect(catalogue.status.isStale).toBe(true);
    catalogue.find('openai/o3');
    catalogue.list();
    expect(fetches).toHaveLength(1);
    expect(catalogue.status.isRefreshing).toBe(true);
    fetches[0]?.resolve(LIVE);
    await clock.advance(0);
    expect(catalogue.find('new/model-1')).toBeDefined();
    expect(clock.pending).toBe(0);
  });

  it('serves what is known while it lasts', async () => {
    const { catalogue, clock, fetches } = rig();
    catalogue.takeLive(LIVE);
    await clock.advance(3_600_000);
    expect(catalogue.find('new/model-1')?.contextWindow).toBe(5_000);
    expect(catalogue.status).toMatchObject({ origin: 'live', isStale: true, isRefreshing: true });
    fetches[0]?.resolve([{ id: 'new/model-1', type: 'language', contextWindow: 6_000 }]);
    expect(catalogue.find('new/model-1')?.contextWindow).toBe(5_000);
    await clock.advance(0);
    expect(catalogue.find('new/model-1')?.contextWindow).toBe(6_000);
  });

  it('begins again when the facts are older than allowed, and not before', async () => {
    const { catalogue, clock, fetches } = rig([], { maxAgeMs: 600_000 });
    catalogue.takeLive(LIVE);
    await clock.advance(599_999);
    catalogue.find('openai/o3');
    expect(fetches).toHaveLength(0);
    await clock.advance(1);
    catalogue.find('openai/o3');
    expect(fetches).toHaveLength(1);
    fetches[0]?.resolve(LIVE);
    await clock.advance(600_000);
    catalogue.find('openai/o3');
    expect(fetches).toHaveLength(2);
    fetches[1]?.resolve(LIVE);
  });

  it('tells the host and the status that it went well', async () => {
    const { catalogue, clock, fetches, heard } = rig();
    await clock.advance(60_000);
    catalogue.find('openai/o3');
    await clock.advance(250);
    fetches[0]?.resolve(LIVE);
    await clock.advance(0);
    const at = new Date(clock.epochMs()).toISOString();
    expect(heard).toEqual([{ outcome: 'refreshed', provider: 'v2', at, durationMs: 250, models: LIVE.length }]);
    expect(catalogue.status).toEqual({
      origin: 'live',
      refreshedAt: at,
      models: LIVE.length,
      isStale: false,
      isRefreshing: false,
    });
  });

  it('keeps the last good list when it fails, tells the host, and leaves upstream alone for five minutes', async () => {
    const { catalogue, clock, fetches, heard } = rig();
    catalogue.takeLive(LIVE);
    await clock.advance(3_600_000);
    catalogue.find('openai/o3');
    const error = down();
    fetches[0]?.reject(error);
    await clock.advance(0);
    expect(catalogue.find('new/model-1')).toBeDefined();
    expect(heard).toEqual([expect.objectContaining({ outcome: 'failed', provider: 'v2', error, inARow: 1 })]);
    expect(catalogue.status).toMatchObject({
      origin: 'live',
      isStale: true,
      isRefreshing: false,
      failure: { error, inARow: 1 },
    });
    await clock.advance(299_999);
    catalogue.find('openai/o3');
    expect(fetches).toHaveLength(1);
    await clock.advance(1);
    catalogue.find('openai/o3');
    expect(fetches).toHaveLength(2);
    fetches[1]?.reject(down());
    await clock.advance(300_000);
    expect(catalogue.status.failure?.inARow).toBe(2);
    catalogue.find('openai/o3');
    fetches[2]?.resolve(LIVE);
    await clock.advance(0);
    expect(catalogue.status).not.toHaveProperty('failure');
  });

  it('is given up after five seconds, which is a failure', async () => {
    const { catalogue, clock, fetches, heard } = rig();
    await clock.advance(60_000);
    catalogue.find('openai/o3');
    await clock.advance(5_000);
    expect(fetches[0]?.signal.aborted).toBe(true);
    expect(heard).toMatchObject([{ outcome: 'failed', durationMs: 5_000, error: { code: 'total-timeout' } }]);
    expect(clock.pending).toBe(0);
  });

  it('takes nothing in that comes after it was given up', async () => {
    const late: ((models: typeof LIVE) => void)[] = [];
    const { catalogue, clock, heard } = rig([], { fetch: () => new Promise((resolve) => late.push(resolve)) });
    await clock.advance(60_000);
    catalogue.find('openai/o3');
    await clock.advance(5_000);
    late[0]?.(LIVE);
    await clock.advance(0);
    expect(catalogue.find('new/model-1')).toBeUndefined();
    expect(heard.map(({ outcome }) => outcome)).toEqual(['failed']);
  });

  it('is stopped by close, after which none begins', async () => {
    const { catalogue, clock, fetches, heard } = rig();
    await clock.advance(60_000);
    catalogue.find('openai/o3');
    catalogue.close();
    catalogue.close();
    expect(fetches[0]?.signal.aborted).toBe(true);
    await clock.advance(3_600_000);
    expect(catalogue.find('openai/o3')).toBeDefined();
    await expect(catalogue.lookUp('nobody/nothing', never)).resolves.toBeUndefined();
    await expect(catalogue.refresh()).rejects.toMatchObject({ code: 'gateway-disposed' });
    expect(fetches).toHaveLength(1);
    expect(heard).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('does not begin unasked where the host does not want it', async () => {
    const { catalogue, clock, fetches } = rig([], { unasked: false });
    await clock.advance(3_600_000);
    catalogue.find('openai/o3');
    await expect(catalogue.lookUp('nobody/nothing', never)).resolves.toBeUndefined();
    expect(fetches).toHaveLength(0);
    const asked = catalogue.refresh();
    fetches[0]?.resolve(LIVE);
    await asked;
    expect(catalogue.find('new/model-1')).toBeDefined();
  });

  it('survives a callback that throws and a request that throws before it begins', async () => {
    const { catalogue, clock, fetches } = rig([], {
      onRefresh: () => {
        throw new Error('of the host');
      },
    });
    const asked = catalogue.refresh();
    fetches[0]?.resolve(LIVE);
    await asked;
    expect(catalogue.status).toMatchObject({ origin: 'live', models: LIVE.length });
    const broken = rig([], {
      fetch: () => {
        throw down();
      },
    });
    await expect(broken.catalogue.refresh()).rejects.toThrow('refused');
    await expect(broken.catalogue.refresh()).rejects.toThrow('refused');
    expect(broken.heard).toHaveLength(2);
    await clock.advance(0);
  });
});

describe('a refresh that was asked for', () => {
  it('is one request for all who ask, a look at old facts included', async () => {
    const { catalogue, clock, fetches } = rig();
    await clock.advance(60_000);
    catalogue.find('openai/o3');
    const asked = Array.from({ length: 1_000 }, () => catalogue.refresh());
    const found = catalogue.lookUp('new/model-1', never);
    expect(fetches).toHaveLength(1);
    fetches[0]?.resolve(LIVE);
    await Promise.all(asked);
    await expect(found).resolves.toMatchObject({ id: 'new/model-1' });
    expect(clock.pending).toBe(0);
  });

  it('waits longer than the background does', async () => {
    const { catalogue, clock, fetches, heard } = rig();
    await clock.advance(60_000);
    catalogue.find('openai/o3');
    const asked = catalogue.refresh();
    await clock.advance(60_000);
    expect(fetches[0]?.signal.aborted).toBe(false);
    fetches[0]?.resolve(LIVE);
    await asked;
    expect(heard.map(({ outcome }) => outcome)).toEqual(['refreshed']);
  });

  it('gives its failure to all who ask, and to the status', async () => {
    const { catalogue, fetches } = rig();
    const error = down();
    const asked = [catalogue.refresh(), catalogue.refresh()];
    fetches[0]?.reject(error);
    for (const one of await Promise.allSettled(asked)) expect(one).toEqual({ status: 'rejected', reason: error });
    expect(catalogue.status.failure).toMatchObject({ error, inARow: 1 });
  });

  it('ends with the last who waits, the reason untouched, and is then no failure of upstream', async () => {
    const { catalogue, fetches, heard } = rig();
    const [one, two] = [new AbortController(), new AbortController()];
    const asked = [catalogue.refresh(one.signal), catalogue.refresh(two.signal)];
    one.abort('first');
    await expect(asked[0]).rejects.toBe('first');
    expect(fetches[0]?.signal.aborted).toBe(false);
    two.abort(new TimeoutError('deadline', 1, 'second'));
    await expect(asked[1]).rejects.toThrow('second');
    expect(fetches[0]?.signal.aborted).toBe(true);
    await expect(catalogue.refresh(AbortSignal.abort('before'))).rejects.toBe('before');
    expect(fetches).toHaveLength(1);
    expect(heard).toEqual([]);
    expect(catalogue.status).toMatchObject({ isRefreshing: false });
    const again = catalogue.refresh();
    expect(fetches).toHaveLength(2);
    fetches[1]?.resolve(LIVE);
    await again;
  });

  it('is ended by close', async () => {
    const { catalogue } = rig([], { fetch: () => new Promise(() => {}) });
    const asked = catalogue.refresh();
    catalogue.close();
    await expect(asked).rejects.toMatchObject({ code: 'gateway-disposed' });
  });
});

describe('a look-up', () => {
  it('answers known names without asking', async () => {
    const { catalogue, fetches } = rig();
    await expect(catalogue.lookUp('openai/o3', never)).resolves.toMatchObject({ id: 'openai/o3' });
    expect(fetches).toHaveLength(0);
  });

  it('asks once for an unknown name, for all who wait, and again only a minute later', async () => {
    const { catalogue, clock, fetches } = rig();
    const found = [catalogue.lookUp('new/model-1', never), catalogue.lookUp('new/none', never)];
    expect(fetches).toHaveLength(1);
    fetches[0]?.resolve(LIVE);
    await expect(Promise.all(found)).resolves.toEqual([expect.objectContaining({ id: 'new/model-1' }), undefined]);
    await clock.advance(59_999);
    await expect(catalogue.lookUp('new/none', never)).resolves.toBeUndefined();
    expect(fetches).toHaveLength(1);
    await clock.advance(1);
    const again = catalogue.lookUp('new/none', never);
    expect(fetches).toHaveLength(2);
    fetches[1]?.reject(down());
    await expect(again).resolves.toBeUndefined();
  });

  it('ends after five seconds without an answer', async () => {
    const { catalogue, clock } = rig();
    const found = catalogue.lookUp('new/none', never);
    await clock.advance(5_000);
    await expect(found).resolves.toBeUndefined();
  });

  it('is left at once by who aborts, with the reason untouched, and goes on for others', async () => {
    const { catalogue, fetches } = rig();
    const abort = new AbortController();
    const reason = { why: 'gone' };
    const left = catalogue.lookUp('new/model-1', abort.signal);
    const stayed = catalogue.lookUp('new/model-1', never);
    abort.abort(reason);
    await expect(left).rejects.toBe(reason);
    expect(fetches[0]?.signal.aborted).toBe(false);
    fetches[0]?.resolve(LIVE);
    await expect(stayed).resolves.toMatchObject({ id: 'new/model-1' });
    await expect(catalogue.lookUp('x/y', AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('that found no list says so beside the nearest names', async () => {
    const { catalogue, fetches } = rig();
    expect(catalogue.explain('openai/gpt-4.1-nanoo')).toBeUndefined();
    const found = catalogue.lookUp('openai/gpt-4.1-nanoo', never);
    fetches[0]?.reject(down());
    await found;
    expect(catalogue.explain('openai/gpt-4.1-nanoo')).toMatch(
      /^Did you mean "openai\/gpt-4\.1-nano".*list of today could not be had \(connection-failed\)/,
    );
    expect(catalogue.explain('xai/grok-4.3')).toMatch(/is now called/);
  });
});
