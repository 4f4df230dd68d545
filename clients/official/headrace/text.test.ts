import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createProviderRegistry, generateText, streamText } from 'ai';
import { NOTICE } from '../emulator.ts';
import { end, messagesIn, overEmulator, overScripts, text } from './connect.ts';

const MODEL = 'openai/gpt-4.1-nano';

describe('ai: text through @headrace/ai-sdk', () => {
  it('gets a whole answer with usage, cost, warnings and the receipt of its route', async () => {
    await using setting = await overScripts([[text('The '), text('Rhine'), end({ usage: { input: 5, output: 2 } })]]);
    const result = await generateText({
      model: setting.headrace('chat'),
      instructions: 'Be short.',
      prompt: 'Name a river.',
      temperature: 0,
      headers: { 'x-team': 'a' },
    });
    assert.equal(result.text, 'The Rhine');
    assert.equal(result.finishReason, 'stop');
    assert.deepEqual([result.usage.inputTokens, result.usage.outputTokens, result.usage.totalTokens], [5, 2, 7]);
    assert.deepEqual(
      result.warnings?.map((warning) => warning.type === 'unsupported' && warning.feature),
      ['header x-team'],
    );
    const receipt = result.finalStep.providerMetadata?.['headrace']?.['receipt'] as Record<string, unknown>;
    assert.deepEqual(receipt['servedBy'], { provider: 'p', model: 'm', responseId: result.response.id });
    assert.equal(result.response.modelId, 'm');
    const { json } = await setting.upstream.waitForRequest(1);
    assert.deepEqual(messagesIn(json), [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'Name a river.' },
    ]);
  });

  it('streams it in pieces, with usage and receipt at the end', async () => {
    await using setting = await overEmulator();
    const model = setting.headrace(MODEL);
    const whole = await generateText({ model, prompt: 'Count to 20' });
    const result = streamText({ model, prompt: 'Count to 20' });
    const pieces: string[] = [];
    for await (const piece of result.textStream) pieces.push(piece);
    assert.ok(pieces.length > 5, `${pieces.length} pieces`);
    assert.ok(whole.text.startsWith(NOTICE));
    assert.equal(pieces.join(''), whole.text);
    assert.equal(await result.finishReason, 'stop');
    assert.ok(((await result.usage).outputTokens ?? 0) > 0);
    const metadata = await result.providerMetadata;
    const { outcome } = (metadata?.['headrace']?.['receipt'] ?? {}) as { outcome?: unknown };
    assert.equal(outcome, 'complete');
    assert.ok(metadata?.['vercel'] !== undefined);
  });

  it('streams parts in the order of the protocol', async () => {
    await using setting = await overEmulator();
    const model = setting.headrace('anthropic/claude-sonnet-4.5');
    const result = streamText({ model, prompt: 'Why is the sky blue?', reasoning: 'high' });
    const order: string[] = [];
    for await (const { type } of result.stream) if (order.at(-1) !== type) order.push(type);
    assert.deepEqual(order, [
      'start',
      'start-step',
      'reasoning-start',
      'reasoning-delta',
      'reasoning-end',
      'text-start',
      'text-delta',
      'text-end',
      'custom',
      'finish-step',
      'finish',
    ]);
    assert.ok(((await result.reasoningText) ?? '').length > 0);
    assert.ok(((await result.usage).outputTokenDetails.reasoningTokens ?? 0) > 0);
  });

  it('is found in a registry of providers', async () => {
    await using setting = await overScripts([[text('a'), end()]]);
    const registry = createProviderRegistry({ headrace: setting.headrace });
    const result = await generateText({ model: registry.languageModel('headrace:chat'), prompt: 'Hi' });
    assert.equal(result.text, 'a');
  });

  it('is a model by its id alone where it is the provider for all', async (test) => {
    await using setting = await overScripts([[text('a'), end()]]);
    globalThis.AI_SDK_DEFAULT_PROVIDER = setting.headrace;
    test.after(() => {
      globalThis.AI_SDK_DEFAULT_PROVIDER = undefined;
    });
    const result = await generateText({ model: 'chat', prompt: 'Hi' });
    assert.equal(result.text, 'a');
  });
});
