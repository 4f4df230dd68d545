import {
  type AttemptScript,
  embeddingResult,
  end,
  fail,
  fakeClock,
  rejectionOf,
  type ScriptedProvider,
  type ScriptedProviderOptions,
  scriptedProvider,
  text,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import {
  createGateway,
  type Explanation,
  type Gateway,
  type GatewayOptions,
  OverloadedError,
  RateLimitedError,
  type RouteOptions,
} from '../../index.js';
import type { ModelInfo } from '../../plugin.js';

const well: readonly AttemptScript[] = [[text('Hello'), end()]];

const provided = (
  id: string,
  facts: Partial<ModelInfo> = {},
  options: ScriptedProviderOptions = {},
  script = well,
): ScriptedProvider => scriptedProvider(script, { id, repeatLast: true, models: [{ id: 'm', ...facts }], ...options });

const over = (
  providers: readonly ScriptedProvider[],
  route: Partial<RouteOptions> = {},
  options: Partial<GatewayOptions> = {},
): Gateway =>
  createGateway({
    providers,
    routes: { chat: { targets: providers.map(({ name }) => `${name}:m`), ...route } },
    clock: fakeClock(),
    ...options,
  });

const namesOf = ({ targets }: Explanation): readonly string[] => targets.map(({ target }) => target);
const tools = [{ name: 't', parameters: { type: 'object' } }] as const;

describe('an explanation', () => {
  it('has what a call would be sent, and what it would cost, and sends nothing', async () => {
    const facts = {
      contextWindow: 8_000,
      pricing: { input: 1, output: 2 },
      parameters: { temperature: { supported: false }, seed: { supported: true, required: true, default: 7 } },
    } as const;
    const provider = provided('a', facts);
    const gateway = over([provider], {}, { defaults: { topP: 0.5 } });
    const plan = await gateway.explain({ model: 'a:m', prompt: 'Hello there', temperature: 1, maxOutputTokens: 100 });
    expect(plan).toMatchObject({ reference: 'a:m', kind: 'completion', servable: true, skipped: [], maxAttempts: 3 });
    expect(plan).not.toHaveProperty('strategy');
    expect(plan.targets).toEqual([
      {
        target: 'a:m',
        provider: 'a',
        model: 'm',
        parameters: { topP: 0.5, maxOutputTokens: 100, seed: 7 },
        warnings: [
          expect.objectContaining({ code: 'parameter-dropped', field: 'temperature' }),
          expect.objectContaining({ code: 'parameter-defaulted', field: 'seed' }),
        ],
        tokens: expect.objectContaining({ family: 'unknown', outputTokens: 100, outputAtMost: 100 }),
        cost: {
          expectedUsd: expect.any(Number),
          atMostUsd: expect.any(Number),
          priceProvenance: { origin: 'host', asOf: '2026-01-01' },
        },
        contextWindow: 8_000,
      },
    ]);
    expect(provider.calls).toHaveLength(0);
  });

  it('ranks the targets of a route, with those left out and why', async () => {
    const providers = [
      provided('a', { capabilities: { toolCall: false } }),
      provided('b'),
      provided('c', { contextWindow: 9 }),
    ];
    const plan = await over(providers).explain({ model: 'chat', prompt: 'word '.repeat(60), tools, maxAttempts: 2 });
    expect(plan).toMatchObject({ strategy: 'in-order', servable: true, maxAttempts: 2 });
    expect(namesOf(plan)).toEqual(['b:m']);
    expect(plan.skipped).toMatchObject([
      { target: 'a:m', code: 'invalid-request', reason: 'tools: m does not call tools' },
      { target: 'c:m', code: 'context-length-exceeded' },
    ]);
  });

  it('says so when no target can serve, and does not throw', async () => {
    const none = { capabilities: { toolCall: false } };
    const gateway = over([provided('a', none), provided('b', none)]);
    for (const model of ['chat', 'a:m']) {
      const plan = await gateway.explain({ model, prompt: 'Hi', tools });
      expect(plan).toMatchObject({ servable: false, targets: [] });
      expect(plan.skipped[0]).toMatchObject({ target: 'a:m', code: 'invalid-request' });
    }
  });

  it('goes by `strict` as the call does', async () => {
    const gateway = over([provided('a', { parameters: { temperature: { supported: false } } })]);
    const asked = { model: 'a:m', prompt: 'Hi', temperature: 1 };
    expect((await gateway.explain(asked)).servable).toBe(true);
    expect((await gateway.explain({ ...asked, strict: true })).servable).toBe(false);
  });

  it('agrees with the call on who serves and who is skipped', async () => {
    const providers = [
      provided('a', { pricing: { input: 9, output: 9 } }),
      provided('b', { pricing: { input: 1, output: 1 }, capabilities: { toolCall: false } }),
      provided('c', { pricing: { input: 2, output: 2 } }),
    ];
    const gateway = over(providers, { strategy: 'cheapest' });
    const plan = await gateway.explain({ model: 'chat', prompt: 'Hi', tools });
    const { receipt } = await gateway.complete({ model: 'chat', prompt: 'Hi', tools });
    expect(namesOf(plan)).toEqual(['c:m', 'a:m']);
    expect(receipt.servedBy).toMatchObject({ provider: 'c' });
    expect(receipt.skipped).toEqual(plan.skipped);
  });

  it('has the share of each target that can serve by a weighted route, and draws nothing', async () => {
    const random = (): number => {
      throw new Error('drawn');
    };
    const providers = [provided('a'), provided('b'), provided('c', { capabilities: { toolCall: false } })];
    const targets = [{ model: 'a:m' }, { model: 'b:m', weight: 3 }, { model: 'c:m', weight: 100 }] as const;
    const plan = await over(providers, { strategy: 'weighted', targets }, { random }).explain({
      model: 'chat',
      prompt: 'Hi',
      tools,
    });
    expect(plan.targets.map(({ target, share }) => [target, share])).toEqual([
      ['b:m', 0.75],
      ['a:m', 0.25],
    ]);
  });

  it('has what was measured of the targets of a route to the fastest', async () => {
    const providers = [provided('a', {}, {}, [[fail(new OverloadedError('full'))]]), provided('b')];
    const gateway = over(
      providers,
      { strategy: 'fastest', explore: 0 },
      { retry: { maxAttempts: 2 }, random: () => 0 },
    );
    await gateway.complete({ model: 'chat', prompt: 'Hi' });
    const plan = await gateway.explain({ model: 'chat', prompt: 'Hi' });
    expect(plan.targets.map(({ target, measured }) => [target, measured])).toEqual([
      ['b:m', { typicalMs: 0, attempts: 1, failures: 0 }],
      ['a:m', { attempts: 1, failures: 1 }],
    ]);
  });

  it('says which target the gate lets nothing through to at the moment', async () => {
    const providers = [provided('a', {}, {}, [[fail(new OverloadedError('full'))]]), provided('b')];
    const breaker = { minAttempts: 1 };
    const gateway = over(providers, {}, { gate: { breaker }, retry: { maxAttempts: 2 }, random: () => 0 });
    expect((await gateway.explain({ model: 'chat', prompt: 'Hi' })).targets[0]).not.toHaveProperty('unavailable');
    await gateway.complete({ model: 'chat', prompt: 'Hi' });
    const { targets } = await gateway.explain({ model: 'chat', prompt: 'Hi' });
    expect(targets[0]).toMatchObject({
      target: 'a:m',
      unavailable: { code: 'circuit-open', reason: expect.any(String), retryAfterMs: expect.any(Number) },
    });
    expect(targets[1]).not.toHaveProperty('unavailable');
  });

  it('says which target rests at the moment, and for how long', async () => {
    const limited = fail(new RateLimitedError('too fast', { retryAfterMs: 30_000 }));
    const providers = [provided('a', {}, {}, [[limited]]), provided('b')];
    const gateway = over(providers, {}, { gate: {}, retry: { maxAttempts: 2 }, clock: fakeClock() });
    await gateway.complete({ model: 'chat', prompt: 'Hi' });
    const [first] = (await gateway.explain({ model: 'chat', prompt: 'Hi' })).targets;
    expect(first).toMatchObject({
      target: 'a:m',
      unavailable: { code: 'cooling-down', reason: expect.any(String), retryAfterMs: 30_000 },
    });
  });

  it('is there for the other kinds of work', async () => {
    const kinds = ['completion', 'embedding', 'reranking', 'image'] as const;
    const models = [
      { id: 'e', type: 'embedding', pricing: { input: 1 } },
      { id: 'r', type: 'reranking', pricing: { perThousandSearchUnits: 2 } },
      { id: 'i', type: 'image', pricing: { perImage: 0.04 } },
    ];
    const gateway = createGateway({ providers: [provided('a', {}, { kinds, models })] });
    const embedding = await gateway.explain({ kind: 'embedding', model: 'a:e', input: ['one', 'two'] });
    expect(embedding).toMatchObject({ kind: 'embedding', targets: [{ tokens: { outputTokens: 0 } }] });
    expect(embedding.targets[0]).not.toHaveProperty('parameters');
    const reranking = await gateway.explain({ kind: 'reranking', model: 'a:r', query: 'q', documents: ['x'] });
    expect(reranking.targets[0]?.cost).toMatchObject({ expectedUsd: 0.002 });
    const image = await gateway.provider('a').explain({ kind: 'image', model: 'i', prompt: 'A mill', n: 2 });
    expect(image).toMatchObject({ reference: 'a:i', targets: [{ cost: { expectedUsd: 0.08, atMostUsd: 0.08 } }] });
    const wrong = await gateway.explain({ kind: 'embedding', model: 'a:i', input: 'one' });
    expect(wrong).toMatchObject({ servable: false, skipped: [{ target: 'a:i', code: 'invalid-request' }] });
  });

  it('keeps embeddings of a route to one model', async () => {
    const free = { kinds: ['embedding'] } as const;
    const vectors = [[end({ result: embeddingResult([1]) })]];
    const providers = ['a', 'b'].map((id) => scriptedProvider(vectors, { id, ...free }));
    const gateway = over(providers, { targets: ['a:x/one', 'b:x/two'] });
    const plan = await gateway.explain({ kind: 'embedding', model: 'chat', input: 'Hi' });
    expect(plan.skipped).toMatchObject([{ target: 'b:x/two', code: 'embedding-family' }]);
  });

  it.each<[string, unknown, string, RegExp]>([
    ['no request', undefined, 'invalid-request', /must be an object/],
    ['a misspelt field', { model: 'a:m', promt: 'Hi' }, 'invalid-request', /promt.*Did you mean "prompt"/s],
    [
      'a misspelt kind',
      { kind: 'embeding', model: 'a:m' },
      'invalid-request',
      /kind: "embeding".*Did you mean "embedding"/s,
    ],
    [
      'a second attempt that is not set up',
      { model: 'a:m', prompt: 'Hi', hedging: true },
      'invalid-request',
      /hedging/,
    ],
    ['a cache that there is not', { model: 'a:m', prompt: 'Hi', cache: true }, 'invalid-request', /cache/],
    ['no input', { kind: 'embedding', model: 'a:m' }, 'invalid-request', /input/],
    ['a provider that there is not', { model: 'b:m', prompt: 'Hi' }, 'unknown-provider', /"a"/],
    ['a reference that names no provider', { model: 'm', prompt: 'Hi' }, 'model-not-found', /names no provider/],
  ])('refuses %s as a call would', async (_, options, code, words) => {
    const error = await rejectionOf(over([provided('a')]).explain(options as never));
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
  });

  it('does not look for a model that is not known, and says what a call would do', async () => {
    const plan = await over([provided('a')]).explain({ model: 'a:n', prompt: 'Hi' });
    expect(plan).toMatchObject({ servable: false, skipped: [{ target: 'a:n', code: 'model-not-found' }] });
    expect(plan.skipped[0]?.reason).toContain('a call would first look once more');
  });

  it('is refused by a gateway that was disposed', async () => {
    const gateway = over([provided('a')]);
    await gateway.dispose();
    expect(await rejectionOf(gateway.explain({ model: 'a:m', prompt: 'Hi' }))).toMatchObject({
      code: 'gateway-disposed',
    });
  });
});
