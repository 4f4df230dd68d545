import {
  collectText,
  end,
  fakeClock,
  fixedRandom,
  hang,
  rejectionOf,
  type ScriptedProvider,
  scriptedProvider,
  text,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import {
  ConfigurationError,
  createGateway,
  type GatewayOptions,
  type HedgingOptions,
  InvalidRequestError,
} from '../index.js';

const silent = (id: string): ScriptedProvider => scriptedProvider([[hang()]], { id, repeatLast: true });
const well = (id: string): ScriptedProvider => scriptedProvider([[text('Hello'), end()]], { id, repeatLast: true });

/** A route `chat` over two targets, a route `alone` over the first of them, and what a call to the first one leads to. */
const rig = (hedging: HedgingOptions | undefined, options: Partial<GatewayOptions> = {}) => {
  const [a, b] = [silent('a'), well('b')];
  const clock = fakeClock();
  const gateway = createGateway({
    providers: [a, b],
    routes: { chat: { targets: ['a:m', 'b:m'] }, alone: { targets: ['a:m'] } },
    ...(hedging === undefined ? {} : { hedging: { initialDelayMs: 1_000, maxShare: 1, ...hedging } }),
    clocks: { connectMs: 5_000 },
    random: fixedRandom(0),
    clock,
    ...options,
  });
  /** Attempts at each target until the first one's clock runs out, and the codes of the warnings. */
  const play = async (more: object = {}): Promise<unknown> => {
    const call = gateway.stream({ model: 'chat', prompt: 'Hi', maxAttempts: 2, ...more });
    const answer = collectText(call).catch(() => 'failed');
    await a.waitForCall(a.calls.length + 1);
    await clock.advance(1_000);
    const counts = [a.calls.length, b.calls.length];
    await clock.advance(5_000);
    await answer;
    const { warnings } = await call.receipt;
    return [...counts, warnings.map(({ code, message }) => `${code}: ${message}`)];
  };
  return { gateway, play, a, b };
};

const tools = [{ name: 't', parameters: { type: 'object' } }] as const;

describe('a second attempt', () => {
  it('is made for every streamed call by a route that has another target', async () => {
    expect(await rig({}).play()).toEqual([1, 1, []]);
  });

  it.each([
    ['calls that are not streamed', { delivery: 'whole' }, 'a whole answer has no first content to be late'],
    ['calls with tools', { tools }, 'it has tools'],
    ['calls for images', { outputModalities: ['text', 'image'] }, 'images would be made, and paid, twice'],
    ['routes with one target', { model: 'alone' }, 'there is no other target'],
    ['models that are named', { model: 'a:m' }, 'there is no other target'],
  ])('is not made for %s, and who asks for it hears why', async (_, call, reason) => {
    expect(await rig({}).play(call)).toEqual([1, 0, []]);
    const [a, b, warnings] = (await rig({}).play({ ...call, hedging: true })) as [number, number, string[]];
    expect([a, b]).toEqual([1, 0]);
    expect(warnings).toEqual([expect.stringContaining(`not-hedged: \`hedging\` has no effect: ${reason}`)]);
    const { gateway } = rig({}, { strict: true });
    const asked = { model: 'chat', prompt: 'Hi', ...call, hedging: true } as const;
    const refused = await rejectionOf(collectText(gateway.stream(asked as never)));
    expect(refused).toBeInstanceOf(InvalidRequestError);
    expect(String(refused)).toContain(`hedging: has no effect: ${reason}`);
  });

  it('is made for calls with tools where the host allows it', async () => {
    expect(await rig({ tools: true }).play({ tools })).toEqual([1, 1, []]);
    expect(await rig({}).play({ tools, hedging: { tools: true } })).toEqual([1, 1, []]);
  });

  it('goes by what the call says, then the route, then the gateway', async () => {
    const of = (hedging: boolean | object): Partial<GatewayOptions> => ({
      routes: { chat: { targets: ['a:m', 'b:m'], hedging } },
    });
    const late = { initialDelayMs: 2_000 };
    expect(await rig({ calls: 'asked' }).play()).toEqual([1, 0, []]);
    expect(await rig({ calls: 'asked' }).play({ hedging: true })).toEqual([1, 1, []]);
    expect(await rig({ calls: 'asked' }, of(true)).play()).toEqual([1, 1, []]);
    expect(await rig({}, of(false)).play()).toEqual([1, 0, []]);
    expect(await rig({}, of(late)).play()).toEqual([1, 0, []]);
    expect(await rig({}, of(late)).play({ hedging: { initialDelayMs: 999 } })).toEqual([1, 1, []]);
    expect(await rig({}, of(true)).play({ hedging: false })).toEqual([1, 0, []]);
    // A route may have it without the gateway, within the usual share.
    const { gateway } = rig(undefined, of({ initialDelayMs: 1_000 }));
    expect(() => gateway.stream({ model: 'chat', prompt: 'Hi', hedging: true })).not.toThrow();
  });

  it('cannot be asked for where nothing is set up for it', () => {
    const { gateway } = rig(undefined);
    expect(() => gateway.stream({ model: 'chat', prompt: 'Hi', hedging: true })).toThrow(
      "hedging: cannot be asked for: this gateway is not set up for it. Give `hedging: { calls: 'asked' }` to `createGateway`.",
    );
    expect(() => gateway.stream({ model: 'chat', prompt: 'Hi', hedging: false })).not.toThrow();
  });

  it('is not made before anything is learned unless a delay is given', async () => {
    const hedging = { maxShare: 1 };
    expect(await rig(undefined, { hedging }).play()).toEqual([1, 0, []]);
  });
});

describe('the options', () => {
  it.each([
    [{ quantile: 1 }, 'hedging.quantile'],
    [{ quantile: 0 }, 'hedging.quantile'],
    [{ minDelayMs: 0 }, 'hedging.minDelayMs'],
    [{ minDelayMs: 20, maxDelayMs: 10 }, 'hedging.maxDelayMs: must not be less than `minDelayMs`'],
    [{ initialDelayMs: -1 }, 'hedging.initialDelayMs'],
    [{ maxShare: 1.5 }, 'hedging.maxShare'],
    [{ maxShare: 0 }, 'hedging.maxShare'],
    [{ maxUsdPerHour: 0 }, 'hedging.maxUsdPerHour'],
    [{ calls: 'some' }, 'hedging.calls'],
    [{ delay: 5 }, 'hedging.delay: is not a known field'],
  ])('are refused when they are wrong: %j', (hedging, words) => {
    const make = (): unknown => createGateway({ providers: [silent('a')], hedging: hedging as HedgingOptions });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(words);
  });

  it('of a route and of a call are refused too', () => {
    const routes = { chat: { targets: ['a:m'], hedging: { maxShare: 1 } } };
    expect(() => createGateway({ providers: [silent('a')], routes: routes as never })).toThrow('routes.chat.hedging');
    const { gateway } = rig({});
    const wrong = { model: 'chat', prompt: 'Hi', hedging: { minDelayMs: 5, maxDelayMs: 1 } };
    expect(() => gateway.stream(wrong)).toThrow('maxDelayMs');
  });
});
