import { createGateway, type Gateway, GatewayError, type JsonObject } from '@headrace/core';
import { rejectionOf, reply, startUpstream } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey, canaryPrompt } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';

const KINDS: readonly (readonly [name: string, ask: (gateway: Gateway) => Promise<unknown>])[] = [
  ['embeddings', (one) => one.embed({ model: 'vercel:openai/text-embedding-3-small', input: canaryPrompt() })],
  [
    'a ranking',
    (one) => one.rerank({ model: 'vercel:cohere/rerank-v3.5', query: canaryPrompt(), documents: [canaryPrompt()] }),
  ],
  ['images', (one) => one.generateImage({ model: 'vercel:openai/gpt-image-2', prompt: canaryPrompt() })],
  [
    'an edit',
    (one) =>
      one.generateImage({
        model: 'vercel:openai/gpt-image-2',
        prompt: canaryPrompt(),
        images: [{ source: { type: 'bytes', data: Buffer.from('a') }, mediaType: 'image/png' }],
      }),
  ],
];

const typed = (type: string, more: JsonObject = {}): JsonObject => ({ error: { message: 'It failed', type, ...more } });
/** The only envelope of the route for rankings. */
const FLAT = { message: 'It failed' };
const HTML = '<!doctype html><title>oops</title>';

/** Status, body, what we make of it, how often a gateway asks in all. */
const ROWS: readonly (readonly [status: number, body: string | JsonObject, code: string, tries: number])[] = [
  [400, typed('invalid_request_error', { param: 'input' }), 'invalid-request', 1],
  [400, typed('ModelTypeMismatchError', { param: { type: 'ModelTypeMismatchError' } }), 'invalid-request', 1],
  [400, FLAT, 'invalid-request', 1],
  [401, FLAT, 'credential-rejected', 1],
  [402, typed('insufficient_funds'), 'quota-exhausted', 1],
  [402, FLAT, 'quota-exhausted', 1],
  [403, typed('customer_verification_required'), 'forbidden', 1],
  [404, typed('model_not_found'), 'model-not-found', 1],
  [404, HTML, 'invalid-configuration', 1],
  [405, '', 'invalid-configuration', 1],
  [413, '', 'context-length-exceeded', 1],
  [424, typed('failed_dependency'), 'failed-dependency', 1],
  [429, typed('rate_limit_exceeded'), 'rate-limited', 3],
  [429, typed('quota_for_entity_exceeded'), 'quota-exhausted', 1],
  [429, FLAT, 'rate-limited', 3],
  [500, FLAT, 'upstream-failed', 3],
  [502, HTML, 'upstream-failed', 3],
  [503, typed('service_unavailable_error'), 'overloaded', 3],
  [200, typed('rate_limit_exceeded'), 'rate-limited', 3],
  [200, typed('insufficient_funds'), 'quota-exhausted', 1],
  [200, HTML, 'malformed-response', 1],
  [200, '', 'malformed-response', 1],
];

describe.each(KINDS)('an error in place of %s', (_name, ask) => {
  it.each(ROWS)('%i %j is %s and asked for %i time(s)', async (status, body, code, tries) => {
    const mime = body === HTML ? 'text/html' : 'application/json';
    await using upstream = await startUpstream(reply(status, body, { 'content-type': mime }), { repeatLast: true });
    await using gateway = createGateway({
      providers: [vercel({ apiKey: canaryKey(), baseUrl: upstream.url, env: {}, catalogue: { refresh: false } })],
      retry: { baseDelayMs: 0, maxAttempts: 3 },
    });
    const error = await rejectionOf(ask(gateway));
    if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
    expect(error).toMatchObject({ code, delivered: false });
    expect(error.isRetryable).toBe(tries > 1);
    expect(error.receipt?.attempts).toHaveLength(tries);
    expect(upstream.requests).toHaveLength(tries);
  });
});
