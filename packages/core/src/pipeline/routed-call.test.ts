import {
  type AttemptScript,
  collectText,
  embeddingResult,
  end,
  fail,
  fakeClock,
  fixedRandom,
  hang,
  rejectionOf,
  type ScriptedProvider,
  type ScriptedProviderOptions,
  scriptedProvider,
  text,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import {
  ContentPolicyError,
  ContextLengthError,
  CredentialRejectedError,
  createGateway,
  type Gateway,
  GatewayError,
  type GatewayOptions,
  InvalidRequestError,
  OverloadedError,
  QuotaExhaustedError,
  RateLimitedError,
  type Receipt,
  RequestLossError,
  StreamInterruptedError,
} from '../index.js';
import type { ModelRequest } from '../plugin.js';

type Script = readonly AttemptScript[];

const well: Script = [[text('Hello'), end()]];
const full: Script = [[fail(new OverloadedError('full'))]];
const limited = (retryAfterMs?: number): Script => [[fail(new RateLimitedError('too fast', { retryAfterMs }))]];

const provided = (id: string, script: Script, options: ScriptedProviderOptions = {}): ScriptedProvider =>
  scriptedProvider(script, { id, repeatLast: true, ...options });

/** A route over model `m` of each provider, in their order; backoffs take no time. */
const rig = (
  providers: readonly ScriptedProvider[],
  options: Partial<GatewayOptions> = {},
): { readonly gateway: Gateway } => ({
  gateway: createGateway({
    providers,
    routes: { chat: { targets: providers.map(({ name }) => `${name}:m`) } },
    random: fixedRandom(0),
    ...options,
  }),
});

/** The attempts in the receipt of a stream that its caller leaves so many turns after it asked. */
const leftAfter = async (gateway: Gateway, model: string, turns: number): Promise<unknown> => {
  const controller = new AbortController();
  const stream = gateway.stream({ model, prompt: 'Hi', signal: controller.signal });
  const failed = rejectionOf(collectText(stream));
  for (let at = 0; at < turns; at += 1) await Promise.resolve();
  controller.abort('enough');
  expect(await failed).toBe('enough');
  return (await stream.receipt).attempts.map(({ sent, outcome, usage }) => ({ sent, outcome, usage }));
};

/** The same on a clock that stands still. */
const timed = (providers: readonly ScriptedProvider[], options: Partial<GatewayOptions> = {}) => {
  const clock = fakeClock();
  return { ...rig(providers, { clock, ...options }), clock };
};

const ask = (gateway: Gateway, more: object = {}) => gateway.complete({ model: 'chat', prompt: 'Hi', ...more });

const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error = await rejectionOf(promise);
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

const triedOf = (receipt: Receipt | undefined): unknown =>
  receipt?.attempts.map(({ provider, outcome }) => `${provider} ${outcome}`);
const countsOf = (providers: readonly ScriptedProvider[]): readonly number[] =>
  providers.map(({ calls }) => calls.length);
const warningsOf = (receipt: Receipt | undefined): readonly string[] =>
  receipt?.warnings.map(({ code, message }) => `${code}: ${message}`) ?? [];

describe('a call that its caller leaves before anything was sent', () => {
  it.each(['chat', 'a:m'])('to %s lists the attempt that was begun, as not sent and without usage', async (model) => {
    const { gateway } = rig([provided('a', [[hang()]])]);
    // Once for the code that comes with the first call.
    await leftAfter(gateway, model, 200);
    for (const turns of [0, 1, 5])
      expect(await leftAfter(gateway, model, turns)).toEqual([{ sent: false, outcome: 'cancelled', usage: undefined }]);
  });

  it.each(['chat', 'a:m'])('to %s, and before it was made, lists none', async (model) => {
    const { gateway } = rig([provided('a', [[hang()]])]);
    const stream = gateway.stream({ model, prompt: 'Hi', signal: AbortSignal.abort('enough') });
    expect(await rejectionOf(collectText(stream))).toBe('enough');
    expect((await stream.receipt).attempts).toEqual([]);
  });
});

describe('a call by a route', () => {
  it('is served by the first target, and the others hear nothing of it', async () => {
    const providers = [provided('a', well), provided('b', well)];
    const { gateway } = rig(providers);
    const answer = await ask(gateway);
    expect(answer).toMatchObject({ text: 'Hello', provider: 'a', model: 'm', warnings: [] });
    expect(answer.receipt).toMatchObject({ reference: 'chat', servedBy: { provider: 'a', model: 'm' } });
    expect(countsOf(providers)).toEqual([1, 0]);
  });

  it('asks the next target when the first one has failed, and the receipt has both', async () => {
    const providers = [provided('a', full), provided('b', well)];
    const { gateway } = rig(providers);
    const { receipt } = await ask(gateway);
    expect(triedOf(receipt)).toEqual(['a failed', 'a failed', 'b complete']);
    expect(receipt.servedBy).toMatchObject({ provider: 'b', model: 'm' });
  });

  it('streams from the next target too', async () => {
    const { gateway } = rig([provided('a', full), provided('b', well)]);
    const stream = gateway.stream({ model: 'chat', prompt: 'Hi' });
    expect(await collectText(stream)).toBe('Hello');
    expect(triedOf(await stream.receipt)).toEqual(['a failed', 'a failed', 'b complete']);
  });

  it('leaves models that are named alone', async () => {
    const providers = [provided('a', full), provided('b', well)];
    const { gateway } = rig(providers);
    const error = await failureOf(ask(gateway, { model: 'a:m' }));
    expect(triedOf(error.receipt)).toEqual(['a failed', 'a failed', 'a failed']);
  });

  it.each([
    ['a rejected key', new CredentialRejectedError('no'), ['a failed', 'b complete']],
    ['spent money', new QuotaExhaustedError('spent'), ['a failed', 'b complete']],
    ['a refusal of the request', new InvalidRequestError([{ field: 'x', message: 'is wrong.' }]), undefined],
    ['a refusal for what it says', new ContentPolicyError('no'), undefined],
  ])('goes by the table after %s', async (_, error, tried) => {
    const providers = [provided('a', [[fail(error)]]), provided('b', well)];
    const { gateway } = rig(providers);
    if (tried !== undefined) expect(triedOf((await ask(gateway)).receipt)).toEqual(tried);
    else {
      expect(await rejectionOf(ask(gateway))).toBe(error);
      expect(countsOf(providers)).toEqual([1, 0]);
    }
  });

  it('goes by the table of the host', async () => {
    const refused: Script = [[fail(new ContentPolicyError('no'))]];
    const decisions = { 'content-policy': { nextTarget: true }, capacity: { nextTarget: false } };
    const { gateway } = rig([provided('a', refused), provided('b', well)], { decisions });
    expect(triedOf((await ask(gateway)).receipt)).toEqual(['a failed', 'b complete']);
    const other = rig([provided('a', full), provided('b', well)], { decisions });
    // Nothing is kept for a target that is not to be asked.
    expect(triedOf((await failureOf(ask(other.gateway))).receipt)).toEqual(['a failed', 'a failed', 'a failed']);
  });

  it('has one budget for all targets, and keeps a try for each that is left', async () => {
    const providers = [provided('a', full), provided('b', full), provided('c', full)];
    const { gateway } = rig(providers, { retry: { maxAttempts: 4 } });
    const error = await failureOf(ask(gateway));
    expect(triedOf(error.receipt)).toEqual(['a failed', 'a failed', 'b failed', 'c failed']);
    expect(error.code).toBe('overloaded');
    expect((await failureOf(ask(gateway, { maxAttempts: 2 }))).receipt?.attempts).toHaveLength(2);
  });

  it('keeps none for a target that cannot serve it', async () => {
    const tools = [{ name: 't', parameters: { type: 'object' } }] as const;
    const plain = { models: [{ id: 'm', capabilities: { toolCall: false } }] };
    const { gateway } = rig([provided('a', full), provided('b', well, plain)]);
    const error = await failureOf(ask(gateway, { tools }));
    expect(triedOf(error.receipt)).toEqual(['a failed', 'a failed', 'a failed']);
    expect(error.code).toBe('overloaded');
  });

  it('says which targets it did not come to', async () => {
    const { gateway } = rig([provided('a', full), provided('b', well), provided('c', well)]);
    const error = await failureOf(ask(gateway, { maxAttempts: 1 }));
    expect(triedOf(error.receipt)).toEqual(['a failed']);
    expect(warningsOf(error.receipt)).toEqual([
      'targets-left: 2 targets of the route "chat" could not be tried: all 1 attempts of the call are used up (`maxAttempts`).',
    ]);
  });

  it.each([
    ['longer than a backoff', 8_001, ['a failed', 'b complete']],
    ['longer than the deadline', 5_000, ['a failed', 'b complete']],
  ])('does not wait for a hint that is %s while another target is left', async (_, hintMs, tried) => {
    const { gateway } = timed([provided('a', limited(hintMs)), provided('b', well)]);
    const { receipt } = await ask(gateway, { timeoutMs: hintMs === 5_000 ? 5_000 : 100_000 });
    expect(triedOf(receipt)).toEqual(tried);
    expect(receipt.durationMs).toBe(0);
  });

  it('waits for a short hint, and for a long one when no other target is left', async () => {
    const { gateway, clock } = timed([provided('a', limited(8_000)), provided('b', limited(30_000))], {
      retry: { maxAttempts: 4 },
    });
    const asked = failureOf(ask(gateway));
    await clock.advance(24_000);
    await clock.advance(60_000);
    expect((await asked).receipt?.attempts.map(({ provider, waitedMs }) => [provider, waitedMs])).toEqual([
      ['a', 0],
      ['a', 8_000],
      ['a', 8_000],
      ['b', 0],
    ]);
  });

  it('asks nobody more when its deadline has passed', async () => {
    const providers = [provided('a', [[hang()]]), provided('b', well)];
    const { gateway, clock } = timed(providers);
    const asked = failureOf(ask(gateway, { timeoutMs: 1_000 }));
    await providers[0]?.waitForCall(1);
    await clock.advance(1_000);
    expect(await asked).toMatchObject({ code: 'deadline-timeout' });
    expect(countsOf(providers)).toEqual([1, 0]);
  });

  it('asks the next target when the first one is silent', async () => {
    const providers = [provided('a', [[hang()]]), provided('b', well)];
    const { gateway, clock } = timed(providers, { clocks: { connectMs: 1_000 } });
    const asked = ask(gateway);
    await providers[0]?.waitForCall(1);
    await clock.advance(1_000);
    expect(triedOf((await asked).receipt)).toEqual(['a failed', 'b complete']);
  });

  it('is aborted while it waits, with the reason untouched', async () => {
    const providers = [provided('a', limited(5_000)), provided('b', well)];
    const { gateway, clock } = timed(providers);
    const controller = new AbortController();
    const asked = rejectionOf(ask(gateway, { signal: controller.signal }));
    await clock.waitForTimer((delayMs) => delayMs === 5_000);
    const reason = { enough: true };
    controller.abort(reason);
    expect(await asked).toBe(reason);
    expect(countsOf(providers)).toEqual([1, 0]);
    expect(clock.pending).toBe(0);
  });

  it('is not given to another target once content was delivered', async () => {
    const cut: Script = [[text('Hel'), fail(new StreamInterruptedError('cut'))]];
    const providers = [provided('a', cut), provided('b', well)];
    const { gateway } = rig(providers);
    const stream = gateway.stream({ model: 'chat', prompt: 'Hi' });
    expect(await failureOf(collectText(stream))).toMatchObject({ code: 'stream-interrupted', delivered: true });
    expect(countsOf(providers)).toEqual([1, 0]);
    expect(triedOf(await stream.receipt)).toEqual(['a failed']);
  });

  it('closes the upstream when its reader leaves', async () => {
    const provider = provided('a', [[text('Hel'), hang()]]);
    const { gateway } = rig([provider, provided('b', well)]);
    for await (const piece of gateway.stream({ model: 'chat', prompt: 'Hi' }).text()) {
      expect(piece).toBe('Hel');
      break;
    }
    await provider.calls[0]?.finished;
    expect(provider.calls[0]?.cancelReason).toBeDefined();
  });
});

describe('a target with several keys', () => {
  it('keeps a try for the next target, and is not waited for while all its keys rest for long', async () => {
    const keyed = provided('a', limited(20_000), { keys: ['one', 'two'] });
    const { gateway } = timed([keyed, provided('b', well)]);
    const first = await ask(gateway);
    expect(first.receipt.attempts.map(({ provider, key, outcome }) => [provider, key, outcome])).toEqual([
      ['a', 'one', 'failed'],
      ['a', 'two', 'failed'],
      ['b', undefined, 'complete'],
    ]);
    const second = await ask(gateway);
    expect(triedOf(second.receipt)).toEqual(['b complete']);
    expect(warningsOf(second.receipt)[0]).toContain('target-skipped: "a:m" was skipped: ');
    expect(warningsOf(second.receipt)[0]).toContain('8000 ms (`retry.maxDelayMs`) while another target is left');
  });
});

describe('a call by a weighted route', () => {
  const chances = (...values: readonly number[]): (() => number) => {
    const left = [...values];
    return () => left.shift() ?? 0;
  };
  const weighted = (providers: readonly ScriptedProvider[], random: () => number): Gateway =>
    rig(providers, {
      random,
      retry: { baseDelayMs: 0, maxAttempts: 3 },
      routes: { chat: { strategy: 'weighted', targets: [{ model: 'a:m', weight: 3 }, 'b:m'] } },
    }).gateway;

  it('is served by the target that was drawn', async () => {
    const providers = [provided('a', well), provided('b', well)];
    const gateway = weighted(providers, chances(0.74, 0, 0.76, 0, 0, 0));
    for (const served of ['a', 'b', 'a']) expect((await ask(gateway)).provider).toBe(served);
  });

  it('goes to the others when that one fails', async () => {
    const gateway = weighted([provided('a', well), provided('b', full)], chances(0.9, 0));
    expect(triedOf((await ask(gateway)).receipt)).toEqual(['b failed', 'b failed', 'a complete']);
  });

  it('gives vectors of one model whichever target was drawn', async () => {
    const free = { kinds: ['embedding'] } as const;
    const vectors = [end({ result: embeddingResult([1, 2]) })];
    const providers = [provided('a', [vectors], free), provided('b', [vectors], free)];
    const targets = ['a:x/one', 'b:x/two'];
    const routes = { embed: { strategy: 'weighted', targets } } as const;
    const { gateway } = rig(providers, { random: chances(0.9, 0), routes });
    const { receipt } = await gateway.embed({ model: 'embed', input: 'Hi' });
    expect(triedOf(receipt)).toEqual(['a complete']);
    expect(warningsOf(receipt)[0]).toContain('"b:x/two" was skipped');
  });
});

describe('a target of a route', () => {
  it('gets the parameters that it takes, and its own warnings go with its answer', async () => {
    const models = [{ id: 'm', parameters: { temperature: { supported: false } } }] as const;
    const providers = [provided('a', full), provided('b', well, { models })];
    const { gateway } = rig(providers);
    const { warnings } = await ask(gateway, { temperature: 0.5 });
    expect(warnings).toMatchObject([{ code: 'parameter-dropped', field: 'temperature' }]);
    const parametersOf = ({ calls }: ScriptedProvider): unknown =>
      (calls[0]?.request as { parameters?: unknown } | undefined)?.parameters;
    expect(providers.map(parametersOf)).toEqual([{ temperature: 0.5 }, {}]);
    const reversed = rig([provided('b', full, { models }), provided('a', well)]);
    expect((await ask(reversed.gateway, { temperature: 0.5 })).warnings).toEqual([]);
  });

  it('is skipped when it cannot serve, at no attempt, with the reason', async () => {
    const tools = [{ name: 't', parameters: { type: 'object' } }] as const;
    const providers = [
      provided('a', well, { models: [{ id: 'm', capabilities: { toolCall: false } }] }),
      provided('b', well),
    ];
    const { gateway } = rig(providers);
    const { receipt, warnings } = await ask(gateway, { tools, maxAttempts: 1 });
    expect(triedOf(receipt)).toEqual(['b complete']);
    expect(warnings).toEqual([
      { code: 'target-skipped', field: 'model', message: '"a:m" was skipped: tools: m does not call tools.' },
    ]);
  });

  it('is skipped when it would drop what must not be dropped', async () => {
    const models = [{ id: 'm', parameters: { temperature: { supported: false } } }] as const;
    const { gateway } = rig([provided('a', well, { models }), provided('b', well)], { strict: true });
    expect(triedOf((await ask(gateway, { temperature: 0.5 })).receipt)).toEqual(['b complete']);
  });

  it('is skipped at no attempt when its provider would lose what a strict call asks for', async () => {
    const lost = new RequestLossError([{ code: 'parameter-dropped', field: 'seed', message: 'Left out.' }]);
    const refusing: Script = [[fail(lost)]];
    const providers = [provided('a', refusing), provided('b', refusing), provided('c', well)];
    const { gateway } = rig(providers, { strict: true, retry: { maxAttempts: 1 } });
    const { receipt } = await ask(gateway, { seed: 1 });
    expect(triedOf(receipt)).toEqual(['a failed', 'b failed', 'c complete']);
    expect(receipt.attempts.map(({ sent }) => sent)).toEqual([false, false, true]);
    const reason = 'seed: is refused by `strict`; without it: Left out';
    expect(receipt.skipped).toEqual(['a:m', 'b:m'].map((target) => ({ target, code: 'invalid-request', reason })));
    expect(providers.map(({ calls }) => calls[0]?.context.strict)).toEqual([true, true, true]);
  });

  it('says for each target what it would lose when none takes a strict call as it is', async () => {
    const losing = (field: string): Script => [[fail(new RequestLossError([{ code: 'x', field, message: 'No.' }]))]];
    const { gateway } = rig([provided('a', losing('seed')), provided('b', losing('topK'))], { strict: true });
    const error = await failureOf(ask(gateway));
    expect(error.message).toContain('seed: for "a:m": is refused by `strict`; without it: No.');
    expect(error.message).toContain('topK: for "b:m": is refused by `strict`; without it: No.');
  });

  it('is named with what it does not take when none can serve', async () => {
    const tools = [{ name: 't', parameters: { type: 'object' } }] as const;
    const models = [{ id: 'm', capabilities: { toolCall: false } }] as const;
    const providers = [provided('a', well, { models }), provided('b', well, { models })];
    const { gateway } = rig(providers);
    const error = await failureOf(ask(gateway, { tools }));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error.message).toContain('tools: for "a:m": m does not call tools.');
    expect(error.message).toContain('tools: for "b:m": m does not call tools.');
    expect(countsOf(providers)).toEqual([0, 0]);
  });
});

describe('an input that is too long for a target', () => {
  const tooLong: Script = [[fail(new ContextLengthError('too long'))]];
  const withWindow = (contextWindow?: number): ScriptedProviderOptions => ({
    models: [{ id: 'm', ...(contextWindow === undefined ? {} : { contextWindow }) }],
  });

  it('goes to a larger window only', async () => {
    const providers = [
      provided('a', tooLong, withWindow(1_000)),
      provided('b', well, withWindow(500)),
      provided('c', well, withWindow(1_000)),
      provided('d', well, withWindow(2_000)),
    ];
    const { gateway } = rig(providers);
    const { receipt } = await ask(gateway);
    expect(triedOf(receipt)).toEqual(['a failed', 'd complete']);
    expect(warningsOf(receipt)).toEqual([
      'target-skipped: "b:m" was skipped: its context window (500 tokens) is not larger than the 1000 that the input did not fit in.',
      'target-skipped: "c:m" was skipped: its context window (1000 tokens) is not larger than the 1000 that the input did not fit in.',
    ]);
  });

  it('fails for its length when no window is larger', async () => {
    const providers = [provided('a', tooLong, withWindow(1_000)), provided('b', well, withWindow(500))];
    const { gateway } = rig(providers);
    expect(await failureOf(ask(gateway))).toMatchObject({ code: 'context-length-exceeded' });
  });

  it('is tried where the window is not known', async () => {
    const { gateway } = rig([provided('a', tooLong, withWindow(1_000)), provided('b', well, withWindow())]);
    expect(triedOf((await ask(gateway)).receipt)).toEqual(['a failed', 'b complete']);
  });

  it('costs no attempt where even a low estimate is over the window', async () => {
    const { gateway } = rig([provided('a', well, withWindow(10)), provided('b', well, withWindow(1_000))]);
    const { receipt } = await ask(gateway, { prompt: 'long '.repeat(100) });
    expect(triedOf(receipt)).toEqual(['b complete']);
    const short = rig([provided('a', well, withWindow(10)), provided('b', well, withWindow(12))]);
    const error = await failureOf(ask(short.gateway, { prompt: 'long '.repeat(100) }));
    expect(error).toBeInstanceOf(ContextLengthError);
    expect(error.receipt?.attempts).toEqual([]);
  });
});

describe('embeddings by a route', () => {
  const vectors = (request: ModelRequest) => [
    end({
      result: embeddingResult(...(request.kind === 'embedding' ? request.inputs.map(() => [1, 2]) : [])),
      usage: { input: 1 },
    }),
  ];
  const embeds = (facts: object = {}): ScriptedProviderOptions => ({
    kinds: ['embedding'],
    models: [{ id: 'x/embed', type: 'embedding', ...facts }],
  });
  const routed = (providers: readonly ScriptedProvider[], targets: readonly string[]): Gateway =>
    rig(providers, { routes: { embed: { targets } } }).gateway;

  it('fail over to the same model of another provider', async () => {
    const providers = [provided('a', full, embeds()), provided('b', [vectors], embeds())];
    const gateway = routed(providers, ['a:x/embed', 'b:x/embed']);
    const { receipt, embeddings } = await gateway.embed({ model: 'embed', input: ['one', 'two'] });
    expect(embeddings).toHaveLength(2);
    expect(triedOf(receipt)).toEqual(['a failed', 'a failed', 'b complete']);
  });

  it('never fail over to another model, of which nothing else is known either', async () => {
    const free = { kinds: ['embedding'] } as const;
    const providers = [provided('a', full, free), provided('b', [vectors], free)];
    const gateway = routed(providers, ['a:x/embed', 'b:x/embed-two']);
    const error = await failureOf(gateway.embed({ model: 'embed', input: 'one' }));
    expect(triedOf(error.receipt)).toEqual(['a failed', 'a failed', 'a failed']);
    expect(warningsOf(error.receipt)).toEqual([
      'target-skipped: "b:x/embed-two" was skipped: embeds with "embed-two": its vectors cannot be compared with those of "embed".',
    ]);
  });

  it('make a whole of one target when they are sent in several calls, and account for what was lost', async () => {
    const batched = embeds({ maxInputsPerCall: 1, pricing: { input: 1_000_000 } });
    const half: Script = [vectors, [fail(new CredentialRejectedError('no'))]];
    const providers = [provided('a', half, batched), provided('b', [vectors], batched)];
    const gateway = routed(providers, ['a:x/embed', 'b:x/embed']);
    const { receipt, usage, cost } = await gateway.embed({
      model: 'embed',
      input: ['one', 'two'],
      maxParallelCalls: 1,
    });
    expect(triedOf(receipt)).toEqual(['a complete', 'a failed', 'b complete', 'b complete']);
    expect(receipt.servedBy).toMatchObject({ provider: 'b' });
    expect(usage?.totalTokens).toBe(2);
    expect(cost?.usd).toBe(3);
    const lost = routed([provided('a', half, batched), provided('b', half, batched)], ['a:x/embed', 'b:x/embed']);
    const error = await failureOf(lost.embed({ model: 'embed', input: ['one', 'two'], maxParallelCalls: 1 }));
    expect(error.receipt).toMatchObject({ usage: { totalTokens: 2, certainty: 'at-least' }, cost: { usd: 2 } });
  });
});
