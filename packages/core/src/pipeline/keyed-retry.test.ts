import { describe, expect, it } from '@jest/globals';
import { batch, end, silent, start, textOf } from '../__fixtures__/call.js';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { errorOf, stateOf } from '../__fixtures__/outcome.js';
import type { Provider } from '../contract/provider.js';
import { createGateway } from '../create-gateway.js';
import type { ProviderModule } from '../di/provider-module.js';
import { PROVIDER } from '../di/tokens.js';
import { CredentialRejectedError, QuotaExhaustedError } from '../errors/access-errors.js';
import type { GatewayError } from '../errors/gateway-error.js';
import { RateLimitedError, TransportError, UpstreamError } from '../errors/upstream-errors.js';
import type { Completion } from '../gateway/gateway.js';
import type { GatewayOptions } from '../gateway/gateway-options.js';

/** What a key answers with at its n-th attempt, from 1; undefined: well. */
type Answers = Readonly<Record<string, (attempt: number) => GatewayError | undefined>>;

const moduleOf = (members: Pick<Provider, 'call' | 'keys'>, id = 'p1'): ProviderModule => {
  class Keyed implements Provider {
    readonly id = id;
    readonly kinds = ['completion'] as const;
    readonly keys = members.keys ?? [];
    readonly call = members.call;
    listModels = async () => [];
  }
  return {
    name: id,
    contractVersion: 1,
    register: (scope) => scope.provide(PROVIDER, Keyed),
  } as ProviderModule;
};

const rig = (answers: Answers, options: Partial<GatewayOptions> = {}, keys = Object.keys(answers)) => {
  const clock = new FakeClock();
  const used: string[] = [];
  const module = moduleOf({
    keys,
    call: async function* (_, { key = 'none' }) {
      used.push(key);
      const failure = answers[key]?.(used.filter((one) => one === key).length);
      if (failure !== undefined) throw failure;
      yield batch(start, textOf(key));
      yield batch(end);
    },
  });
  const gateway = createGateway({ providers: [module], clock, random: () => 0, ...options });
  const ask = (timeoutMs?: number, model = 'm1'): Promise<Completion> =>
    gateway.complete({ model: `p1:${model}`, prompt: 'Hi', ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  return { gateway, clock, used, ask };
};

const well = (): undefined => undefined;
const rate = (retryAfterMs?: number) => (): GatewayError => new RateLimitedError('too fast', { retryAfterMs });
const once = (failure: () => GatewayError) => (attempt: number) => (attempt === 1 ? failure() : undefined);

const keysOf = ({ receipt }: Completion): unknown => receipt.attempts.map(({ key, outcome }) => [key, outcome]);

describe('a provider with several keys', () => {
  it('gives every call the next key in turn, and tells it in the receipt', async () => {
    const { ask, used } = rig({ a: well, b: well, c: well });
    const answers = [await ask(), await ask(), await ask(), await ask()];
    expect(used).toEqual(['a', 'b', 'c', 'a']);
    expect(answers.map(keysOf)).toEqual(used.map((key) => [[key, 'complete']]));
  });

  it('tries another key at once when one is limited, and lets that one rest as long as it was told', async () => {
    const { ask, used, clock } = rig({ a: once(rate(5_000)), b: well });
    const answer = await ask();
    expect(keysOf(answer)).toEqual([
      ['a', 'failed'],
      ['b', 'complete'],
    ]);
    expect(answer.receipt.attempts.map(({ waitedMs }) => waitedMs)).toEqual([0, 0]);
    clock.advance(4_999);
    await ask();
    await ask();
    expect(used).toEqual(['a', 'b', 'b', 'b']);
    clock.advance(1);
    await ask();
    expect(used.at(-1)).toBe('a');
  });

  it('lets a key that was too fast for one model serve the others', async () => {
    const { ask, used } = rig({ a: once(rate(60_000)), b: once(rate(60_000)) });
    await expect(ask(1_000)).rejects.toMatchObject({
      code: 'rate-limited',
      message: expect.stringContaining('"a" for 60 s (rate of "m1"), "b" for 60 s (rate of "m1").'),
    });
    await ask(1_000, 'm2');
    await ask(1_000, 'm2');
    expect(used).toEqual(['a', 'b', 'a', 'b']);
    await expect(ask(1_000)).rejects.toThrow('Nothing was sent.');
  });

  it('does not use a key for any model when its account has nothing left', async () => {
    const { ask, used } = rig({ a: () => new QuotaExhaustedError('no money'), b: well });
    await ask();
    await ask(undefined, 'm2');
    await ask(undefined, 'm3');
    expect(used).toEqual(['a', 'b', 'b', 'b']);
  });

  it('takes a rejected key out of use, with a warning that names it', async () => {
    const { ask, used, clock } = rig({ a: () => new CredentialRejectedError('bad key'), b: well });
    const { receipt } = await ask();
    expect(receipt.warnings).toEqual([
      {
        code: 'key-rejected',
        message: 'The key "a" of "p1" was not accepted: replace it. One call tries it again in 300 s.',
      },
    ]);
    clock.advance(299_999);
    expect((await ask()).receipt.warnings).toEqual([]);
    await ask();
    expect(used).toEqual(['a', 'b', 'b', 'b']);
  });

  it('has one call try a rejected key again, after longer each time, up to an hour', async () => {
    const { ask, used, clock } = rig({ a: () => new CredentialRejectedError('bad key'), b: well });
    await ask();
    for (const minutes of [5, 10, 20, 40, 60, 60]) {
      used.length = 0;
      clock.advance(minutes * 60_000 - 1);
      await ask();
      clock.advance(1);
      await Promise.all([ask(), ask(), ask()]);
      expect(used.filter((name) => name === 'a')).toEqual(['a']);
      expect(used.filter((name) => name === 'b')).toHaveLength(4);
    }
  });

  it.each([
    ['', {}],
    [' and has room', { gate: { concurrency: { perKey: 1 } } }],
  ])(
    'does not try a rejected key with the last attempt of a call while another one is in use%s',
    async (_, options) => {
      const rejected = () => new CredentialRejectedError('bad key');
      const { gateway, used, clock } = rig({ a: rejected, b: rejected, c: rejected, d: well }, options);
      const ask = (maxAttempts: number): Promise<Completion> =>
        gateway.complete({ model: 'p1:m1', prompt: 'Hi', maxAttempts });
      await ask(4);
      clock.advance(5 * 60_000);
      expect(keysOf(await ask(1))).toEqual([['d', 'complete']]);
      expect(keysOf(await ask(3))).toEqual([
        ['a', 'failed'],
        ['b', 'failed'],
        ['d', 'complete'],
      ]);
      expect(used.slice(4)).toEqual(['d', 'a', 'b', 'd']);
    },
  );

  it('counts attempts that other targets keep when it looks for the last one', async () => {
    const { gateway, clock } = rig(
      { a: () => new CredentialRejectedError('bad key'), b: well },
      { routes: { chat: { targets: ['p1:m1', 'p1:m2'] } } },
    );
    await gateway.complete({ model: 'p1:m1', prompt: 'Hi' });
    clock.advance(5 * 60_000);
    expect(keysOf(await gateway.complete({ model: 'chat', prompt: 'Hi', maxAttempts: 2 }))).toEqual([
      ['b', 'complete'],
    ]);
  });

  it('tries a rejected key with the last attempt where there is no other', async () => {
    const { gateway, clock } = rig({
      a: once(() => new CredentialRejectedError('a')),
      b: once(() => new CredentialRejectedError('b')),
    });
    await expect(gateway.complete({ model: 'p1:m1', prompt: 'Hi' })).rejects.toMatchObject({
      code: 'credential-rejected',
    });
    clock.advance(5 * 60_000);
    expect(keysOf(await gateway.complete({ model: 'p1:m1', prompt: 'Hi', maxAttempts: 1 }))).toEqual([
      ['a', 'complete'],
    ]);
  });

  it('takes a key that is accepted again back into its turn', async () => {
    const { ask, used, clock } = rig({
      a: once(() => new CredentialRejectedError('the upstream lost its keys')),
      b: once(() => new CredentialRejectedError('the upstream lost its keys')),
    });
    await expect(ask()).rejects.toMatchObject({ code: 'credential-rejected' });
    await expect(ask()).rejects.toThrow('Nothing was sent.');
    clock.advance(300_000);
    for (let count = 0; count < 4; count += 1) expect((await ask()).receipt.warnings).toEqual([]);
    expect([...used].sort()).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
  });

  it('fails when every key was rejected, and sends nothing more', async () => {
    const { ask, used } = rig({
      a: () => new CredentialRejectedError('bad key'),
      b: () => new CredentialRejectedError('worse key'),
    });
    const error = (await errorOf(ask)) as GatewayError;
    expect(error).toMatchObject({
      code: 'credential-rejected',
      message:
        'No key of "p1" is left: "a" was not accepted and is tried again in 300 s, "b" was not accepted and is tried again in 300 s. ' +
        'The last answer was: worse key',
      cause: { message: 'worse key' },
    });
    expect(error.receipt?.warnings.map(({ message }) => message.slice(0, 11))).toEqual(['The key "a"', 'The key "b"']);
    await expect(ask()).rejects.toThrow('is tried again in 300 s. Nothing was sent.');
    expect(used).toEqual(['a', 'b']);
  });

  it('goes to another key when the money of one is spent, and does not wait for money', async () => {
    const spent = () => new QuotaExhaustedError('no money');
    const { ask, used, clock } = rig({ a: spent, b: once(rate()) });
    const answer = ask();
    expect(await stateOf(answer)).toBe('pending');
    clock.advance(1_000);
    expect(keysOf(await answer)).toEqual([
      ['a', 'failed'],
      ['b', 'failed'],
      ['b', 'complete'],
    ]);
    const broke = rig({ a: spent, b: spent });
    await expect(broke.ask()).rejects.toMatchObject({ code: 'quota-exhausted', retryAfterMs: 300_000 });
    expect(used).toHaveLength(3);
    expect(broke.used).toEqual(['a', 'b']);
  });

  it('stays with its way of retrying for failures that are not about the key', async () => {
    const { ask, clock } = rig({ a: once(() => new UpstreamError('down')), b: once(() => new TransportError('gone')) });
    const answer = ask();
    await stateOf(answer);
    clock.advance(0);
    await stateOf(answer);
    clock.advance(0);
    expect(keysOf(await answer)).toEqual([
      ['a', 'failed'],
      ['b', 'failed'],
      ['a', 'complete'],
    ]);
  });

  it('waits for the key that is ready first when all rest', async () => {
    const { ask, clock } = rig({ a: once(rate(9_000)), b: once(rate(4_000)) });
    const answer = ask();
    expect(await stateOf(answer)).toBe('pending');
    clock.advance(3_999);
    expect(await stateOf(answer)).toBe('pending');
    clock.advance(1);
    const { receipt } = await answer;
    expect(receipt.attempts.map(({ key, waitedMs }) => [key, waitedMs])).toEqual([
      ['a', 0],
      ['b', 0],
      ['b', 4_000],
    ]);
  });

  it('says which keys rest and how long when the deadline leaves less', async () => {
    const { ask, used } = rig({ a: rate(9_000), b: rate(4_000) });
    const error = (await errorOf(() => ask(3_000))) as GatewayError;
    expect(error).toMatchObject({
      code: 'rate-limited',
      retryAfterMs: 4_000,
      message:
        'All keys of "p1" are resting: "a" for 9 s (rate of "m1"), "b" for 4 s (rate of "m1"). The deadline of the call leaves less. The last answer was: too fast',
    });
    await expect(ask(3_000)).rejects.toThrow('The deadline of the call leaves less. Nothing was sent.');
    expect(used).toEqual(['a', 'b']);
  });

  it('does not wait longer than retry.maxHintMs', async () => {
    const { ask } = rig({ a: rate(61_000), b: rate(90_000) });
    await expect(ask()).rejects.toThrow('That is more than 60000 ms (`retry.maxHintMs`).');
  });

  it('takes all its tries out of one budget', async () => {
    const { ask, used } = rig({ a: rate(), b: rate(), c: rate(), d: well });
    await expect(ask()).rejects.toMatchObject({ code: 'rate-limited', message: 'too fast' });
    expect(used).toEqual(['a', 'b', 'c']);
  });

  it('ends with the reason of the caller while it waits for a key', async () => {
    const { gateway, clock } = rig({ a: rate(9_000), b: rate(9_000) });
    const controller = new AbortController();
    const answer = gateway.complete({ model: 'p1:m1', prompt: 'Hi', signal: controller.signal });
    expect(await stateOf(answer)).toBe('pending');
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
  });

  it('cools a key once for a thousand calls at the same time', async () => {
    const { ask, used, clock } = rig({ bad: rate(), good: well });
    await Promise.all(Array.from({ length: 1_000 }, () => ask()));
    expect(used.filter((key) => key === 'bad')).toHaveLength(500);
    await Promise.all(Array.from({ length: 1_000 }, () => ask()));
    expect(used.filter((key) => key === 'bad')).toHaveLength(500);
    // Five hundred failures of one moment are one rest, of one second.
    clock.advance(1_000);
    await ask();
    await ask();
    expect(used.filter((key) => key === 'bad')).toHaveLength(501);
  });

  it('streams with a key too, and lets it rest for a failure after the first content', async () => {
    const clock = new FakeClock();
    const used: unknown[] = [];
    const module = moduleOf({
      keys: ['a', 'b'],
      call: async function* (_, { key }) {
        used.push(key);
        yield batch(start, textOf('x'));
        if (key === 'a') throw rate(5_000)();
        yield batch(end);
      },
    });
    await using gateway = createGateway({ providers: [module], clock, random: () => 0 });
    const read = async (): Promise<unknown> => {
      const stream = gateway.stream({ model: 'p1:m1', prompt: 'Hi' });
      for await (const _ of stream.text());
      return (await stream.receipt).attempts.map(({ key }) => key);
    };
    await expect(read()).rejects.toMatchObject({ code: 'rate-limited', delivered: true });
    expect([await read(), await read()]).toEqual([['b'], ['b']]);
    expect(used).toEqual(['a', 'b', 'b']);
  });

  it('obeys a table of the host', async () => {
    const { ask, used } = rig(
      { a: () => new UpstreamError('down'), b: well },
      { decisions: { upstream: { coolsKey: true } } },
    );
    await ask();
    await ask();
    expect(used).toEqual(['a', 'b', 'b']);
  });
});

describe('a provider with one key or none', () => {
  it.each([[[]], [['only']]])('is called without a key: %j', async (keys) => {
    const { ask, used } = rig({ none: well }, {}, keys);
    expect((await ask()).receipt.attempts[0]).not.toHaveProperty('key');
    expect(used).toEqual(['none']);
  });

  it('is served as ever beside one with several', async () => {
    const clock = new FakeClock();
    const one = moduleOf({
      call: async function* () {
        yield batch(end);
      },
    });
    const other = moduleOf({ keys: ['a', 'b'], call: silent }, 'p2');
    await using gateway = createGateway({ providers: [one, other], clock });
    expect(keysOf(await gateway.complete({ model: 'p1:m1', prompt: 'Hi' }))).toEqual([[undefined, 'complete']]);
  });
});

describe('names of keys', () => {
  it.each([[['a', 'a']], [['a', '']], [[1, 2] as never]])('must differ from one another: %j', (keys) => {
    expect(() => rig({}, {}, keys)).toThrow('its `keys` must be names that differ from one another.');
  });
});
