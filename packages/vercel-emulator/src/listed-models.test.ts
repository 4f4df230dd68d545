import { type ModelInfo, type ParameterName, provenanceOf } from '@headrace/core';
import { systemClock } from '@headrace/core/plugin';
import { VercelClient, vercelModels } from '@headrace/provider-vercel';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { fakeClock } from './__fixtures__/emulator-client.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

/** Facts that the list has no place for, or tells in part; some are compared one by one below. */
const UNLISTED = new Set([
  'family',
  'status',
  'variantOf',
  'releaseDate',
  'capabilities',
  'modalities',
  'parameters',
  'provenance',
  'factProvenance',
]);

describe('the list of models', () => {
  let live: readonly ModelInfo[] = [];

  beforeAll(async () => {
    // While the launch prices of the catalogue hold.
    const epochMs = (): number => Date.UTC(2026, 10, 24);
    await using emulator = await startVercelEmulator({ clock: fakeClock() });
    const client = new VercelClient({ apiKey: 'test', baseUrl: emulator.url }, { ...systemClock, epochMs });
    live = await client.listModels();
    await client.close();
  });

  it('has every model of the catalogue', () => {
    expect(live.map(({ id }) => id)).toEqual(vercelModels.list().map(({ id }) => id));
  });

  it('brings back every price, tier, limit and parameter of the catalogue it was made from', () => {
    for (const model of live) {
      const seed = vercelModels.find(model.id);
      if (seed?.pricing !== undefined) expect(provenanceOf(model, 'pricing').origin).toBe('live');
      if (seed?.modalities !== undefined) expect(model.modalities).toMatchObject(seed.modalities);
      // The list says yes or no to a temperature, and nothing of conditions.
      for (const [name, fact] of Object.entries(seed?.parameters ?? {}))
        if (name !== 'temperature')
          expect({ [name]: model.parameters[name as ParameterName] }).toEqual({ [name]: fact });
      // The list must name what the catalogue leaves open, such as a display name.
      for (const [field, fact] of Object.entries(seed ?? {}))
        if (!UNLISTED.has(field))
          expect([model.id, field, model[field as keyof ModelInfo]]).toEqual([model.id, field, fact]);
    }
  });
});
