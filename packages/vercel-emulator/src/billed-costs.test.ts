import { costOf, createGateway } from '@headrace/core';
import { vercel, vercelModels } from '@headrace/provider-vercel';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { ask, fakeClock, get, type Json, whole } from './__fixtures__/emulator-client.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

const MODELS = vercelModels.list().filter(({ type, pricing }) => type === 'language' && pricing?.input !== undefined);

describe('the cost that an answer tells', () => {
  it('is its tokens times the price of the list, for every language model with a price', async () => {
    await using emulator = await startVercelEmulator();
    await using gateway = createGateway({ providers: [vercel({ apiKey: canaryKey(), baseUrl: emulator.baseUrl })] });
    expect(MODELS.length).toBeGreaterThan(300);
    for (const model of MODELS) {
      const { usage, cost, receipt } = await gateway.complete({ model: `vercel:${model.id}`, prompt: 'Count to ten.' });
      const listed = costOf(model, usage, Date.parse(receipt.startedAt));
      expect([model.id, cost?.source, cost?.usd]).toEqual([model.id, 'provider', listed?.usd]);
    }
  });

  it('changes with the first ms after the last day of a launch price, and so does the list', async () => {
    const clock = fakeClock();
    await using emulator = await startVercelEmulator({ clock });
    const told = async (): Promise<readonly unknown[]> => {
      const { usage } = await whole(emulator, { ...ask('Count to ten.'), model: 'google/gemini-4-argon' });
      const listed = (await (await get(emulator, '/v1/models/google/gemini-4-argon')).json()) as Json;
      const prompt = usage['prompt_tokens_details']['cached_tokens'] === 0 ? usage['prompt_tokens'] : 0;
      return [usage['cost'] / (2e-6 * prompt + 1e-5 * usage['completion_tokens']), listed['pricing']['input']];
    };
    const lastMs = Date.parse('2026-11-30T23:59:59.999Z');
    await clock.sleep(lastMs - clock.now(), AbortSignal.timeout(0));
    expect(await told()).toEqual([expect.closeTo(1), '0.000002']);
    await clock.sleep(1, AbortSignal.timeout(0));
    expect(await told()).toEqual([expect.closeTo(2), '0.000004']);
  });
});
