import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type OpenAI from 'openai';
import { NOTICE, startVercelEmulator } from '../emulator.ts';
import { PIXEL } from '../pixel.ts';
import { ask, connect, type GatewayExtras, MODEL } from './connect.ts';

describe('openai: chat', () => {
  it('gets a whole answer with usage, the generation id and the cost', async () => {
    await using emulator = await startVercelEmulator();
    const completion = await connect(emulator).chat.completions.create(ask('Say exactly: pong'));
    const [choice] = completion.choices;
    assert.equal(completion.object, 'chat.completion');
    assert.equal(completion.model, MODEL);
    assert.equal(choice?.message.content, `${NOTICE}\n\npong`);
    assert.equal(choice?.finish_reason, 'stop');
    const { usage } = completion;
    assert.ok(usage !== undefined && usage.prompt_tokens > 0 && usage.completion_tokens > 0);
    assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
    assert.equal(usage.prompt_tokens_details?.cached_tokens, 0);
    const extras = completion as unknown as GatewayExtras;
    assert.match(completion.id, /^gen_[0-9A-HJKMNP-TV-Z]{26}$/);
    assert.equal(extras.generationId, completion.id);
    assert.ok(extras.usage.cost > 0);
  });

  it('sends the key as a bearer token, and nothing that the gateway refuses', async () => {
    await using emulator = await startVercelEmulator();
    await connect(emulator).chat.completions.create(ask('Hello'));
    const [request] = emulator.requests;
    assert.equal(request?.path, '/v1/chat/completions');
    assert.equal(request?.authorization?.scheme, 'Bearer');
    assert.equal(request?.status, 200);
  });

  it('streams the same text in pieces, with role, finish reason and usage', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const whole = await client.chat.completions.create(ask('Count to 20'));
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of await client.chat.completions.create({ ...ask('Count to 20'), stream: true })) {
      chunks.push(chunk);
    }
    const pieces = chunks.flatMap(({ choices }) => choices[0]?.delta.content ?? []);
    assert.ok(pieces.length > 5, `${pieces.length} pieces`);
    assert.equal(pieces.join(''), whole.choices[0]?.message.content);
    assert.equal(chunks[0]?.choices[0]?.delta.role, 'assistant');
    assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, 'stop');
    assert.deepEqual(chunks.at(-1)?.usage, whole.usage);
    assert.equal(new Set(chunks.map(({ id }) => id)).size, 1);
  });

  it('collects a stream with its own helper, events and snapshots included', async () => {
    await using emulator = await startVercelEmulator();
    const stream = connect(emulator).chat.completions.stream(ask('Count to 9'));
    let snapshot = '';
    let done = '';
    stream.on('content', (_delta, soFar) => {
      snapshot = soFar;
    });
    stream.on('content.done', ({ content }) => {
      done = content;
    });
    const completion = await stream.finalChatCompletion();
    const text = `${NOTICE}\n\n1, 2, 3, 4, 5, 6, 7, 8, 9`;
    assert.equal(completion.choices[0]?.message.content, text);
    assert.equal(snapshot, text);
    assert.equal(done, text);
    assert.equal(await stream.finalContent(), text);
    assert.equal((await stream.totalUsage()).total_tokens, completion.usage?.total_tokens);
    assert.equal(completion.choices[0]?.finish_reason, 'stop');
  });

  it('shows images beside text in a conversation, and what was said before', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'system', content: 'You are brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Describe both pictures' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
          { type: 'image_url', image_url: { url: 'https://example.com/rain.png', detail: 'low' } },
        ],
      },
    ];
    const first = await client.chat.completions.create({ model: MODEL, messages });
    assert.match(first.choices[0]?.message.content ?? '', /came with 2 images/);
    const [answer] = first.choices;
    assert.ok(answer);
    const second = await client.chat.completions.create({
      model: MODEL,
      messages: [...messages, answer.message, { role: 'user', content: 'What did I ask?' }],
    });
    assert.match(second.choices[0]?.message.content ?? '', /you wrote: “Describe both pictures”/);
  });

  it('has its limits and stop sequences obeyed', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const cut = await client.chat.completions.create({
      ...ask('Write 500 words about rain'),
      max_completion_tokens: 40,
    });
    assert.equal(cut.choices[0]?.finish_reason, 'length');
    assert.equal(cut.usage?.completion_tokens, 40);
    const stopped = await client.chat.completions.create({ ...ask('Count to 9'), stop: ['5'] });
    assert.equal(stopped.choices[0]?.message.content, `${NOTICE}\n\n1, 2, 3, 4, `);
  });

  it('sees the tokens of reasoning in the usage', async () => {
    await using emulator = await startVercelEmulator();
    const { usage } = await connect(emulator).chat.completions.create({
      ...ask('Why is the sky blue?', 'openai/gpt-5'),
      reasoning_effort: 'high',
    });
    const reasoning = usage?.completion_tokens_details?.reasoning_tokens ?? 0;
    assert.ok(reasoning > 0 && reasoning < (usage?.completion_tokens ?? 0), `${reasoning} tokens`);
  });
});
