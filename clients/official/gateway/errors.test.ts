import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  GatewayAuthenticationError,
  GatewayFailedDependencyError,
  GatewayForbiddenError,
  GatewayInternalServerError,
  GatewayInvalidRequestError,
  GatewayModelNotFoundError,
  GatewayRateLimitError,
  GatewayResponseError,
} from '@ai-sdk/gateway';
import { APICallError, generateText, RetryError, streamText } from 'ai';
import { startVercelEmulator, type VercelEmulator } from '../emulator.ts';
import { failure } from '../failure.ts';
import { connect, LANGUAGE, MODEL } from './connect.ts';

/** One call of the provider itself, beneath the retries of `ai`. */
const call = (emulator: VercelEmulator, { model = MODEL, temperature = 0, apiKey = 'vck_a_key_like_any' } = {}) =>
  connect(
    emulator,
    apiKey,
  )(model).doGenerate({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    temperature,
  });

describe('@ai-sdk/gateway: errors', () => {
  it('makes GatewayAuthenticationError of a key that is not known', async () => {
    await using emulator = await startVercelEmulator();
    const error = await failure(call(emulator, { apiKey: 'wrong' }), GatewayAuthenticationError);
    assert.equal(error.statusCode, 401);
    assert.match(error.message, /Invalid API key/);
    const wrapped: unknown = await generateText({ model: connect(emulator, 'wrong')(MODEL), prompt: 'Hi' }).catch(
      (reason: unknown) => reason,
    );
    assert.equal((wrapped as Error).name, 'GatewayAuthenticationError');
  });

  it('makes GatewayInvalidRequestError of a body that is wrong', async () => {
    await using emulator = await startVercelEmulator();
    const error = await failure(call(emulator, { temperature: 9 }), GatewayInvalidRequestError);
    assert.equal(error.statusCode, 400);
    assert.match(error.message, /temperature/);
    assert.equal(error.isRetryable, false);
  });

  it('makes GatewayModelNotFoundError of a model that is not there, with its id', async () => {
    await using emulator = await startVercelEmulator();
    const error = await failure(call(emulator, { model: 'openai/gpt-0' }), GatewayModelNotFoundError);
    assert.equal(error.modelId, 'openai/gpt-0');
  });

  it('makes a class of its own of what the gateway answers', async () => {
    await using emulator = await startVercelEmulator();
    const classes = [
      [403, 'forbidden', GatewayForbiddenError],
      [424, 'failed_dependency', GatewayFailedDependencyError],
      [429, 'rate_limit_exceeded', GatewayRateLimitError],
      [500, 'internal_server_error', GatewayInternalServerError],
    ] as const;
    for (const [status, type, expected] of classes) {
      emulator.script({ kind: 'status', status, type, path: LANGUAGE });
      const error: GatewayInternalServerError = await failure(call(emulator), expected as never);
      assert.equal(error.statusCode, status);
      assert.equal(error.isRetryable, status === 429 || status >= 500);
    }
  });

  it('learns by which rule it was refused, and of a limit of the account', async () => {
    const rules = [{ id: 'rule_1', models: [MODEL], action: 'deny' as const }];
    await using strict = await startVercelEmulator({ account: { rules } });
    assert.equal((await failure(call(strict), GatewayForbiddenError)).ruleId, 'rule_1');
    await using busy = await startVercelEmulator({ account: { rateLimit: { requests: 1, perMs: 60_000 } } });
    await call(busy);
    await failure(call(busy), GatewayRateLimitError);
  });

  it('has no class for 402: it is an internal error that keeps its status', async () => {
    await using emulator = await startVercelEmulator({ balance: '0' });
    const error = await failure(call(emulator), GatewayInternalServerError);
    assert.equal(error.statusCode, 402);
    assert.match(error.message, /Insufficient funds/);
  });

  it('makes GatewayResponseError of an answer that is no JSON', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script({ kind: 'html', status: 500, path: LANGUAGE });
    await failure(call(emulator), GatewayResponseError);
  });

  it('tries 429 and 503 again unseen, and gives up after three tries', async () => {
    await using emulator = await startVercelEmulator();
    const model = connect(emulator)(MODEL);
    const headers = { 'retry-after-ms': 1 };
    for (const fault of [
      { kind: 'status', status: 429, path: LANGUAGE, headers },
      { kind: 'status', status: 503, path: LANGUAGE, headers },
    ] as const) {
      const before = emulator.requests.length;
      emulator.script(fault);
      assert.equal((await generateText({ model, prompt: 'Hi' })).finishReason, 'stop');
      assert.equal(emulator.requests.length - before, 2);
    }
    emulator.script({ kind: 'status', status: 429, path: LANGUAGE, headers, times: 3 });
    const error = await failure(generateText({ model, prompt: 'Hi' }), RetryError);
    assert.ok(GatewayRateLimitError.isInstance(error.lastError));
    assert.equal(error.errors.length, 3);
  });

  it('finds an error that comes inside a stream', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script({ kind: 'error-frame', afterFrames: 5, path: LANGUAGE });
    const errors: unknown[] = [];
    const result = streamText({
      model: connect(emulator)(MODEL),
      prompt: 'Count to 20',
      onError: ({ error }) => {
        errors.push(error);
      },
    });
    const types: string[] = [];
    for await (const { type } of result.stream) types.push(type);
    assert.equal(errors.length, 1);
    assert.ok(types.includes('text-delta') && types.includes('error'));
  });

  it('takes a stream that is cut for one that ended for another reason, and throws when the connection breaks', async () => {
    await using emulator = await startVercelEmulator();
    const request = { model: connect(emulator)(MODEL), prompt: 'Count to 20', onError: () => undefined };
    emulator.script({ kind: 'cut', afterFrames: 6, path: LANGUAGE });
    const cut = streamText(request);
    assert.ok((await cut.text).length < 40);
    assert.equal(await cut.finishReason, 'other');
    assert.equal((await cut.usage).totalTokens, undefined);
    emulator.script({ kind: 'reset', afterFrames: 6, path: LANGUAGE });
    const broken = streamText(request);
    await assert.rejects(Promise.resolve(broken.text), APICallError.isInstance);
  });

  it('rejects the account calls as classes of its own too', async () => {
    await using emulator = await startVercelEmulator();
    await failure(connect(emulator, 'wrong').getCredits(), GatewayAuthenticationError);
    const unknown = connect(emulator).getGenerationInfo({ id: 'gen_01K0000000000000000000000A' });
    const error = await failure(unknown, GatewayResponseError);
    assert.equal(error.statusCode, 404);
  });
});
