import { createGateway, type GenerationParameters } from '@headrace/core';
import { vercel, vercelModels } from '@headrace/provider-vercel';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

const MODELS = vercelModels.list().filter(({ type }) => type === 'language');

/** What is sent to every language model for the same call, beside model and messages. */
const sentToAll = async (parameters: GenerationParameters): Promise<ReadonlyMap<string, Record<string, unknown>>> => {
  await using emulator = await startVercelEmulator();
  await using gateway = createGateway({ providers: [vercel({ apiKey: canaryKey(), baseUrl: emulator.baseUrl })] });
  for (const { id } of MODELS) await gateway.complete({ model: `vercel:${id}`, prompt: 'Hi', ...parameters });
  return new Map(
    emulator.requests.map(({ body }) => {
      const { model, messages: _, ...rest } = body as Record<string, unknown>;
      return [String(model), rest];
    }),
  );
};

describe('a call', () => {
  it('sends no parameter that nobody asked for, to none of the language models', async () => {
    const sent = await sentToAll({});
    expect(sent.size).toBe(MODELS.length);
    for (const [model, rest] of sent) expect([model, rest]).toEqual([model, {}]);
  });

  it('sends what was asked for to those that take it, and to no other', async () => {
    const sent = await sentToAll({ temperature: 0.5, maxOutputTokens: 64 });
    for (const model of MODELS) {
      const { supported, when, min = 0 } = model.parameters.temperature ?? {};
      // Asked for alone: what depends on thinking being off holds where the model does not think unasked.
      const isTaken =
        supported === true ||
        supported === 'unknown' ||
        (supported === 'conditional' && when?.reasoning === undefined && when?.reasoningEffort === undefined);
      expect(min).toBeLessThanOrEqual(0.5);
      expect([model.id, sent.get(model.id)]).toEqual([
        model.id,
        { max_tokens: 64, ...(isTaken ? { temperature: 0.5 } : {}) },
      ]);
    }
  });
});
