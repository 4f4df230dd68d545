import { createGateway, type Gateway, GatewayError } from '@headrace/core';
import { vercel } from '@headrace/provider-vercel';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import type { Fault } from './fault.js';
import { startVercelEmulator, type VercelEmulator } from './index.js';

const gatewayTo = (emulator: VercelEmulator): Gateway =>
  createGateway({
    providers: [vercel({ apiKey: canaryKey(), baseUrl: emulator.baseUrl })],
    defaultProvider: 'vercel',
    retry: { baseDelayMs: 0 },
  });

const MODEL = 'openai/gpt-6-luna';

const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

describe('the Vercel provider against the emulator', () => {
  it('gets the same answer streamed and whole', async () => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    const request = { model: MODEL, prompt: 'Name three rivers.', maxOutputTokens: 400 };
    const [streamed, whole] = [await gateway.stream(request).final(), await gateway.complete(request)];
    expect(streamed.text).toBe(whole.text);
    expect(streamed.text).toMatch(/emulated/);
    expect(streamed.usage).toMatchObject({ certainty: 'exact', totalTokens: whole.usage?.totalTokens });
    expect(streamed.cost).toMatchObject({ source: 'provider', certainty: 'exact', usd: whole.cost?.usd });
  });

  it('calls a tool, and goes on from its result with the reasoning of the first turn', async () => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    const tools = [{ name: 'weather', description: 'Weather of a city', parameters: z.object({ city: z.string() }) }];
    const question = { role: 'user', content: 'What is the weather in Oslo?' } as const;
    const first = await gateway.stream({ model: MODEL, messages: [question], tools, toolChoice: 'required' }).final();
    expect(first.finishReason).toBe('tool-calls');
    const [call] = first.toolCalls;
    expect(call?.arguments).toEqual({ city: expect.any(String) });
    const result = { type: 'tool-result', toolCallId: call?.id ?? '', content: '-3 °C' } as const;
    const messages = [question, first.message, { role: 'tool', content: [result] } as const];
    const second = await gateway.complete({ model: MODEL, messages, tools });
    expect(second.text).toContain('-3 °C');
    const sent = emulator.requests.at(-1)?.body as { messages: { reasoning_details?: unknown[] }[] };
    const details = first.message.content;
    const reasoned = Array.isArray(details) ? details.find(({ type }) => type === 'reasoning') : undefined;
    expect(sent.messages[1]?.reasoning_details).toEqual((reasoned as { details?: unknown } | undefined)?.details);
  });

  it('gives structured output as a checked value', async () => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    const river = z.object({ name: z.string(), km: z.number(), countries: z.array(z.string()).min(1) });
    const { output } = await gateway.complete({ model: MODEL, prompt: 'Describe the Rhine.', output: river });
    expect(river.parse(output)).toEqual(output);
  });

  it('lists the models, each with the origin of its facts', async () => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    const seed = await gateway.models({ filter: MODEL });
    const live = await gateway.models({ filter: MODEL, refresh: true });
    expect(seed[0]?.provenance.origin).toBe('seed');
    expect(live[0]?.factProvenance?.['pricing'] ?? live[0]?.provenance).toMatchObject({ origin: 'live' });
    expect(live[0]?.contextWindow).toBe(seed[0]?.contextWindow);
  });

  const survivable: readonly Fault[] = [
    { kind: 'status', status: 503 },
    { kind: 'status', status: 500 },
    { kind: 'reset' },
    { kind: 'cut', afterFrames: 1 },
    { kind: 'error-frame', error: { message: 'overloaded', type: 'service_unavailable_error' } },
  ];

  it.each(survivable)('survives $kind before the first token', async (fault) => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    emulator.script(fault);
    const answer = await gateway.stream({ model: MODEL, prompt: 'Hello.' }).final();
    expect(answer.receipt.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'complete']);
  });

  it('lists in the receipt what the gateway itself tried, whether it served in the end or not', async () => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    emulator.script(
      { kind: 'provider-failure', status: 503 },
      { kind: 'provider-failure', provider: '*', status: 529 },
    );
    const request = { model: MODEL, prompt: 'Hello.', maxAttempts: 1 };
    const { receipt } = await gateway.stream(request).final();
    expect(receipt.attempts).toHaveLength(1);
    const tries = receipt.attempts[0]?.upstreamAttempts ?? [];
    expect(tries.length).toBeGreaterThan(1);
    expect(tries[0]).toMatchObject({ model: MODEL, success: false, status: 503, ownKey: false });
    expect(tries.at(-1)).toMatchObject({ model: MODEL, success: true, status: 200 });
    const error = await failureOf(gateway.complete(request));
    expect(error.upstream?.attempts).toEqual(
      tries.map(({ provider }) => expect.objectContaining({ provider, status: 529 })),
    );
    expect(error.receipt?.attempts[0]?.upstreamAttempts).toBe(error.upstream?.attempts);
  });

  const documented: readonly (readonly [status: number, type: string, code: string])[] = [
    [400, 'invalid_request_error', 'invalid-request'],
    [400, 'no_providers_available', 'invalid-request'],
    [401, 'authentication_error', 'credential-rejected'],
    [402, 'insufficient_funds', 'quota-exhausted'],
    [402, 'quota_for_entity_exceeded', 'quota-exhausted'],
    [403, 'forbidden', 'forbidden'],
    [403, 'customer_verification_required', 'forbidden'],
    [403, 'no_providers_available', 'forbidden'],
    [403, 'permission_denied', 'forbidden'],
    [403, 'permission_error', 'forbidden'],
    [403, 'quota_for_entity_exceeded', 'quota-exhausted'],
    [404, 'model_not_found', 'model-not-found'],
    [404, 'not_found', 'model-not-found'],
    [408, 'timeout_error', 'upstream-failed'],
    [409, 'conflict', 'upstream-failed'],
    [413, 'invalid_request_error', 'context-length-exceeded'],
    [422, 'invalid_request_error', 'invalid-request'],
    [424, 'failed_dependency', 'failed-dependency'],
    [429, 'rate_limit_exceeded', 'rate-limited'],
    [429, 'quota_for_entity_exceeded', 'quota-exhausted'],
    [500, 'internal_server_error', 'upstream-failed'],
    [502, 'internal_server_error', 'upstream-failed'],
    [503, 'service_unavailable_error', 'overloaded'],
    [504, 'internal_server_error', 'upstream-failed'],
  ];

  it.each(documented)('takes a %i %s for %s, streamed and whole', async (status, type, code) => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    emulator.script({ kind: 'status', status, type, times: 2 });
    const request = { model: MODEL, prompt: 'Hello.', maxAttempts: 1 };
    for (const answer of [gateway.stream(request).final(), gateway.complete(request)])
      expect(await failureOf(answer)).toMatchObject({ code, upstream: { status, type } });
  });

  it('reports an answer that is cut after its first token, and does not ask again', async () => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    emulator.script({ kind: 'reset', afterFrames: 4 });
    const error = await failureOf(gateway.stream({ model: 'openai/gpt-4.1-nano', prompt: 'Hello.' }).final());
    expect(error).toMatchObject({ code: 'stream-interrupted', delivered: true });
    expect(emulator.requests).toHaveLength(1);
  });
});
