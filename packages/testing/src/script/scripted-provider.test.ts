import { createGateway } from '@headrace/core';
import {
  type Constructor,
  MODEL_SOURCE,
  type ModelSource,
  type PluginScope,
  PROVIDER,
  type Provider,
  TransportError,
} from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { completionRequest } from '../context/completion-request.js';
import { testContext } from '../context/test-context.js';
import { embeddingRequest } from '../context/unary-requests.js';
import { deferred } from '../deferred.js';
import { collect, collectEvents, collectText, collectUntilError } from '../stream/collect.js';
import { rejectionOf } from '../stream/rejection-of.js';
import { end, hang, reasoning, text, toolCall, wait } from './answer-step.js';
import { embeddingResult } from './model-result.js';
import {
  type Attempt,
  afterEnd,
  batch,
  exactBatch,
  fail,
  ignoreAbort,
  phase,
  throwForeign,
  warn,
} from './provider-step.js';
import { type ScriptedProviderOptions, scriptedProvider } from './scripted-provider.js';

const request = completionRequest();
const whole = completionRequest({ delivery: 'whole' });

const play = (attempt: Attempt, options?: ScriptedProviderOptions) => {
  const module = scriptedProvider([attempt], options);
  const context = testContext();
  return { module, context, batches: module.provider.call(request, context) };
};

describe('scriptedProvider', () => {
  it('plays each step as a batch, with a start before the first and an end with usage and cost', async () => {
    const { batches } = play([
      reasoning('hm'),
      text('a'),
      end({ usage: { input: 5, cacheRead: 2, output: 3, reasoning: 1 }, cost: 0.5 }),
    ]);
    expect(await collect(batches)).toEqual([
      {
        events: [
          { type: 'response-start', responseId: 'response_1', model: 'test/model' },
          { type: 'reasoning-delta', text: 'hm' },
        ],
      },
      { events: [{ type: 'text-delta', text: 'a' }] },
      {
        events: [
          {
            type: 'response-end',
            reason: 'stop',
            rawReason: 'stop',
            usage: {
              certainty: 'exact',
              input: { total: 5, uncached: 3, cacheRead: 2, cacheWrite: 0 },
              output: { total: 3, text: 2, reasoning: 1, image: 0 },
              totalTokens: 8,
            },
            cost: { usd: 0.5, certainty: 'exact', source: 'provider' },
          },
        ],
      },
    ]);
  });

  it('plays a tool call with start, arguments and end, and counts the calls', async () => {
    const { batches } = play([
      toolCall({ id: 'a', name: 'f', arguments: { x: 1 } }),
      toolCall({ id: 'b', name: 'g', arguments: '{"broken' }),
      end(),
    ]);
    expect((await collectEvents(batches)).slice(1)).toEqual([
      { type: 'tool-call-start', index: 0, id: 'a', name: 'f' },
      { type: 'tool-call-delta', index: 0, argumentsJson: '{"x":1}' },
      { type: 'tool-call-end', index: 0, id: 'a', name: 'f', argumentsJson: '{"x":1}' },
      { type: 'tool-call-start', index: 1, id: 'b', name: 'g' },
      { type: 'tool-call-delta', index: 1, argumentsJson: '{"broken' },
      { type: 'tool-call-end', index: 1, id: 'b', name: 'g', argumentsJson: '{"broken' },
      { type: 'response-end', reason: 'tool-calls', rawReason: 'tool_calls' },
    ]);
  });

  it('gathers a whole delivery into one batch', async () => {
    const module = scriptedProvider([[text('a'), text('b'), end()]]);
    const batches = await collect(module.provider.call(whole, testContext()));
    expect(batches.map(({ events }) => events.map(({ type }) => type))).toEqual([
      ['response-start', 'text-delta', 'text-delta', 'response-end'],
    ]);
  });

  it('adds nothing to a batch given as it is', async () => {
    const wire = { dialect: 'any', bytes: new Uint8Array([1]) };
    const { batches } = play([batch({ type: 'text-delta', text: 'a' }), exactBatch({ events: [], wire })]);
    expect(await collect(batches)).toEqual([{ events: [{ type: 'text-delta', text: 'a' }] }, { events: [], wire }]);
  });

  it('takes the next attempt for each call, and throws beyond the last one', async () => {
    const { provider, calls } = scriptedProvider([
      [text('a'), end()],
      [text('b'), end()],
    ]);
    expect(await collectText(provider.call(request, testContext()))).toBe('a');
    expect(await collectText(provider.call(request, testContext()))).toBe('b');
    const { error } = await collectUntilError(provider.call(request, testContext()));
    expect(error).toMatchObject({ message: expect.stringContaining('has 2 attempts; this is call 3') });
    expect(calls.map(({ outcome }) => outcome)).toEqual(['ended', 'ended', 'failed']);
  });

  it('repeats the last attempt when asked to', async () => {
    const { provider } = scriptedProvider([[text('a'), end()]], { repeatLast: true });
    for (const _again of [1, 2, 3]) expect(await collectText(provider.call(request, testContext()))).toBe('a');
  });

  it('begins nothing before it is read', () => {
    const { module } = play([end()]);
    expect(module.calls).toEqual([]);
  });

  it.each([
    ['an error of the contract', fail(new TransportError('gone')), { code: 'connection-failed' }],
    ['something foreign', throwForeign('a text'), 'a text'],
  ])('throws %s after what came before it', async (_what, step, expected) => {
    const { items, error } = await collectUntilError(play([text('a'), step]).batches);
    expect(items).toHaveLength(1);
    if (typeof expected === 'string') expect(error).toBe(expected);
    else expect(error).toMatchObject(expected);
  });

  it('throws the reason untouched when it is cancelled while it hangs', async () => {
    const { module, context, batches } = play([text('a'), hang()]);
    const rest = collectUntilError(batches);
    const call = await module.waitForCall(1);
    const reason = { why: 'test' };
    context.cancel(reason);
    expect((await rest).error).toBe(reason);
    expect(call).toMatchObject({ cancelled: true, closedEarly: false, outcome: 'cancelled' });
    expect(call.cancelReason).toBe(reason);
    expect(context.cancelListeners).toBe(0);
  });

  it('plays nothing when it is cancelled before it starts', async () => {
    const { module, context, batches } = play([text('a'), end()]);
    context.cancel('no');
    expect(await collectUntilError(batches)).toMatchObject({ items: [], error: 'no' });
    expect(module.calls[0]).toMatchObject({ cancelled: true, batchesPulled: 0 });
  });

  it('is finished, not cancelled, when the cancelling comes after the end', async () => {
    const { module, context, batches } = play([end()]);
    const iterator = batches[Symbol.asyncIterator]();
    await iterator.next();
    context.cancel('late');
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(module.calls[0]).toMatchObject({ outcome: 'ended', cancelled: false });
  });

  it('ignores an abort where told to, but not the reader leaving', async () => {
    const { module, context, batches } = play([ignoreAbort(), text('a'), hang()]);
    const iterator = batches[Symbol.asyncIterator]();
    context.cancel('unheard');
    expect((await iterator.next()).done).toBe(false);
    const pending = iterator.next();
    await iterator.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(module.calls[0]).toMatchObject({ cancelled: true, outcome: 'left', batchesPulled: 1 });
  });

  it('notes that the reader left early', async () => {
    const { module, batches } = play([text('a'), text('b'), end()]);
    for await (const _first of batches) break;
    expect(module.calls[0]).toMatchObject({ closedEarly: true, batchesPulled: 1, outcome: 'left' });
    expect(await module.calls[0]?.finished).toBe('left');
  });

  it('does not call it early to leave after the end', async () => {
    const { module, batches } = play([end(), afterEnd(text('late'))]);
    for await (const _end of batches) break;
    expect(module.calls[0]).toMatchObject({ closedEarly: false, outcome: 'ended' });
  });

  it('waits for a promise, and throws what it rejects with', async () => {
    const gate = deferred<void>();
    const { module, batches } = play([wait(gate.promise), text('a'), wait(Promise.reject(new Error('no'))), end()]);
    const rest = collectUntilError(batches);
    expect((await module.waitForCall(1)).batchesPulled).toBe(0);
    gate.resolve();
    expect(await rest).toMatchObject({ items: [{}], error: { message: 'no' } });
  });

  it('stops waiting for a promise when it is cancelled', async () => {
    const { module, context, batches } = play([wait(new Promise(() => undefined)), end()]);
    const rest = collectUntilError(batches);
    await module.waitForCall(1);
    context.cancel('enough');
    expect((await rest).error).toBe('enough');
  });

  it.each([
    ['text after the end', [end(), afterEnd(text('b'))], ['response-start', 'response-end', 'text-delta']],
    ['two ends', [end(), afterEnd(end())], ['response-start', 'response-end', 'response-end']],
    ['no end', [text('a')], ['response-start', 'text-delta']],
  ])('breaks the contract by %s', async (_what, attempt, types) => {
    expect((await collectEvents(play(attempt).batches)).map(({ type }) => type)).toEqual(types);
  });

  it('breaks the contract of a whole delivery, too', async () => {
    const { provider } = scriptedProvider([[text('a'), end(), afterEnd(text('b'))], [text('a')]]);
    const late = await collect(provider.call(whole, testContext()));
    expect(late.map(({ events }) => events.at(-1)?.type)).toEqual(['response-end', 'text-delta']);
    expect((await collectEvents(provider.call(whole, testContext()))).at(-1)?.type).toBe('text-delta');
  });

  it('has the keys that it is given, and records which one a call was to use', async () => {
    const scripted = scriptedProvider([[text('a'), end()]], { keys: ['a', 'b'], repeatLast: true });
    await using gateway = createGateway({ providers: [scripted] });
    for (const _ of [1, 2, 3]) await gateway.complete({ model: 'scripted:test/model', prompt: 'Hello' });
    expect(scripted.calls.map(({ context }) => context.key)).toEqual(['a', 'b', 'a']);
  });

  it('plays what a function makes of the request, and answers other kinds than completions', async () => {
    const module = scriptedProvider(
      [
        (asked) => [
          end({
            result: embeddingResult(...(asked.kind === 'embedding' ? asked.inputs : []).map(({ length }) => [length])),
            units: { searchUnits: 1 },
            providerMetadata: { a: 1 },
          }),
        ],
      ],
      { kinds: ['embedding'] },
    );
    expect(module.provider.kinds).toEqual(['embedding']);
    const batches = await collect(module.provider.call(embeddingRequest({ inputs: ['a', 'bcd'] }), testContext()));
    expect(batches).toEqual([
      {
        events: [
          { type: 'response-start', responseId: 'response_1', model: 'test/embed' },
          {
            type: 'response-end',
            reason: 'stop',
            rawReason: 'stop',
            units: { searchUnits: 1 },
            providerMetadata: { a: 1 },
            result: { kind: 'embedding', embeddings: [Float32Array.of(1), Float32Array.of(3)] },
          },
        ],
      },
    ]);
  });

  it('fails the call for which a function makes steps after the end by mistake', async () => {
    const module = scriptedProvider([() => [end(), text('late')]]);
    const reading = rejectionOf(collect(module.provider.call(request, testContext())));
    expect(await reading).toMatchObject({ name: 'TypeError', message: expect.stringContaining('attempt 1') });
  });

  it('refuses a script that goes on after its end by mistake', () => {
    expect(() => scriptedProvider([[end()], [fail(new TransportError('gone')), text('a')]])).toThrow(
      "attempt 2 of the script goes on with 'text' after its end",
    );
  });

  it('reports phases before its first batch, and bytes with each', async () => {
    const { context, batches } = play([text('a'), end()]);
    await collect(batches);
    expect(context.phases.map((each) => each.phase)).toEqual(['connected', 'headers', 'bytes', 'bytes']);
  });

  it('reports a phase once when the script reports it', async () => {
    const { context, batches } = play([
      phase('connected'),
      phase('bytes', 12),
      warn({ code: 'c', message: 'm' }),
      end(),
    ]);
    await collect(batches);
    expect(context.phases).toEqual([
      { phase: 'connected', bytes: undefined },
      { phase: 'bytes', bytes: 12 },
      { phase: 'headers', bytes: undefined },
      { phase: 'bytes', bytes: undefined },
    ]);
    expect(context.warnings).toEqual([{ code: 'c', message: 'm' }]);
  });

  it('serves overlapping reads in order, and nothing after the end', async () => {
    const iterator = play([text('a'), end()]).batches[Symbol.asyncIterator]();
    const results = await Promise.all([iterator.next(), iterator.next(), iterator.next()]);
    expect(results.map(({ done }) => done)).toEqual([false, false, true]);
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
  });
});

describe('the module of a scripted provider', () => {
  const register = (module: ReturnType<typeof scriptedProvider>) => {
    const provided = new Map<unknown, Constructor<unknown>>();
    const scope: PluginScope = {
      own: { register: () => undefined },
      provide: (token: unknown, implementation: Constructor<unknown>) => {
        provided.set(token, implementation);
      },
    };
    module.register(scope);
    return provided;
  };

  it('registers a class without parameters, built anew for each gateway, over one script', async () => {
    const module = scriptedProvider(
      [
        [text('a'), end()],
        [text('b'), end()],
      ],
      { id: 'primary' },
    );
    const Registered = register(module).get(PROVIDER) as new () => Provider;
    const [first, second] = [new Registered(), new Registered()];
    expect([first.id, module.name, module.built]).toEqual(['primary', 'primary', 2]);
    expect(await collectText(first.call(request, testContext()))).toBe('a');
    expect(await collectText(second.call(request, testContext()))).toBe('b');
  });

  it('registers facts only when it has some', async () => {
    expect(register(scriptedProvider([])).has(MODEL_SOURCE)).toBe(false);
    const module = scriptedProvider([], { id: 'p', models: [{ id: 'm', contextWindow: 10 }] });
    const Registered = register(module).get(MODEL_SOURCE) as new () => ModelSource;
    const source = new Registered();
    const known = { id: 'm', provider: 'p', contextWindow: 10, type: 'language' };
    expect(source.provider).toBe('p');
    expect(source.find('m')).toMatchObject(known);
    expect(source.find('x')).toBeUndefined();
    expect(source.list()).toHaveLength(1);
    expect(await source.lookUp('m', AbortSignal.abort())).toMatchObject(known);
    expect(await module.provider.listModels(AbortSignal.abort())).toMatchObject([known]);
  });

  it('lists and closes as it is told', async () => {
    const failing = scriptedProvider([], {
      listModels: () => Promise.reject(new TransportError('gone')),
      closeError: 'stuck',
    });
    expect(await rejectionOf(failing.provider.listModels(AbortSignal.abort()))).toBeInstanceOf(TransportError);
    expect(await rejectionOf(Promise.resolve(failing.provider.close?.()))).toBe('stuck');
    const working = scriptedProvider([]);
    await working.provider.close?.();
    await working.provider.close?.();
    expect([failing.closed, working.closed]).toEqual([1, 2]);
  });
});
