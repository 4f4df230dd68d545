import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { API_KEY, NOTICE, startVercelEmulator } from '../emulator.ts';
import { PIXEL } from '../pixel.ts';
import { ask, connect, MESSAGES, MODEL, textOf } from './connect.ts';

describe('@anthropic-ai/sdk: messages', () => {
  it('gets a whole answer with usage and a stop reason', async () => {
    await using emulator = await startVercelEmulator();
    const message = await connect(emulator).messages.create(ask('Say exactly: pong'));
    assert.equal(message.type, 'message');
    assert.equal(message.role, 'assistant');
    assert.equal(message.model, MODEL);
    assert.equal(textOf(message), `${NOTICE}\n\npong`);
    assert.equal(message.stop_reason, 'end_turn');
    assert.equal(message.stop_sequence, null);
    assert.match(message.id, /^gen_[0-9A-HJKMNP-TV-Z]{26}$/);
    assert.ok(message.usage.input_tokens > 0 && message.usage.output_tokens > 0);
  });

  it('gives key and token alike as a bearer token', async () => {
    await using emulator = await startVercelEmulator();
    await connect(emulator).messages.create(ask('Hello'));
    await new Anthropic({ baseURL: emulator.url, apiKey: null, authToken: API_KEY }).messages.create(ask('Hello'));
    assert.deepEqual(
      emulator.requests.map(({ path, authorization, status }) => [path, authorization?.scheme, status]),
      [
        [MESSAGES, 'Bearer', 200],
        [MESSAGES, 'Bearer', 200],
      ],
    );
  });

  it('answers with models of every creator', async () => {
    await using emulator = await startVercelEmulator();
    const message = await connect(emulator).messages.create(ask('Say exactly: pong', 'openai/gpt-4.1-nano'));
    assert.equal(message.model, 'openai/gpt-4.1-nano');
    assert.match(textOf(message), /pong$/);
  });

  it('streams the same text in the events of the protocol', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const model = 'openai/gpt-4.1-nano';
    const whole = await client.messages.create(ask('Count to 20', model));
    const events: Anthropic.RawMessageStreamEvent[] = [];
    for await (const event of await client.messages.create({ ...ask('Count to 20', model), stream: true })) {
      events.push(event);
    }
    const text = events.flatMap((event) =>
      event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : [],
    );
    assert.ok(text.length > 5, `${text.length} pieces`);
    assert.equal(text.join(''), textOf(whole));
    const kinds = events.map(({ type }) => type).filter((type) => type !== 'content_block_delta');
    assert.deepEqual(kinds, [
      'message_start',
      'content_block_start',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    const end = events.find((event) => event.type === 'message_delta');
    assert.equal(end?.delta.stop_reason, 'end_turn');
    assert.equal(end?.usage.output_tokens, whole.usage.output_tokens);
  });

  it('collects a stream with its own helper, usage included', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const stream = client.messages.stream(ask('Count to 9', 'openai/gpt-4.1-nano'));
    let snapshot = '';
    stream.on('text', (_delta, soFar) => {
      snapshot = soFar;
    });
    const message = await stream.finalMessage();
    const text = `${NOTICE}\n\n1, 2, 3, 4, 5, 6, 7, 8, 9`;
    assert.equal(snapshot, text);
    assert.equal(textOf(message), text);
    assert.equal(message.stop_reason, 'end_turn');
    const whole = await client.messages.create(ask('Count to 9', 'openai/gpt-4.1-nano'));
    assert.equal(message.usage.input_tokens, whole.usage.input_tokens);
    assert.equal(message.usage.output_tokens, whole.usage.output_tokens);
  });

  it('has its limit and stop sequences obeyed, and hears which one it was', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const model = 'openai/gpt-4.1-nano';
    const cut = await client.messages.create({ ...ask('Write 500 words about rain', model), max_tokens: 40 });
    assert.equal(cut.stop_reason, 'max_tokens');
    assert.equal(cut.usage.output_tokens, 40);
    const stopped = await client.messages.create({ ...ask('Count to 9', model), stop_sequences: ['7', '5'] });
    assert.equal(textOf(stopped), `${NOTICE}\n\n1, 2, 3, 4, `);
    assert.equal(stopped.stop_reason, 'stop_sequence');
    assert.equal(stopped.stop_sequence, '5');
  });

  it('carries a conversation with a system prompt, images and documents', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const messages: Anthropic.MessageParam[] = [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/rain.png' } },
          { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjQK' } },
          { type: 'text', text: 'Describe both pictures' },
        ],
      },
    ];
    const system: Anthropic.TextBlockParam[] = [{ type: 'text', text: 'You are brief.' }];
    const first = await client.messages.create({ model: MODEL, max_tokens: 1000, system, messages });
    assert.match(textOf(first), /came with 2 images and 1 file/);
    messages.push({ role: 'assistant', content: first.content }, { role: 'user', content: 'What did I ask?' });
    const second = await client.messages.create({ model: MODEL, max_tokens: 1000, system, messages });
    assert.match(textOf(second), /you wrote: “Describe both pictures”/);
  });

  it('pays less for what it marked to be cached', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const body = {
      ...ask('Hi'),
      system: [
        { type: 'text' as const, text: 'Long rules. '.repeat(50), cache_control: { type: 'ephemeral' as const } },
      ],
    };
    const { usage: first } = await client.messages.create(body);
    const { usage: second } = await client.messages.create(body);
    assert.ok((first.cache_creation_input_tokens ?? 0) > 100);
    assert.equal(first.cache_read_input_tokens, 0);
    assert.equal(second.cache_read_input_tokens, first.cache_creation_input_tokens);
    assert.equal(second.cache_creation_input_tokens, 0);
  });

  it('counts tokens without an answer', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const { max_tokens: _, ...body } = ask('How many tokens are these?');
    const counted = await client.messages.countTokens(body);
    const { usage } = await client.messages.create({ ...body, max_tokens: 100 });
    assert.ok(counted.input_tokens > 0);
    assert.equal(counted.input_tokens, usage.input_tokens);
  });

  it('lists the models of every creator', async () => {
    await using emulator = await startVercelEmulator();
    const ids: string[] = [];
    for await (const { id } of connect(emulator).models.list()) ids.push(id);
    assert.ok(ids.includes(MODEL) && ids.includes('openai/gpt-4.1-nano'), `${ids.length} models`);
    assert.equal(emulator.requests.length, 1);
  });
});
