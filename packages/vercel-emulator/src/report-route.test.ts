import { describe, expect, it } from '@jest/globals';
import { ask, fakeClock, get, type Json, KEY, post } from './__fixtures__/emulator-client.js';
import { jsonOf, postJson } from './__fixtures__/post-json.js';
import type { EmulatorClock } from './emulator-options.js';
import { startVercelEmulator, type VercelEmulator } from './index.js';

const HOUR_MS = 3_600_000;
const later = (clock: EmulatorClock, hours: number): Promise<void> =>
  clock.sleep(hours * HOUR_MS, AbortSignal.timeout(0));
const DAYS = { start_date: '2026-11-23', end_date: '2026-11-24' };
const report = (emulator: VercelEmulator, query: Record<string, string> = {}): Promise<Response> =>
  get(emulator, `/v1/report?${new URLSearchParams({ ...DAYS, ...query }).toString()}`);
const rows = async (emulator: VercelEmulator, query: Record<string, string> = {}): Promise<Json[]> =>
  (await jsonOf(report(emulator, query)))['results'];

const EMBED = 'openai/text-embedding-3-small';

/** Two calls on the 23rd, one an hour later, one on the 24th and one on the 25th. */
async function spend(emulator: VercelEmulator, clock: EmulatorClock): Promise<void> {
  const embed = (gateway: Json): Promise<Response> =>
    postJson(emulator, '/v1/embeddings', { model: EMBED, input: 'a'.repeat(4000), providerOptions: { gateway } });
  await embed({ user: 'ada', tags: ['a', 'b'] });
  await embed({ user: 'ada', tags: ['b'], byok: { openai: [{ apiKey: 'k' }] } });
  await later(clock, 1);
  await embed({ only: ['azure'], zeroDataRetention: true });
  await later(clock, 24);
  await post(emulator, ask('Hi', { user: 'bob' }));
  await later(clock, 24);
  await embed({ user: 'ada' });
}

async function withSpend(test: (emulator: VercelEmulator) => Promise<void>): Promise<void> {
  const clock = fakeClock();
  await using emulator = await startVercelEmulator({ clock });
  await spend(emulator, clock);
  await test(emulator);
}

describe('GET /v1/report', () => {
  it('adds up by day, both ends of the time included', () =>
    withSpend(async (emulator) => {
      const [first, second, ...more] = await rows(emulator);
      expect(first).toEqual({
        day: '2026-11-23',
        total_cost: 0.00004,
        market_cost: 0.00006,
        surcharge_cost: 0,
        gateway_cost: 0.00004,
        input_tokens: 3000,
        output_tokens: 0,
        cached_input_tokens: 0,
        cache_creation_input_tokens: 0,
        reasoning_tokens: 0,
        request_count: 3,
      });
      expect(second).toMatchObject({ day: '2026-11-24', request_count: 1, output_tokens: expect.any(Number) });
      expect(more).toEqual([]);
    }));

  it.each([
    [
      { date_part: 'hour' },
      'hour',
      ['2026-11-23T00:00:00.000Z', '2026-11-23T01:00:00.000Z', '2026-11-24T01:00:00.000Z'],
      [2, 1, 1],
    ],
    [{ group_by: 'user' }, 'user', ['ada', 'bob'], [2, 1]],
    [{ group_by: 'tag' }, 'tag', ['a', 'b'], [1, 2]],
    [{ group_by: 'model' }, 'model', ['openai/gpt-4.1-nano', EMBED], [1, 3]],
    [{ group_by: 'provider' }, 'provider', ['azure', 'openai'], [1, 3]],
    [{ group_by: 'credential_type' }, 'credential_type', ['byok', 'system'], [1, 3]],
    [{ group_by: 'zero_data_retention' }, 'zero_data_retention', [false, true], [3, 1]],
    [{ group_by: 'api_key_name' }, 'api_key_name', [`…${KEY.slice(-4)}`], [4]],
  ] as const)('groups as asked: %j', (query, field, groups, counts) =>
    withSpend(async (emulator) => {
      const results = await rows(emulator, query);
      expect(results.map((row) => row[field])).toEqual(groups);
      expect(results.map((row) => row['request_count'])).toEqual(counts);
    }),
  );

  it.each([
    [{ end_date: '2026-11-23' }, 3],
    [{ end_date: '2026-11-30' }, 5],
    [{ user_id: 'ada' }, 2],
    [{ model: 'openai/gpt-4.1-nano' }, 1],
    [{ provider: 'azure' }, 1],
    [{ credential_type: 'byok' }, 1],
    [{ zero_data_retention: 'true' }, 1],
    [{ zero_data_retention: 'false' }, 3],
    [{ tags: 'a, b' }, 2],
    [{ tags: 'a,b', tags_match: 'all' }, 1],
    [{ user_id: 'nobody' }, 0],
  ] as const)('counts only what is asked for: %j', (query, count) =>
    withSpend(async (emulator) => {
      const results = await rows(emulator, { ...query, group_by: 'provider' });
      expect(results.reduce((sum, row) => sum + row['request_count'], 0)).toBe(count);
    }),
  );

  it.each([
    [{ start_date: '' }, 'start_date'],
    [{ start_date: '2026-02-30' }, 'start_date'],
    [{ end_date: '2026-11-22' }, 'end_date'],
    [{ group_by: 'colour' }, 'group_by'],
    [{ date_part: 'hour', group_by: 'model' }, 'date_part'],
    [{ credential_type: 'own' }, 'credential_type'],
    [{ zero_data_retention: 'perhaps' }, 'zero_data_retention'],
    [{ tags: 'a', tags_match: 'none' }, 'tags_match'],
  ] as const)('refuses %j: 400 that names %s', async (query, param) => {
    await using emulator = await startVercelEmulator();
    const response = await report(emulator, query);
    expect([response.status, (await jsonOf(response))['error'].param]).toEqual([400, param]);
  });

  it('calls a message after the key that let it in, where two came with it', async () => {
    await using emulator = await startVercelEmulator({ clock: fakeClock(), apiKeys: ['vck_the_one_that_counts'] });
    const asked = { ...ask('Hi'), max_tokens: 50 };
    const headers = { 'x-api-key': 'vck_the_one_that_counts' };
    expect((await postJson(emulator, '/v1/messages', asked, headers)).status).toBe(200);
    const query = new URLSearchParams({ ...DAYS, group_by: 'api_key_name' }).toString();
    const body = await jsonOf(
      get(emulator, `/v1/report?${query}`, { authorization: 'Bearer vck_the_one_that_counts' }),
    );
    expect(body['results']).toMatchObject([{ api_key_name: '…unts' }]);
  });

  it('counts calls that nothing tells apart', async () => {
    await using emulator = await startVercelEmulator({ clock: fakeClock() });
    for (const input of ['a', 'b', 'c']) await postJson(emulator, '/v1/embeddings', { model: EMBED, input });
    expect(await rows(emulator)).toMatchObject([{ request_count: 3, input_tokens: 3, total_cost: 0.00000006 }]);
  });

  it('needs a credential, and is empty as long as nothing was spent', async () => {
    await using emulator = await startVercelEmulator();
    expect((await get(emulator, '/v1/report', {})).status).toBe(401);
    expect(await rows(emulator)).toEqual([]);
  });
});
