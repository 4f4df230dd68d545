import { describe, expect, it } from '@jest/globals';
import { ask, fakeClock, frames, get, type Json, post, whole } from './__fixtures__/emulator-client.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

describe('GET /v1/credits', () => {
  it('tells balance and spending in strings that add up to the start', async () => {
    await using emulator = await startVercelEmulator({ balance: '10' });
    expect(await (await get(emulator, '/v1/credits')).json()).toEqual({ balance: '10.00', total_used: '0.00' });
    const { usage } = await whole(emulator, ask('Hi'));
    const { balance, total_used } = (await (await get(emulator, '/v1/credits')).json()) as Record<string, string>;
    expect(Number(total_used)).toBe(usage.cost);
    expect(Number(balance) + Number(total_used)).toBeCloseTo(10, 12);
  });

  it('needs a credential', async () => {
    await using emulator = await startVercelEmulator();
    expect((await get(emulator, '/v1/credits', {})).status).toBe(401);
    expect((await get(emulator, '/v1/generation?id=x', {})).status).toBe(401);
  });
});

describe('GET /v1/generation', () => {
  it('knows an answer by the id it had', async () => {
    await using emulator = await startVercelEmulator();
    const list = await frames(emulator, ask('Hi'));
    const finish = list.at(-1);
    const body = (await (await get(emulator, `/v1/generation?id=${finish?.['id']}`)).json()) as Json;
    expect(body['data']).toMatchObject({
      id: finish?.['id'],
      model: 'openai/gpt-4.1-nano',
      provider_name: 'openai',
      finish_reason: 'stop',
      streamed: true,
      is_byok: false,
      total_cost: finish?.['usage'].cost,
      usage: finish?.['usage'].cost,
      tokens_prompt: finish?.['usage'].prompt_tokens,
      native_tokens_completion: finish?.['usage'].completion_tokens,
      native_tokens_reasoning: 0,
      native_tokens_cached: 0,
      native_tokens_cache_creation: 0,
      billable_web_search_calls: 0,
    });
    expect(new Date(body['data'].created_at).getTime()).toBeGreaterThan(0);
  });

  it('has flat errors', async () => {
    await using emulator = await startVercelEmulator();
    const ask404 = await get(emulator, `/v1/generation?id=gen_${'0'.repeat(26)}`);
    expect(ask404.status).toBe(404);
    expect(await ask404.json()).toEqual({
      error: 'Usage event not found',
      id: `gen_${'0'.repeat(26)}`,
      message: expect.any(String),
    });
    expect(await (await get(emulator, '/v1/generation')).json()).toEqual({ error: 'id is required' });
    const odd = await get(emulator, '/v1/generation?id=chatcmpl-1');
    expect([odd.status, await odd.json()]).toEqual([400, { error: expect.stringContaining('gen_<ulid>') }]);
  });

  it('learns of an answer only after the delay', async () => {
    const clock = fakeClock();
    await using emulator = await startVercelEmulator({ clock, generationDelayMs: 9000 });
    const { id } = (await (await post(emulator, ask('Hi'))).json()) as { id: string };
    expect((await get(emulator, `/v1/generation?id=${id}`)).status).toBe(404);
    await clock.sleep(9000, AbortSignal.timeout(0));
    expect((await get(emulator, `/v1/generation?id=${id}`)).status).toBe(200);
  });
});
