import { describe, expect, it } from '@jest/globals';
import { ask, get, type Json, post } from './__fixtures__/emulator-client.js';
import type { EmulatorOptions } from './emulator-options.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

// The rows of the table of types and statuses in the documented contract, and what is in `error` besides the message.
const ROWS: readonly (readonly [number, string | undefined, Json])[] = [
  [400, 'invalid_request_error', { param: 'messages', code: 'invalid_request_error' }],
  [400, 'no_providers_available', {}],
  [
    400,
    'ModelTypeMismatchError',
    { param: expect.objectContaining({ name: 'ModelTypeMismatchError', statusCode: 400 }) },
  ],
  [401, 'authentication_error', {}],
  [402, 'insufficient_funds', {}],
  [402, 'quota_for_entity_exceeded', {}],
  [403, 'quota_for_entity_exceeded', {}],
  [429, 'quota_for_entity_exceeded', {}],
  [403, 'forbidden', { param: { ruleId: expect.any(String) } }],
  [403, 'customer_verification_required', {}],
  [403, 'no_providers_available', {}],
  [403, 'permission_denied', {}],
  [403, 'permission_error', {}],
  [404, 'model_not_found', { param: { modelId: expect.any(String) } }],
  [404, 'not_found', {}],
  [424, 'failed_dependency', {}],
  [429, 'rate_limit_exceeded', {}],
  [500, 'internal_server_error', {}],
  [503, 'service_unavailable_error', {}],
];

describe('a documented error that is ordered', () => {
  it.each(ROWS)('%i %s has the documented body, for whole answers and streams', async (status, type, more) => {
    await using emulator = await startVercelEmulator();
    for (const stream of [false, true]) {
      const response = await post(emulator, ask('Hi', { stream }), {
        headers: { 'x-emulator-fault': `status; status=${status}; type=${type}` },
      });
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      const { error, ...beside } = (await response.json()) as Json;
      expect(error).toEqual({ message: expect.stringMatching(/\w/), type, ...more });
      expect(Object.keys(beside)).toEqual(status === 503 ? ['providerMetadata'] : []);
    }
  });

  // Statuses of the table whose body is not documented: clients must tell them apart by the status alone.
  it.each([408, 409, 413, 422, 502, 504])('%i has the common body', async (status) => {
    await using emulator = await startVercelEmulator({ faults: [{ kind: 'status', status }] });
    const response = await post(emulator, ask('Hi'));
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: { message: expect.any(String), type: expect.any(String) } });
  });

  it('499 is a text of 34 bytes', async () => {
    await using emulator = await startVercelEmulator({ faults: [{ kind: 'status', status: 499 }] });
    const response = await post(emulator, ask('Hi'));
    expect([response.status, response.headers.get('content-type')]).toEqual([499, 'text/plain; charset=utf-8']);
    expect((await response.text()).length).toBe(34);
  });
});

const ZDR = { providerOptions: { gateway: { zeroDataRetention: true } } };
const NANO = 'openai/gpt-4.1-nano';

// The same rows, where the state of the account or the request itself leads there.
const BY_STATE: readonly (readonly [string, number, string, EmulatorOptions, Json])[] = [
  ['a bad field', 400, 'invalid_request_error', {}, { temperature: 9 }],
  [
    'a region nobody serves',
    400,
    'invalid_request_error',
    {},
    {
      model: 'spacexai/grok-4.3',
      providerOptions: { gateway: { inferenceRegion: { scope: 'zone', geoRegion: 'eu' } } },
    },
  ],
  [
    'a cycle of rules',
    400,
    'invalid_request_error',
    { account: { rules: [{ id: 'r', models: [NANO], action: 'rewrite', to: NANO }] } },
    {},
  ],
  ['data rules that nobody keeps', 400, 'no_providers_available', {}, { model: 'spacexai/grok-4.3', ...ZDR }],
  ['a model of another type', 400, 'ModelTypeMismatchError', {}, { model: 'openai/text-embedding-3-small' }],
  ['a key that is not accepted', 401, 'authentication_error', { apiKeys: ['another'] }, {}],
  ['no credit', 402, 'insufficient_funds', { balance: 0 }, {}],
  ['a spent budget', 402, 'quota_for_entity_exceeded', { account: { budgets: [{ scope: 'key', usd: 0 }] } }, {}],
  ['a rule that denies', 403, 'forbidden', { account: { rules: [{ id: 'r', models: [NANO], action: 'deny' }] } }, {}],
  ['no card', 403, 'customer_verification_required', { account: { card: false } }, {}],
  ['a paid model on the free tier', 403, 'no_providers_available', { account: { freeTier: {} } }, {}],
  ['data rules beyond the plan', 403, 'permission_denied', { account: { plan: 'hobby' } }, ZDR],
  ['an unknown model', 404, 'model_not_found', {}, { model: 'openai/none' }],
  [
    'providers that all fail',
    503,
    'service_unavailable_error',
    { faults: [{ kind: 'provider-failure', provider: '*' }] },
    {},
  ],
];

describe('a documented error that is deserved', () => {
  it.each(BY_STATE)('%s: %i %s', async (_why, status, type, options, more) => {
    await using emulator = await startVercelEmulator(options);
    const response = await post(emulator, ask('Hi', more));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { type, message: expect.stringMatching(/\w/) } });
    if (status !== 401) {
      const credits = (await (await get(emulator, '/v1/credits')).json()) as Json;
      expect(credits['total_used']).toBe('0.00');
    }
  });
});
