import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { get, type Json } from './__fixtures__/emulator-client.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

type Entry = Json;

const ORDER = [
  'id',
  'object',
  'created',
  'released',
  'owned_by',
  'name',
  'description',
  'context_window',
  'max_tokens',
  'type',
  'zdr',
  'no_training',
  'tags',
  'regions',
  'supported_specifications',
  'modalities',
  'video_capabilities',
  'supported_parameters',
  'temperature',
  'reasoning_options',
  'knowledge',
  'deprecated_at',
  'pricing',
];
const ALWAYS = [
  'id',
  'object',
  'created',
  'released',
  'owned_by',
  'name',
  'description',
  'type',
  'zdr',
  'no_training',
  'supported_specifications',
  'modalities',
  'pricing',
];

async function fixture(): Promise<Entry[]> {
  const text = await readFile(new URL('./__fixtures__/v1-models.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { data: Entry[] }).data;
}

async function list(): Promise<Entry[]> {
  await using emulator = await startVercelEmulator();
  const response = await get(emulator, '/v1/models?limit=1&type=image', {});
  expect(response.status).toBe(200);
  const body = (await response.json()) as { object: string; data: Entry[] };
  expect(body.object).toBe('list');
  return body.data;
}

describe('GET /v1/models', () => {
  it('needs no credential, ignores queries and lists every model of the seed', async () => {
    expect((await list()).length).toBeGreaterThan(500);
  });

  it('has entries of the documented shape, in the order of the real list', async () => {
    for (const entry of await list()) {
      const keys = Object.keys(entry);
      expect(keys).toEqual(ORDER.filter((key) => keys.includes(key)));
      expect(keys).toEqual(expect.arrayContaining(ALWAYS));
      expect(entry['id']).toMatch(/^[^/]+\/[^/]+$/);
      expect(Number.isInteger(entry['released'])).toBe(true);
      for (const [name, value] of Object.entries(entry['pricing'] as Entry)) {
        if (typeof value === 'string')
          expect([name, value]).toEqual([name, expect.stringMatching(/^\d+(\.\d*[1-9])?$/)]);
      }
    }
  });

  it('agrees with the sample in what both know for certain', async () => {
    const entries = new Map((await list()).map((entry) => [entry['id'], entry]));
    for (const sample of await fixture()) {
      const entry = entries.get(sample['id']);
      expect(entry).toMatchObject({
        id: sample['id'],
        object: 'model',
        created: sample['created'],
        owned_by: sample['owned_by'],
        name: sample['name'],
        type: sample['type'],
        modalities: sample['modalities'],
      });
      for (const key of ['input', 'output', 'input_cache_read', 'input_cache_write']) {
        if (entry?.['pricing'][key] !== undefined)
          expect([sample['id'], key, entry['pricing'][key]]).toEqual([sample['id'], key, sample['pricing'][key]]);
      }
      if (sample['type'] === 'speech' || sample['type'] === 'transcription')
        expect(entry).not.toHaveProperty('context_window');
    }
  });

  it('puts the step of a tier where the seed says, the last one open', async () => {
    const entry = (await list()).find(({ id }) => id === 'anthropic/claude-sonnet-4.5');
    expect(entry?.['pricing'].input_tiers).toEqual([
      { cost: '0.000003', min: 0, max: 200_001 },
      { cost: '0.000006', min: 200_001 },
    ]);
  });
});

describe('GET /v1/models/{creator}/{model}', () => {
  it('gives the entry of the list, also for an alias and an encoded slash', async () => {
    await using emulator = await startVercelEmulator();
    const ids = await Promise.all(
      ['openai/gpt-5', 'openai%2Fgpt-5', 'xai/grok-4.3'].map(
        async (id) => ((await (await get(emulator, `/v1/models/${id}`, {})).json()) as Entry)['id'],
      ),
    );
    expect(ids).toEqual(['openai/gpt-5', 'openai/gpt-5', 'spacexai/grok-4.3']);
  });

  it('tells the endpoints with their own names for prices and limits', async () => {
    await using emulator = await startVercelEmulator();
    const { data } = (await (await get(emulator, '/v1/models/openai/gpt-5/endpoints', {})).json()) as Entry;
    expect(Object.keys(data)).toEqual([
      'id',
      'name',
      'created',
      'released',
      'description',
      'architecture',
      'reasoning',
      'endpoints',
    ]);
    expect(data.architecture.modality).toMatch(/^text\+image.*→text$/);
    expect(data.endpoints.map((endpoint: Entry) => endpoint['provider_name'])).toEqual(['openai', 'azure']);
    expect(data.endpoints[0]).toMatchObject({
      context_length: 400_000,
      max_completion_tokens: 128_000,
      status: 0,
      pricing: { prompt: '0.00000125', completion: '0.00001', request: '0' },
    });
  });

  it('answers 404 for an unknown model, and to an address that cannot be decoded', async () => {
    await using emulator = await startVercelEmulator();
    for (const path of ['/v1/models/openai/none', '/v1/models/openai/none/endpoints', '/v1/models/openai/%E0%A4%A']) {
      const response = await get(emulator, path, {});
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        error: { type: 'model_not_found', param: { modelId: expect.stringMatching(/^openai\//) } },
      });
    }
  });
});
