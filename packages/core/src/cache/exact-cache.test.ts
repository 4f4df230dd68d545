import {
  batch,
  collectText,
  embeddingResult,
  end,
  fail,
  imageResult,
  reasoning,
  rerankingResult,
  scriptedProvider,
  text,
  toolCall,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  ConfigurationError,
  createGateway,
  InvalidRequestError,
  type Middleware,
  OverloadedError,
  TransportError,
} from '../index.js';
import { MODEL_SOURCE, type ModelInfo, type ProviderModule, type StreamEvent } from '../plugin.js';
import { failureOf, request, rig } from './__fixtures__/cached-gateway.js';

const paid = end({ usage: { input: 10, output: 5 }, cost: 0.02 });
const twice = [
  [text('It '), text('rains.'), paid],
  [text('It shines.'), end()],
];
const eventsOf = async (events: AsyncIterable<StreamEvent>): Promise<readonly StreamEvent[]> => {
  const all: StreamEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
};
const typesOf = (events: readonly StreamEvent[]) => events.map(({ type }) => type);

/** A provider whose facts are what the test says they are, from then on. */
const withFacts = (
  scripted: ReturnType<typeof scriptedProvider>,
  factsOf: (id: string) => ModelInfo,
): ProviderModule => {
  class Changing {
    readonly provider = 'scripted';
    readonly list = () => [];
    readonly find = factsOf;
    readonly lookUp = async (id: string) => factsOf(id);
  }
  return {
    ...scripted,
    register: (scope) => {
      scripted.register(scope);
      scope.provide(MODEL_SOURCE, Changing);
    },
  };
};

describe('an answer that is kept', () => {
  it.each(['scripted:m', 'chat'])(
    'for %s is not given any more when something else is known of a model',
    async (model) => {
      const scripted = scriptedProvider(twice);
      let max = 1;
      let asOf = 1;
      const facts = new Map<string, ModelInfo>();
      const learn = (): void => facts.clear();
      const factsOf = (id: string): ModelInfo => {
        const known = facts.get(id);
        if (known !== undefined) return known;
        const provenance = { origin: 'live', asOf: `2026-01-0${asOf}` } as const;
        const parameters = { temperature: { supported: true, max } };
        const info = { id, provider: 'scripted', type: 'language', parameters, provenance };
        facts.set(id, info);
        return info;
      };
      await using gateway = createGateway({
        providers: [withFacts(scripted, factsOf)],
        routes: { chat: { targets: ['scripted:other', 'scripted:m'] } },
        cache: {},
      });
      const ask = async () => (await gateway.complete({ ...request, model })).text;
      expect([await ask(), await ask()]).toEqual(['It rains.', 'It rains.']);
      // The catalogue is read anew, and says the same.
      asOf = 2;
      learn();
      expect(await ask()).toBe('It rains.');
      max = 2;
      learn();
      expect([await ask(), await ask()]).toEqual(['It shines.', 'It shines.']);
      expect(scripted.calls).toHaveLength(2);
    },
  );

  it('is given again, and its receipt says that nothing was spent', async () => {
    const { gateway, clock, scripted } = rig(twice);
    const first = await gateway.complete(request);
    await clock.advance(2_000);
    const second = await gateway.complete(request);
    expect([first.text, second.text, scripted.calls.length]).toEqual(['It rains.', 'It rains.', 1]);
    expect(first.receipt).toMatchObject({ cache: { status: 'miss' }, usage: { totalTokens: 15 }, cost: { usd: 0.02 } });
    expect(second.receipt).toMatchObject({
      cache: { status: 'hit', ageMs: 2_000, usage: { totalTokens: 15 }, cost: { usd: 0.02 } },
      cost: { usd: 0, certainty: 'exact', source: 'cache' },
      outcome: 'complete',
      attempts: [],
      finishReason: 'stop',
      servedBy: { provider: 'scripted', model: 'm', responseId: 'response_1' },
      firstContentMs: 0,
    });
    expect(second.receipt.usage).toBeUndefined();
    expect([second.usage?.totalTokens, second.cost?.usd, second.provider, second.model]).toEqual([
      15,
      0,
      'scripted',
      'm',
    ]);
  });

  it('is streamed as it was streamed, in the same pieces', async () => {
    const { gateway, scripted } = rig([[reasoning('hm'), text('It '), text('rains.'), paid]]);
    const first = await eventsOf(gateway.stream(request));
    const again = await eventsOf(gateway.stream(request));
    expect(again).toEqual(first);
    expect(typesOf(again)).toEqual(['response-start', 'reasoning-delta', 'text-delta', 'text-delta', 'response-end']);
    expect(scripted.calls).toHaveLength(1);
  });

  it('serves streams and whole answers alike, however it was got', async () => {
    const streamed = rig(twice);
    await collectText(streamed.gateway.stream(request));
    expect((await streamed.gateway.complete(request)).text).toBe('It rains.');
    const whole = rig(twice);
    await whole.gateway.complete(request);
    expect(await collectText(whole.gateway.stream(request))).toBe('It rains.');
    expect([streamed.scripted.calls.length, whole.scripted.calls.length]).toEqual([1, 1]);
  });

  it('brings its tool calls and its warnings along', async () => {
    const warning = { code: 'parameter-dropped', message: 'gone', field: 'topK' };
    const call = { id: 'c1', name: 'weather', arguments: { city: 'Oslo' } };
    const { gateway, scripted } = rig([[{ step: 'warn', warning }, toolCall(call), end()]]);
    const tools = [{ name: 'weather', parameters: z.object({ city: z.string() }) }];
    await gateway.complete({ ...request, tools });
    const again = await gateway.complete({ ...request, tools });
    expect(again).toMatchObject({ toolCalls: [call], finishReason: 'tool-calls', warnings: [warning] });
    expect(scripted.calls).toHaveLength(1);
  });

  it('leaves behind what was said of how it was got, not of it', async () => {
    const said = (code: string) => ({ step: 'warn', warning: { code, message: 'said' } }) as const;
    const { gateway } = rig([[said('structured-output-emulated'), said('key-rejected'), text('a'), end()]], {
      limits: { gateway: { maxConcurrent: 1 } },
    });
    const codesOf = async () => (await gateway.complete(request)).warnings.map(({ code }) => code);
    expect(await codesOf()).toEqual(expect.arrayContaining(['structured-output-emulated', 'key-rejected']));
    expect(await codesOf()).toEqual(['structured-output-emulated']);
  });

  it('is given with what a plugin says of the answer, and without what it says of the call', async () => {
    const said = (code: string, about?: 'answer' | 'call') =>
      ({ step: 'warn', warning: { code, message: 'said', ...(about && { about }) } }) as const;
    const { gateway } = rig([
      [said('field-ignored'), said('detour', 'call'), said('key-rejected', 'answer'), text('a'), end()],
    ]);
    await gateway.complete(request);
    const { warnings } = await gateway.complete(request);
    expect(warnings.map(({ code }) => code)).toEqual(['field-ignored', 'key-rejected']);
  });

  it('keeps every warning that came with it', async () => {
    const warning = { code: 'service-tier-not-served', message: 'other' };
    const { gateway } = rig([[batch({ type: 'warning', warning }), text('a'), end()]]);
    await gateway.complete(request);
    expect((await gateway.complete(request)).warnings).toEqual([warning]);
  });

  it('that does not fit is not kept, also when a middleware changed its parameters', async () => {
    const output = z.object({ city: z.string() });
    const cooler = { parameters: { temperature: 0.2 } };
    const middleware: Middleware = {
      name: 'cooler',
      forCall: () => ({ onRequest: (asked) => ({ request: { ...asked, ...cooler } as typeof asked }) }),
    };
    const { gateway, scripted } = rig(
      [[text('{"city":1}'), end()]],
      {
        middleware: [middleware],
        routes: { chat: { targets: [{ model: 'scripted:m', parameters: { topP: 0.5 } }] } },
      },
      { repeatLast: true },
    );
    for (let calls = 0; calls < 2; calls += 1)
      expect((await failureOf(gateway.complete({ ...request, model: 'chat', output }))).receipt?.cache?.status).toBe(
        'miss',
      );
    expect(scripted.calls).toHaveLength(2);
  });

  it('is found whatever the order of members in the request', async () => {
    const { gateway, scripted } = rig(twice);
    await gateway.complete({ ...request, providerOptions: { scripted: { a: 1, b: { c: 2, d: 3 } } } });
    await gateway.complete({ providerOptions: { scripted: { b: { d: 3, c: 2 }, a: 1 } }, ...request });
    expect(scripted.calls).toHaveLength(1);
  });

  it.each([
    ['prompt', { prompt: 'Say more.' }],
    ['system', { system: 'Be brief.' }],
    ['model', { model: 'scripted:other' }],
    ['parameters', { temperature: 0.5 }],
    ['providerOptions', { providerOptions: { scripted: { a: 1 } } }],
    ['tools', { tools: [{ name: 't', parameters: z.object({}) }] }],
    ['outputModalities', { outputModalities: ['text', 'image'] as const }],
    ['tenant', { tenant: 'acme' }],
    ['endUser', { endUser: 'u1' }],
    ['strict', { strict: true }],
  ])('is not given to a call with another %s', async (_, change) => {
    const { gateway, scripted } = rig(twice);
    await gateway.complete(request);
    expect((await gateway.complete({ ...request, ...change })).receipt.cache).toEqual({ status: 'miss' });
    expect(scripted.calls).toHaveLength(2);
  });

  it('tells the same bytes from others, whatever they are kept in', async () => {
    const { gateway, scripted } = rig(twice, {}, { repeatLast: true });
    const ask = (...bytes: readonly number[]) => {
      const source = { type: 'bytes', data: Uint8Array.from(bytes) } as const;
      const content = [{ type: 'image', mediaType: 'image/png', source }] as const;
      return gateway.complete({ model: 'scripted:m', messages: [{ role: 'user', content }] });
    };
    await ask(1, 2);
    await ask(1, 2);
    await ask(1, 3);
    expect(scripted.calls).toHaveLength(2);
  });

  it('is shared between end users where the gateway says so, but never between tenants', async () => {
    const { gateway, scripted } = rig(twice, { cache: { acrossEndUsers: true } }, { repeatLast: true });
    await gateway.complete({ ...request, endUser: 'u1' });
    await gateway.complete({ ...request, endUser: 'u2' });
    expect(scripted.calls).toHaveLength(1);
    await gateway.complete({ ...request, endUser: 'u1', tenant: 't' });
    expect(scripted.calls).toHaveLength(2);
  });

  it('is not given when it is too old', async () => {
    const { gateway, clock, scripted } = rig(twice, { cache: { maxAgeMs: 1_000 } });
    await gateway.complete(request);
    await clock.advance(999);
    expect((await gateway.complete(request)).receipt.cache?.status).toBe('hit');
    await clock.advance(1);
    expect((await gateway.complete(request)).text).toBe('It shines.');
    expect(scripted.calls).toHaveLength(2);
  });

  it('has nothing to do with a call that says false', async () => {
    const { gateway, scripted } = rig(twice, {}, { repeatLast: true });
    expect((await gateway.complete({ ...request, cache: false })).receipt.cache).toBeUndefined();
    expect((await gateway.complete(request)).text).toBe('It shines.');
    expect((await gateway.complete({ ...request, cache: false })).receipt.cache).toBeUndefined();
    expect(scripted.calls).toHaveLength(3);
  });

  it('gives way to the answer of a call that says refresh', async () => {
    const { gateway, scripted } = rig(twice);
    await gateway.complete(request);
    expect((await gateway.complete({ ...request, cache: 'refresh' })).text).toBe('It shines.');
    expect((await gateway.complete(request)).text).toBe('It shines.');
    expect(scripted.calls).toHaveLength(2);
  });

  it('is for calls that ask for it alone where the gateway says so', async () => {
    const { gateway, scripted } = rig(twice, { cache: { everyCall: false } }, { repeatLast: true });
    await gateway.complete(request);
    await gateway.complete({ ...request, cache: true });
    await gateway.complete({ ...request, cache: true });
    expect(scripted.calls).toHaveLength(2);
  });

  it('is found by a route, and says who served then', async () => {
    const down = scriptedProvider([[fail(new OverloadedError('full'))]], { id: 'a', repeatLast: true });
    const up = scriptedProvider([[text('Hello'), end()]], { id: 'b' });
    const gateway = createGateway({
      providers: [down, up],
      routes: { chat: { targets: ['a:m', 'b:m'] } },
      cache: {},
      retry: { maxAttempts: 2, baseDelayMs: 0 },
    });
    await gateway.complete({ ...request, model: 'chat' });
    const again = await gateway.complete({ ...request, model: 'chat' });
    expect(again).toMatchObject({ text: 'Hello', provider: 'b', receipt: { reference: 'chat', attempts: [] } });
    expect([down.calls.length, up.calls.length]).toEqual([1, 1]);
  });
});

describe('an answer by a route whose targets have parameters of their own', () => {
  it('is not given to a call that says itself what is the default of another', async () => {
    const route = { targets: [{ model: 'scripted:m', parameters: { temperature: 0.9 } }] };
    const { gateway, scripted } = rig(twice, { routes: { chat: route }, defaults: { temperature: 0.5 } });
    await gateway.complete({ ...request, model: 'chat' });
    await gateway.complete({ ...request, model: 'chat', temperature: 0.5 });
    expect(scripted.calls.map(({ request: sent }) => sent)).toMatchObject([
      { parameters: { temperature: 0.9 } },
      { parameters: { temperature: 0.5 } },
    ]);
  });
});

describe('an answer is not kept', () => {
  const file = (type: 'url' | 'bytes'): StreamEvent => ({
    type: 'file',
    mediaType: 'image/png',
    source: type === 'url' ? { type, url: 'https://files.example/1' } : { type, data: Uint8Array.of(1) },
  });

  it.each([
    ['cut by its limit', [text('It'), end({ reason: 'length' })]],
    ['held back for its content', [text('It'), end({ reason: 'content-filter' })]],
    ['ended for a reason unknown', [text('It'), end({ reason: 'unknown' })]],
    ['empty', [end()]],
    ['with an address in it that goes out of date', [batch(file('url')), end()]],
  ] as const)('when it is %s', async (_, steps) => {
    const { gateway, scripted } = rig([steps], {}, { repeatLast: true });
    await gateway.complete(request);
    expect((await gateway.complete(request)).receipt.cache).toEqual({ status: 'miss' });
    expect(scripted.calls).toHaveLength(2);
  });

  it('when it fails, before its first content or after', async () => {
    const cut = [text('It'), fail(new TransportError('gone'))];
    const { gateway, scripted } = rig([[fail(new OverloadedError('full'))], cut, [text('Well.'), end()]], {
      retry: { maxAttempts: 1 },
    });
    expect(await failureOf(gateway.stream(request).final())).toMatchObject({ code: 'overloaded' });
    expect(await failureOf(gateway.stream(request).final())).toMatchObject({ delivered: true });
    expect(await collectText(gateway.stream(request))).toBe('Well.');
    expect(scripted.calls).toHaveLength(3);
  });

  it('when it does not fit the form that was asked for', async () => {
    const { gateway, scripted } = rig([
      [text('{"n":"x"}'), end()],
      [text('{"n":1}'), end()],
    ]);
    const ask = () => gateway.complete({ ...request, output: z.object({ n: z.number() }) });
    expect(await failureOf(ask())).toMatchObject({ code: 'output-invalid' });
    expect((await ask()).output).toEqual({ n: 1 });
    expect((await ask()).receipt.cache?.status).toBe('hit');
    expect(scripted.calls).toHaveLength(2);
  });

  it('when it is larger than one may be', async () => {
    const { gateway, scripted } = rig(
      [[text('x'.repeat(2_000)), end()]],
      { cache: { maxEntryBytes: 1_000 } },
      {
        repeatLast: true,
      },
    );
    await gateway.complete(request);
    expect((await gateway.complete(request)).text).toHaveLength(2_000);
    expect(scripted.calls).toHaveLength(2);
  });

  it('for longer than there is room', async () => {
    const { gateway, scripted } = rig([[text('x'), end()]], { cache: { maxEntries: 2 } }, { repeatLast: true });
    const ask = (prompt: string) => gateway.complete({ ...request, prompt });
    for (const prompt of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(prompt);
    // `b` made room for `c`, since `a` had been asked for after it.
    expect(scripted.calls).toHaveLength(4);
  });

  it('with an image in bytes it is', async () => {
    const { gateway, scripted } = rig([[batch(file('bytes')), end()]]);
    await gateway.complete(request);
    expect((await gateway.complete(request)).files).toMatchObject([{ source: { data: Uint8Array.of(1) } }]);
    expect(scripted.calls).toHaveLength(1);
  });
});

describe('answers of other kinds', () => {
  const kinds = { kinds: ['embedding', 'reranking', 'image'], repeatLast: true } as const;

  it('are kept: vectors, and what the host does with its own does not reach them', async () => {
    const { gateway, scripted } = rig(
      [() => [end({ result: embeddingResult([1, 2]), usage: { input: 3, output: 0 } })]],
      {},
      kinds,
    );
    const first = await gateway.embed({ model: 'scripted:e', input: 'a' });
    first.embedding.fill(0);
    const second = await gateway.embed({ model: 'scripted:e', input: ['a'] });
    expect([...second.embedding]).toEqual([1, 2]);
    second.embedding.fill(9);
    const third = await gateway.embed({ model: 'scripted:e', input: 'a' });
    expect([...third.embedding]).toEqual([1, 2]);
    expect(third).toMatchObject({ usage: { totalTokens: 3 }, cost: { usd: 0 }, receipt: { cache: { status: 'hit' } } });
    expect(scripted.calls).toHaveLength(1);
  });

  it('are kept: rankings, and images that came as bytes', async () => {
    const image = { source: { type: 'bytes', data: Uint8Array.of(7) } } as const;
    const { gateway, scripted } = rig(
      [() => [end({ result: rerankingResult([0, 1]) })], () => [end({ result: imageResult(image) })]],
      {},
      kinds,
    );
    const documents = ['a'];
    for (const _ of [1, 2]) await gateway.rerank({ model: 'scripted:r', query: 'q', documents });
    for (const _ of [1, 2]) await gateway.generateImage({ model: 'scripted:i', prompt: 'p' });
    expect(scripted.calls).toHaveLength(2);
  });

  it('are not kept: images that came as addresses', async () => {
    const image = { source: { type: 'url', url: 'https://files.example/1' } } as const;
    const { gateway, scripted } = rig([() => [end({ result: imageResult(image) })]], {}, kinds);
    for (const _ of [1, 2]) await gateway.generateImage({ model: 'scripted:i', prompt: 'p' });
    expect(scripted.calls).toHaveLength(2);
  });
});

describe('the options of a cache', () => {
  it('are checked when the gateway is made, every field by name', () => {
    const options = { maxAgeMs: 0, maxEntries: 1.5, maxBytes: 10, maxEntryBytes: 11, everyCal: true };
    const make = () => createGateway({ providers: [scriptedProvider([])], cache: options as never });
    expect(make).toThrow(ConfigurationError);
    for (const field of ['maxAgeMs', 'maxEntries', 'everyCal']) expect(make).toThrow(`cache.${field}`);
    const larger = () =>
      createGateway({ providers: [scriptedProvider([])], cache: { maxBytes: 10, maxEntryBytes: 11 } });
    expect(larger).toThrow('cache.maxEntryBytes: must not be more than maxBytes');
  });

  it('are needed by a call that asks for the cache', async () => {
    const kinds = { kinds: ['completion', 'embedding'], repeatLast: true } as const;
    const { gateway, scripted } = rig([[text('x'), end()]], { cache: undefined } as never, kinds);
    expect(() => gateway.stream({ ...request, cache: true })).toThrow(InvalidRequestError);
    expect(await failureOf(gateway.embed({ model: 'scripted:e', input: 'a', cache: 'refresh' }))).toMatchObject({
      issues: [{ field: 'cache' }],
    });
    await gateway.complete({ ...request, cache: false });
    expect(scripted.calls).toHaveLength(1);
  });
});
