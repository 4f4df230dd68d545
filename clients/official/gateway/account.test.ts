import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGateway } from '@ai-sdk/gateway';
import { generateText } from 'ai';
import { startVercelEmulator } from '../emulator.ts';
import { connect, MODEL, receiptOf } from './connect.ts';

describe('@ai-sdk/gateway: account', () => {
  it('lists the models that it can call, with prices per token', async () => {
    await using emulator = await startVercelEmulator();
    const { models } = await connect(emulator).getAvailableModels();
    assert.ok(models.length > 200, `${models.length} models`);
    const model = models.find(({ id }) => id === MODEL);
    assert.equal(model?.modelType, 'language');
    assert.equal(model.specification.modelId, MODEL);
    assert.equal(Number(model.pricing?.input), 1e-7);
    assert.equal(Number(model.pricing?.output), 4e-7);
    const types = new Set(models.map(({ modelType }) => modelType));
    for (const type of ['embedding', 'image', 'reranking'] as const) assert.ok(types.has(type), type);
  });

  it('knows its credit, which answers are paid from', async () => {
    await using emulator = await startVercelEmulator({ balance: '10' });
    const gateway = connect(emulator);
    assert.deepEqual(await gateway.getCredits(), { balance: '10.00', totalUsed: '0.00' });
    await generateText({ model: gateway('openai/gpt-5'), prompt: 'Write 2000 words about rivers.' });
    const { balance, totalUsed } = await gateway.getCredits();
    assert.ok(Number(totalUsed) > 0 && Number(balance) < 10);
  });

  it('looks up what an answer was, by its id', async () => {
    await using emulator = await startVercelEmulator();
    const gateway = connect(emulator);
    const { usage, providerMetadata } = await generateText({ model: gateway(MODEL), prompt: 'Hello' });
    const { generationId, cost } = receiptOf(providerMetadata);
    const info = await gateway.getGenerationInfo({ id: generationId });
    assert.equal(info.id, generationId);
    assert.equal(info.model, MODEL);
    assert.equal(info.totalCost, cost);
    assert.equal(info.promptTokens, usage.inputTokens);
    assert.equal(info.completionTokens, usage.outputTokens);
    assert.equal(info.finishReason, 'stop');
    assert.equal(info.streamed, false);
  });

  it('reports what was spent, by model and by tag', async () => {
    await using emulator = await startVercelEmulator();
    const gateway = connect(emulator);
    const ask = async (id: string, tags: string[]): Promise<number> => {
      const providerOptions = { gateway: { tags } };
      const { providerMetadata } = await generateText({ model: gateway(id), prompt: 'Hello', providerOptions });
      return receiptOf(providerMetadata).cost;
    };
    const small = await ask(MODEL, ['one', 'two']);
    const large = await ask('openai/gpt-5', ['two']);
    const day = new Date().toISOString().slice(0, 10);
    const period = { startDate: day, endDate: day };
    const { results: byModel } = await gateway.getSpendReport({ ...period, groupBy: 'model' });
    const row = byModel.find(({ model }) => model === MODEL);
    assert.equal(row?.requestCount, 1);
    assert.equal(row.totalCost, small);
    assert.ok((row.inputTokens ?? 0) > 0 && (row.outputTokens ?? 0) > 0);
    const { results: byTag } = await gateway.getSpendReport({ ...period, groupBy: 'tag', tags: ['two'] });
    const two = byTag.find(({ tag }) => tag === 'two');
    assert.equal(two?.requestCount, 2);
    assert.ok(Math.abs(two.totalCost - small - large) < 1e-12);
  });

  it('gives the OIDC token of Vercel where there is no key', async (test) => {
    await using emulator = await startVercelEmulator();
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'RS256' })}.${part({ exp: Math.floor(Date.now() / 1000) + 3600 })}.c2lnbmF0dXJl`;
    process.env['VERCEL_OIDC_TOKEN'] = token;
    test.after(() => delete process.env['VERCEL_OIDC_TOKEN']);
    const { text } = await generateText({
      model: createGateway({ baseURL: `${emulator.url}/v4/ai` })(MODEL),
      prompt: 'Say exactly: pong',
    });
    assert.match(text, /pong$/);
    assert.equal(emulator.requests[0]?.headers['ai-gateway-auth-method'], 'oidc');
  });
});
