import {
  embeddingResult,
  end,
  fail,
  fakeClock,
  fixedRandom,
  hang,
  rejectionOf,
  type ScriptedProviderOptions,
  scriptedProvider,
  text,
  wait,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createGateway,
  type Gateway,
  GatewayError,
  type GatewayOptions,
  InvalidRequestError,
  OverloadedError,
  UpstreamError,
} from '../../index.js';
import type { ModelRequest } from '../../plugin.js';

type Script = Parameters<typeof scriptedProvider>[0];

const MODEL = { id: 'e', type: 'embedding', maxInputsPerCall: 2, dimensions: { default: 2, values: [2, 4] } } as const;

const provided = (script: Script, options: ScriptedProviderOptions = {}) =>
  scriptedProvider(script, { kinds: ['embedding'], models: [MODEL], repeatLast: true, ...options });

const gatewayOver = (scripted: ReturnType<typeof provided>, options: Partial<GatewayOptions> = {}): Gateway =>
  createGateway({ providers: [scripted], defaultProvider: 'scripted', retry: { baseDelayMs: 0 }, ...options });

const inputsOf = (request: ModelRequest): readonly string[] => (request.kind === 'embedding' ? request.inputs : []);

/** Vectors that tell which text they are of: its length and its first character. */
const vectorOf = (input: string): readonly [number, number] => [input.length, input.charCodeAt(0)];

const answered = (request: ModelRequest, more: Parameters<typeof end>[0] = {}) =>
  end({ result: embeddingResult(...inputsOf(request).map(vectorOf)), ...more });

const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error = await rejectionOf(promise);
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

describe('embed', () => {
  it('gives the vector of one text, with usage, cost and receipt', async () => {
    const scripted = provided([
      (request) => [
        answered(request, { usage: { input: 3 }, cost: 0.25, providerMetadata: { maker: { region: 'north' } } }),
      ],
    ]);
    await using gateway = gatewayOver(scripted);
    const answer = await gateway.embed({ model: 'e', input: 'abc', endUser: 'u1' });
    expect(answer.embedding).toEqual(Float32Array.of(3, 97));
    expect(answer.embeddings).toEqual([answer.embedding]);
    expect(answer).toMatchObject({
      usage: { totalTokens: 3, certainty: 'exact' },
      cost: { usd: 0.25 },
      responseId: 'response_1',
      provider: 'scripted',
      model: 'e',
      warnings: [],
      providerMetadata: { maker: { region: 'north' } },
      receipt: { outcome: 'complete', reference: 'e', servedBy: { responseId: 'response_1' } },
    });
    expect(answer.receipt.attempts).toHaveLength(1);
    expect(scripted.calls[0]?.request).toEqual({
      kind: 'embedding',
      model: 'e',
      delivery: 'whole',
      inputs: ['abc'],
      endUser: 'u1',
    });
  });

  it('is had from a provider by name, with its own ids', async () => {
    const scripted = provided([(request) => [answered(request)]]);
    await using gateway = gatewayOver(scripted);
    const { embeddings } = await gateway.provider('scripted').embed({ model: 'e', input: ['a', 'b'], dimensions: 2 });
    expect(embeddings).toHaveLength(2);
    expect(scripted.calls[0]?.request).toMatchObject({ model: 'e', dimensions: 2 });
  });

  it('is retried like every call, by its failure class', async () => {
    const scripted = provided([[fail(new OverloadedError('full'))], (request) => [answered(request)]]);
    await using gateway = gatewayOver(scripted);
    const { receipt } = await gateway.embed({ model: 'e', input: 'a' });
    expect(receipt.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'complete']);
  });

  it('fails for wrong input before anything is sent, naming every field', async () => {
    const scripted = provided([]);
    await using gateway = gatewayOver(scripted);
    const wrong = { model: 'e', input: ['a', ''], dimension: 4, maxParallelCalls: 33 };
    const error = await failureOf(gateway.embed(wrong));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error.message).toContain('input[1]: must not be empty');
    expect(error.message).toContain('dimension: is not a known field. Did you mean "dimensions"');
    expect(error.message).toContain('maxParallelCalls');
    expect((await failureOf(gateway.embed(undefined as never))).message).toContain('`model` and `input`');
    expect((await failureOf(gateway.embed({ model: 'e' } as never))).message).toContain('input');
    expect((await failureOf(gateway.embed({ model: 'e', input: [] }))).message).toContain('at least one');
    for (const input of [5, null, { 0: 'a' }])
      expect((await failureOf(gateway.embed({ model: 'e', input } as never))).message).toBe(
        'The request is not valid: input: must be a text or a list of texts.',
      );
    expect((await failureOf(gateway.embed({ model: 'e', input: ['a', 5] } as never))).message).toContain(
      'input[1]: must be a text.',
    );
    expect(scripted.calls).toHaveLength(0);
  });

  it('refuses dimensions that the model does not have, before anything is sent', async () => {
    const scripted = provided([]);
    await using gateway = gatewayOver(scripted);
    const error = await failureOf(gateway.embed({ model: 'e', input: 'a', dimensions: 3 }));
    expect(error.message).toContain('dimensions: is 3; e takes one of 2, 4.');
    expect(scripted.calls).toHaveLength(0);
  });

  it.each([
    ['too few vectors', embeddingResult([1, 2]), 'made 1 embeddings of 2 inputs'],
    ['vectors of different lengths', embeddingResult([1, 2], [1]), 'embedding 1 has 1 dimensions, not 2'],
    ['an empty vector', embeddingResult([], []), 'embedding 0 is not a vector'],
    ['the result of another kind', { kind: 'image', images: [] } as const, 'of the kind "image"'],
  ])('takes %s for a breach of the contract', async (_, result, words) => {
    await using gateway = gatewayOver(provided([[end({ result })]]));
    const error = await failureOf(gateway.embed({ model: 'e', input: ['a', 'b'] }));
    expect(error).toMatchObject({ code: 'provider-fault', message: expect.stringContaining(words) });
  });

  it('takes other dimensions than those asked for for a breach of the contract', async () => {
    await using gateway = gatewayOver(provided([[end({ result: embeddingResult([1, 2]) })]]));
    const error = await failureOf(gateway.embed({ model: 'e', input: 'a', dimensions: 4 }));
    expect(error.message).toContain('has 2 dimensions, not 4');
  });

  it.each([
    ['an end without a result', [end()]],
    ['text', [text('hello'), end()]],
  ])('takes %s for a breach of the contract', async (_, attempt) => {
    await using gateway = gatewayOver(provided([attempt]));
    expect(await failureOf(gateway.embed({ model: 'e', input: 'a' }))).toMatchObject({ code: 'provider-fault' });
  });

  it('ends when the gateway is disposed, and does not begin after', async () => {
    const scripted = provided([[hang()]]);
    const gateway = gatewayOver(scripted);
    const asked = failureOf(gateway.embed({ model: 'e', input: 'a' }));
    await scripted.waitForCall(1);
    await gateway.dispose();
    expect(await asked).toMatchObject({ code: 'gateway-disposed' });
    expect(await failureOf(gateway.embed({ model: 'e', input: 'a' }))).toMatchObject({ code: 'gateway-disposed' });
  });
});

describe('embed of more texts than one upstream call takes', () => {
  it('keeps the order, whatever the number of texts, the size of a call and the order of the answers', async () => {
    const shuffled = fc.infiniteStream(fc.nat(3));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 23 }),
        fc.integer({ min: 1, max: 7 }),
        shuffled,
        async (n, most, late) => {
          const ticks = async (count: number): Promise<void> => {
            for (let tick = 0; tick < count; tick += 1) await Promise.resolve();
          };
          const scripted = provided(
            [
              (request) => [
                wait(ticks(late.next().value * 5)),
                answered(request, { usage: { input: inputsOf(request).length } }),
              ],
            ],
            { models: [{ ...MODEL, maxInputsPerCall: most }] },
          );
          await using gateway = gatewayOver(scripted);
          const input = Array.from({ length: n }, (_, at) => String.fromCharCode(97 + at));
          const { embeddings, usage, receipt } = await gateway.embed({ model: 'e', input });
          expect(embeddings).toEqual(input.map((one) => Float32Array.from(vectorOf(one))));
          expect(scripted.calls).toHaveLength(Math.ceil(n / most));
          expect(Math.max(...scripted.calls.map(({ request }) => inputsOf(request).length))).toBeLessThanOrEqual(most);
          expect(usage?.totalTokens).toBe(n);
          expect(receipt.attempts).toHaveLength(scripted.calls.length);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('sums usage and cost, and leaves what belongs to one upstream call with its attempt', async () => {
    const scripted = provided([
      (request) => [answered(request, { usage: { input: 5 }, cost: 0.1, providerMetadata: { call: 1 } })],
      (request) => [answered(request, { usage: { input: 7 }, cost: 0.2 })],
    ]);
    await using gateway = gatewayOver(scripted);
    const answer = await gateway.embed({ model: 'e', input: ['a', 'b', 'c'], maxParallelCalls: 1 });
    expect(answer.usage).toMatchObject({ certainty: 'exact', totalTokens: 12, input: { total: 12, uncached: 12 } });
    expect(answer.cost).toEqual({ usd: 0.3, usdText: '0.3', certainty: 'exact', source: 'provider' });
    expect(answer.receipt).toMatchObject({
      outcome: 'complete',
      servedBy: { provider: 'scripted', model: 'e' },
      usage: { totalTokens: 12 },
      attempts: [
        { usage: { totalTokens: 5 }, cost: { usd: 0.1 }, responseId: 'response_1' },
        { usage: { totalTokens: 7 }, cost: { usd: 0.2 }, responseId: 'response_2' },
      ],
    });
    expect(answer.responseId).toBe('');
    expect(answer.providerMetadata).toEqual({ calls: [{ call: 1 }, null] });
  });

  it('counts by list price what the upstream names no cost for, each call in its own tier', async () => {
    const pricing = { input: 1, tiers: [{ aboveInputTokens: 1_000_000, input: 10 }] };
    const scripted = provided([(request) => [answered(request, { usage: { input: 1_000_000 } })]], {
      models: [{ ...MODEL, pricing }],
    });
    await using gateway = gatewayOver(scripted);
    const { cost } = await gateway.embed({ model: 'e', input: ['a', 'b', 'c'] });
    expect(cost).toMatchObject({ usd: 2, usdText: '2', certainty: 'estimated', source: 'catalogue' });
  });

  it('says that a figure is a lower bound when one upstream call did not tell it', async () => {
    const scripted = provided([
      (request) => [answered(request, { usage: { input: 5 }, cost: 0.1 })],
      (request) => [answered(request)],
    ]);
    await using gateway = gatewayOver(scripted);
    const { usage, cost } = await gateway.embed({ model: 'e', input: ['a', 'b', 'c'] });
    expect([usage?.certainty, usage?.totalTokens]).toEqual(['at-least', 5]);
    expect([cost?.certainty, cost?.usd]).toEqual(['at-least', 0.1]);
  });

  it.each([
    [1, undefined],
    [4, undefined],
    [3, 3],
  ])('has at most %d upstream calls at one time', async (most, maxParallelCalls) => {
    let running = 0;
    let peak = 0;
    const held = async (): Promise<void> => {
      running += 1;
      peak = Math.max(peak, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    const scripted = provided([(request) => [wait(held()), answered(request)]]);
    await using gateway = gatewayOver(scripted);
    const input = Array.from({ length: most === 1 ? 2 : 20 }, () => 'x');
    const { embeddings } = await gateway.embed({
      model: 'e',
      input,
      ...(maxParallelCalls === undefined ? {} : { maxParallelCalls }),
    });
    expect(embeddings).toHaveLength(input.length);
    expect(peak).toBe(most);
  });

  it('lets each upstream call have its first try, and shares the others', async () => {
    let failures = 2;
    const scripted = provided([
      (request) => {
        failures -= 1;
        return failures >= 0 ? [fail(new OverloadedError('full'))] : [answered(request)];
      },
    ]);
    await using gateway = gatewayOver(scripted, { retry: { baseDelayMs: 0, maxAttempts: 3 } });
    const input = Array.from({ length: 12 }, () => 'x');
    const { receipt } = await gateway.embed({ model: 'e', input });
    expect(receipt.attempts).toHaveLength(8);
    failures = 3;
    const error = await failureOf(gateway.embed({ model: 'e', input, maxParallelCalls: 1 }));
    expect(error).toMatchObject({ code: 'overloaded', receipt: { outcome: 'failed' } });
    expect(error.receipt?.attempts).toHaveLength(3);
  });

  it('stops the others when one fails for good, and says what was spent', async () => {
    const scripted = provided([
      (request) => [answered(request, { usage: { input: 5 }, cost: 0.1 })],
      [hang()],
      [
        fail(
          new UpstreamError('broken', {
            upstream: { status: 500, cost: { usd: 0.01, certainty: 'exact', source: 'provider' } },
          }),
        ),
      ],
    ]);
    await using gateway = gatewayOver(scripted, { retry: { maxAttempts: 1 } });
    const input = Array.from({ length: 40 }, () => 'x');
    const error = await failureOf(gateway.embed({ model: 'e', input, maxParallelCalls: 3 }));
    expect(error).toMatchObject({ code: 'upstream-failed', delivered: false });
    expect(scripted.calls.length).toBeLessThanOrEqual(4);
    await Promise.all(scripted.calls.map(({ finished }) => finished));
    const { receipt } = error;
    expect(receipt?.attempts.map(({ outcome }) => outcome).sort()).toEqual(
      ['cancelled', 'complete', 'failed', ...(scripted.calls.length === 4 ? ['cancelled'] : [])].sort(),
    );
    expect(receipt).toMatchObject({
      outcome: 'failed',
      usage: { certainty: 'at-least', totalTokens: 5 },
      cost: { certainty: 'at-least', usd: 0.11 },
      failure: { code: 'upstream-failed' },
    });
    expect(receipt).not.toHaveProperty('servedBy');
  });

  it('is aborted as a whole, with the reason untouched', async () => {
    const scripted = provided([[hang()]]);
    await using gateway = gatewayOver(scripted);
    const controller = new AbortController();
    const asked = rejectionOf(
      gateway.embed({ model: 'e', input: ['a', 'b', 'c', 'd', 'e'], signal: controller.signal }),
    );
    const calls = await Promise.all([1, 2, 3].map((number) => scripted.waitForCall(number)));
    const reason = { enough: true };
    controller.abort(reason);
    expect(await asked).toBe(reason);
    await Promise.all(calls.map(({ finished }) => finished));
    expect(calls.map(({ cancelReason }) => cancelReason)).toEqual([reason, reason, reason]);
    expect(scripted.calls).toHaveLength(3);
  });

  it('ends at the deadline of the call, waits for retries included', async () => {
    const clock = fakeClock();
    const scripted = provided([(request) => [answered(request)], [fail(new OverloadedError('full'))], [hang()]]);
    await using gateway = gatewayOver(scripted, { clock, random: fixedRandom(0.5), retry: { baseDelayMs: 100 } });
    const asked = failureOf(
      gateway.embed({ model: 'e', input: ['a', 'b', 'c', 'd'], timeoutMs: 1_000, maxParallelCalls: 1 }),
    );
    await scripted.waitForCall(2);
    await clock.waitForTimer((delayMs) => delayMs === 50);
    await clock.advance(50);
    await scripted.waitForCall(3);
    await clock.advance(950);
    expect(await asked).toMatchObject({ code: 'deadline-timeout' });
  });

  it('tells each warning of the upstream calls once', async () => {
    const warning = { code: 'upstream-warning', message: 'Slow today.' };
    const scripted = provided([(request) => [{ step: 'warn', warning }, answered(request)]]);
    await using gateway = gatewayOver(scripted);
    const { warnings } = await gateway.embed({ model: 'e', input: ['a', 'b', 'c'] });
    expect(warnings).toEqual([warning]);
  });

  it('is one upstream call where nothing is known of a limit', async () => {
    const scripted = scriptedProvider([(request) => [answered(request)]], { kinds: ['embedding'] });
    await using gateway = createGateway({ providers: [scripted] });
    const { embeddings } = await gateway.embed({
      model: 'scripted:e',
      input: Array.from({ length: 5_000 }, () => 'x'),
    });
    expect(embeddings).toHaveLength(5_000);
    expect(scripted.calls).toHaveLength(1);
  });
});
