import {
  type AttemptScript,
  end,
  fail,
  fixedRandom,
  rejectionOf,
  type ScriptedProvider,
  type ScriptedProviderOptions,
  scriptedProvider,
  text,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import {
  ConfigurationError,
  createGateway,
  type Gateway,
  GatewayError,
  type GatewayOptions,
  OverloadedError,
  type Receipt,
  type RouteOptions,
} from '../index.js';
import type { CompletionRequest, ModelInfo } from '../plugin.js';

const well: readonly AttemptScript[] = [[text('Hello'), end()]];
const full: readonly AttemptScript[] = [[fail(new OverloadedError('full'))]];

const provided = (
  id: string,
  facts: Partial<ModelInfo> = {},
  script = well,
  options: ScriptedProviderOptions = {},
): ScriptedProvider => scriptedProvider(script, { id, repeatLast: true, models: [{ id: 'm', ...facts }], ...options });

const gatewayOver = (
  providers: readonly ScriptedProvider[],
  route: Partial<RouteOptions> = {},
  options: Partial<GatewayOptions> = {},
): Gateway =>
  createGateway({
    providers,
    routes: { chat: { targets: providers.map(({ name }) => `${name}:m`), ...route } },
    random: fixedRandom(0),
    retry: { baseDelayMs: 0 },
    ...options,
  });

const receiptOf = async (gateway: Gateway, options: object = {}): Promise<Receipt | undefined> => {
  try {
    return (await gateway.complete({ model: 'chat', prompt: 'Hi', ...options })).receipt;
  } catch (error) {
    if (!GatewayError.is(error)) throw error;
    return error.receipt;
  }
};

const sentTo = ({ calls }: ScriptedProvider): CompletionRequest => calls[0]?.request as CompletionRequest;
const servedBy = async (gateway: Gateway, options: object = {}): Promise<string | undefined> =>
  (await receiptOf(gateway, options))?.servedBy?.provider;

describe('a route to the cheapest', () => {
  const cheapest = { strategy: 'cheapest' } as const;
  const costly = { pricing: { input: 1, output: 9 } };
  const fair = { pricing: { input: 2, output: 2 } };

  it('asks the target with the lowest price for this request', async () => {
    const providers = [provided('a', costly), provided('b', fair)];
    const gateway = gatewayOver(providers, cheapest);
    expect(await servedBy(gateway)).toBe('b');
    // Much input and little output turn it round.
    expect(await servedBy(gateway, { prompt: 'word '.repeat(2_000), maxOutputTokens: 10 })).toBe('a');
  });

  it('goes by the tier that the input falls in', async () => {
    const tiered = { pricing: { input: 1, output: 1, tiers: [{ aboveInputTokens: 1_000, input: 50 }] } };
    const gateway = gatewayOver([provided('a', tiered), provided('b', fair)], cheapest);
    expect(await servedBy(gateway)).toBe('a');
    expect(await servedBy(gateway, { prompt: 'word '.repeat(2_000) })).toBe('b');
  });

  it('goes on by price when the cheapest fails, and keeps the order of the host among equals', async () => {
    const providers = [
      provided('a', fair),
      provided('b', fair, full),
      provided('c', { pricing: { input: 1, output: 1 } }, full),
    ];
    const receipt = await receiptOf(gatewayOver(providers, cheapest), { maxAttempts: 3 });
    expect(receipt?.attempts.map(({ provider }) => provider)).toEqual(['c', 'a']);
  });

  it('ranks what has no known price last, and says so', async () => {
    const providers = [provided('a'), provided('b', { pricing: { input: 90, output: 90 } })];
    const receipt = await receiptOf(gatewayOver(providers, cheapest));
    expect(receipt?.servedBy).toMatchObject({ provider: 'b' });
    expect(receipt?.warnings).toEqual([
      {
        code: 'price-unknown',
        field: 'model',
        message: 'The price of "a:m" for this request is not known: it was ranked last.',
      },
    ]);
  });

  it('counts what the target is sent, not what was asked', async () => {
    const free = { pricing: { input: 0, output: 10 }, maxOutputTokens: 5 };
    const gateway = gatewayOver([provided('a', free), provided('b', { pricing: { input: 0, output: 1 } })], cheapest);
    expect(await servedBy(gateway, { maxOutputTokens: 100 })).toBe('a');
  });
});

describe('the defaults of a route', () => {
  const defaults = { temperature: 0.1, topP: 0.2, seed: 3 };

  it('go over those of the gateway and under the own ones of the call', async () => {
    const provider = provided('a');
    const gateway = gatewayOver([provider], { defaults }, { defaults: { temperature: 0.9, topK: 4 } });
    await receiptOf(gateway, { topP: 0.7 });
    expect(sentTo(provider).parameters).toEqual({ temperature: 0.1, topK: 4, topP: 0.7, seed: 3 });
  });

  it('are not for models that are named', async () => {
    const provider = provided('a');
    await receiptOf(gatewayOver([provider], { defaults }), { model: 'a:m' });
    expect(sentTo(provider).parameters).toEqual({});
  });

  it('give way to those of the target, which give way to the call', async () => {
    const providers = [provided('a', {}, full), provided('b')];
    const targets = [
      { model: 'a:m', parameters: { temperature: 0.5, reasoningEffort: 'low' } },
      { model: 'b:m', parameters: { topP: 0.6 }, providerOptions: { b: { x: 1, y: 1 } } },
    ] as const;
    const gateway = gatewayOver(providers, { targets, defaults: { ...defaults, reasoningBudgetTokens: 9 } });
    await receiptOf(gateway, { seed: 7, topP: 0.2, providerOptions: { b: { y: 2 } } });
    expect(providers.map((one) => sentTo(one).parameters)).toEqual([
      { temperature: 0.5, topP: 0.2, seed: 7, reasoningEffort: 'low' },
      // Asked for, even though it says what the default says.
      { temperature: 0.1, topP: 0.2, seed: 7, reasoningBudgetTokens: 9 },
    ]);
    expect(providers.map((one) => sentTo(one).providerOptions)).toEqual([{ b: { y: 2 } }, { b: { x: 1, y: 2 } }]);
  });

  it('are what the model takes of them', async () => {
    const provider = provided('a', { parameters: { temperature: { supported: false } } });
    const receipt = await receiptOf(gatewayOver([provider], { defaults: { temperature: 1 } }));
    expect(sentTo(provider).parameters).toEqual({});
    expect(receipt?.warnings).toMatchObject([{ code: 'parameter-dropped', field: 'temperature' }]);
  });

  it('are refused by name when they are wrong', () => {
    const wrong = { chat: { targets: [{ model: 'a:m', parameters: { topK: 0 } }], defaults: { temprature: 1 } } };
    const make = () => createGateway({ providers: [provided('a')], routes: wrong as never });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(/routes\.chat\.defaults/);
    expect(make).toThrow(/routes\.chat\.targets\[0\]/);
  });
});

describe('the receipt of a call by a route', () => {
  const tools = [{ name: 't', parameters: { type: 'object' } }] as const;
  const noTools = { capabilities: { toolCall: false } };

  it('has every target that could not serve, with code and reason', async () => {
    const providers = [provided('a', noTools), provided('b', { contextWindow: 10 }), provided('c')];
    const receipt = await receiptOf(gatewayOver(providers), { tools, prompt: 'word '.repeat(100) });
    expect(receipt?.skipped).toEqual([
      { target: 'a:m', code: 'invalid-request', reason: 'tools: m does not call tools' },
      {
        target: 'b:m',
        code: 'context-length-exceeded',
        reason: expect.stringMatching(/^The input has at least \d+ tokens by a low estimate; m takes 10\./),
      },
    ]);
    expect(receipt?.servedBy).toMatchObject({ provider: 'c' });
  });

  it('has no such list when none was skipped', async () => {
    expect(await receiptOf(gatewayOver([provided('a'), provided('b', noTools)]), { tools })).not.toHaveProperty(
      'skipped',
    );
  });

  it('tells targets that could not have served from those that no attempt was left for', async () => {
    const providers = [provided('a', {}, full), provided('b', noTools), provided('c'), provided('d', noTools)];
    const receipt = await receiptOf(gatewayOver(providers), { tools, maxAttempts: 1 });
    expect(receipt?.skipped?.map(({ target }) => target)).toEqual(['b:m', 'd:m']);
    expect(receipt?.warnings.map(({ code }) => code)).toEqual(['target-skipped', 'target-skipped', 'targets-left']);
    expect(receipt?.warnings[2]?.message).toContain('One target of the route "chat" could not be tried');
  });

  it('does not speak of targets left where none of them could have served', async () => {
    const receipt = await receiptOf(gatewayOver([provided('a', {}, full), provided('b', noTools)]), {
      tools,
      maxAttempts: 1,
    });
    expect(receipt?.warnings.map(({ code }) => code)).toEqual(['target-skipped']);
  });

  it('skips a target that has no room for the output that was asked for', async () => {
    const gateway = gatewayOver([provided('a', { contextWindow: 200 }), provided('b', { contextWindow: 400 })]);
    const receipt = await receiptOf(gateway, { prompt: 'word '.repeat(200), maxOutputTokens: 150 });
    expect(receipt?.skipped).toMatchObject([{ target: 'a:m', code: 'context-length-exceeded' }]);
    expect(receipt?.servedBy).toMatchObject({ provider: 'b' });
  });
});

describe('a call by a route that is aborted at once', () => {
  const aborted = async (gateway: Gateway, model: string) => {
    const controller = new AbortController();
    const stream = gateway.stream({ model, prompt: 'Hi', signal: controller.signal });
    const asked = rejectionOf(stream.final());
    const reason = { model };
    controller.abort(reason);
    expect(await asked).toBe(reason);
    return stream.receipt;
  };

  it('begins no attempt while the code of routes is not there yet, and keeps the reason', async () => {
    const provider = provided('a');
    const receipt = await aborted(gatewayOver([provider]), 'chat');
    expect(receipt).toMatchObject({ outcome: 'cancelled', attempts: [] });
    expect(provider.calls).toHaveLength(0);
  });

  it('is later on as one by a model: what has begun was not sent, and keeps the reason', async () => {
    const provider = provided('a');
    const gateway = gatewayOver([provider]);
    await aborted(gateway, 'chat');
    for (const model of ['a:m', 'chat']) {
      const receipt = await aborted(gateway, model);
      expect(receipt).toMatchObject({ outcome: 'cancelled', attempts: [{ outcome: 'cancelled', sent: false }] });
    }
    expect(provider.calls).toHaveLength(0);
  });
});
