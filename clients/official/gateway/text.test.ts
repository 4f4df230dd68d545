import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateText, type ModelMessage, streamText } from 'ai';
import { NOTICE, startVercelEmulator } from '../emulator.ts';
import { PIXEL } from '../pixel.ts';
import { connect, LANGUAGE, MODEL, REASONING_MODEL, receiptOf } from './connect.ts';

describe('ai: text through @ai-sdk/gateway', () => {
  it('gets a whole answer with usage, the generation id and the cost', async () => {
    await using emulator = await startVercelEmulator();
    const result = await generateText({ model: connect(emulator)(MODEL), prompt: 'Say exactly: pong' });
    assert.equal(result.text, `${NOTICE}\n\npong`);
    assert.equal(result.finishReason, 'stop');
    const { inputTokens = 0, outputTokens = 0, totalTokens } = result.usage;
    assert.ok(inputTokens > 0 && outputTokens > 0);
    assert.equal(totalTokens, inputTokens + outputTokens);
    const { generationId, cost } = receiptOf(result.providerMetadata);
    assert.match(generationId, /^gen_[0-9A-HJKMNP-TV-Z]{26}$/);
    assert.ok(cost > 0, `cost ${cost}`);
    assert.equal(emulator.requests[0]?.path, LANGUAGE);
    assert.equal(emulator.requests[0]?.headers['ai-language-model-id'], MODEL);
  });

  it('streams the same text in pieces, with usage at the end', async () => {
    await using emulator = await startVercelEmulator();
    const model = connect(emulator)(MODEL);
    const whole = await generateText({ model, prompt: 'Count to 20' });
    const result = streamText({ model, prompt: 'Count to 20' });
    const pieces: string[] = [];
    for await (const piece of result.textStream) pieces.push(piece);
    assert.ok(pieces.length > 5, `${pieces.length} pieces`);
    assert.equal(pieces.join(''), whole.text);
    assert.equal(await result.finishReason, 'stop');
    assert.deepEqual(await result.usage, whole.usage);
    assert.match(receiptOf(await result.providerMetadata).generationId, /^gen_/);
  });

  it('streams parts in the order of the protocol', async () => {
    await using emulator = await startVercelEmulator();
    const result = streamText({
      model: connect(emulator)(REASONING_MODEL),
      prompt: 'Why is the sky blue?',
      reasoning: 'high',
    });
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
      'finish-step',
      'finish',
    ]);
    assert.ok(((await result.reasoningText) ?? '').length > 0);
    const { outputTokenDetails } = await result.usage;
    assert.ok((outputTokenDetails.reasoningTokens ?? 0) > 0 && (outputTokenDetails.textTokens ?? 0) > 0);
  });

  it('gets the model and the id of the answer as its response', async () => {
    await using emulator = await startVercelEmulator();
    const result = streamText({ model: connect(emulator)(MODEL), prompt: 'Hello' });
    await result.consumeStream();
    const response = await result.response;
    assert.equal(response.modelId, MODEL);
    assert.ok(response.timestamp instanceof Date && !Number.isNaN(response.timestamp.getTime()));
  });

  it('carries a conversation with instructions, images and files', async () => {
    await using emulator = await startVercelEmulator();
    const model = connect(emulator)(REASONING_MODEL);
    const messages: ModelMessage[] = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Describe both pictures' },
          { type: 'file', mediaType: 'image/png', data: Buffer.from(PIXEL, 'base64') },
          { type: 'file', mediaType: 'image/png', data: new URL('https://example.com/rain.png') },
          { type: 'file', mediaType: 'application/pdf', data: Buffer.from('%PDF-1.4') },
        ],
      },
    ];
    const first = await generateText({ model, instructions: 'You are brief.', messages });
    assert.match(first.text, /came with 2 images and 1 file/);
    messages.push(...first.responseMessages, { role: 'user', content: 'What did I ask?' });
    const second = await generateText({ model, instructions: 'You are brief.', messages });
    assert.match(second.text, /you wrote: “Describe both pictures”/);
  });

  it('has its limits and stop sequences obeyed', async () => {
    await using emulator = await startVercelEmulator();
    const model = connect(emulator)(MODEL);
    const cut = await generateText({ model, prompt: 'Write 500 words about rain', maxOutputTokens: 40 });
    assert.equal(cut.finishReason, 'length');
    assert.equal(cut.usage.outputTokens, 40);
    const stopped = await generateText({ model, prompt: 'Count to 9', stopSequences: ['5'] });
    assert.equal(stopped.text, `${NOTICE}\n\n1, 2, 3, 4, `);
  });

  it('pays less for what it marked to be cached, and sees it in the usage', async () => {
    await using emulator = await startVercelEmulator();
    const request = {
      model: connect(emulator)(REASONING_MODEL),
      instructions: {
        role: 'system' as const,
        content: 'Long rules. '.repeat(50),
        providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } },
      },
      prompt: 'Hi',
    };
    const { usage: first } = await generateText(request);
    const { usage: second } = await generateText(request);
    const written = first.inputTokenDetails.cacheWriteTokens ?? 0;
    assert.ok(written > 100);
    assert.deepEqual([first.inputTokenDetails.cacheReadTokens, second.inputTokenDetails.cacheReadTokens], [0, written]);
    assert.equal(second.inputTokenDetails.noCacheTokens, (second.inputTokens ?? 0) - written);
  });

  it('routes as its provider options say', async () => {
    await using emulator = await startVercelEmulator();
    const { providerMetadata } = await generateText({
      model: connect(emulator)(MODEL),
      prompt: 'Hello',
      providerOptions: { gateway: { only: ['azure'], tags: ['a-tag'], user: 'someone' } },
    });
    assert.match(JSON.stringify(providerMetadata?.['gateway']), /"finalProvider":"azure"/);
    assert.deepEqual(emulator.requests[0]?.tags, ['a-tag']);
    assert.equal(emulator.requests[0]?.user, 'someone');
  });

  it('closes the stream of a reader that aborts', async () => {
    await using emulator = await startVercelEmulator({ tokensPerSecond: 500 });
    const controller = new AbortController();
    const result = streamText({
      model: connect(emulator)(MODEL),
      prompt: 'Write 2000 words about rivers.',
      abortSignal: controller.signal,
    });
    let isAborted = false;
    for await (const part of result.stream) {
      if (part.type === 'text-delta') controller.abort();
      isAborted ||= part.type === 'abort';
    }
    assert.equal(isAborted, true);
    await emulator.requests[0]?.settled;
    assert.equal(emulator.requests[0]?.closedEarly, true);
  });
});
