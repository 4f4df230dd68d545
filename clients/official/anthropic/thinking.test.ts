import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startVercelEmulator } from '../emulator.ts';
import { ask, connect, textOf } from './connect.ts';

const thoughtful = {
  ...ask('Why is the sky blue?'),
  max_tokens: 4000,
  thinking: { type: 'enabled' as const, budget_tokens: 2000 },
};

describe('@anthropic-ai/sdk: thinking', () => {
  it('gets what the model thought, signed, beside the text', async () => {
    await using emulator = await startVercelEmulator();
    const { content } = await connect(emulator).messages.create(thoughtful);
    const thought = content.find((block) => block.type === 'thinking');
    assert.ok(thought !== undefined && thought.thinking.length > 0 && thought.signature.length > 0);
    assert.equal(content.filter((block) => block.type === 'text').length, 1);
  });

  it('streams it through its helper, and can send it back', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const whole = await client.messages.create(thoughtful);
    const stream = client.messages.stream(thoughtful);
    let thinking = '';
    let signature = '';
    stream.on('thinking', (delta) => {
      thinking += delta;
    });
    stream.on('signature', (signed) => {
      signature = signed;
    });
    const message = await stream.finalMessage();
    const thought = message.content.find((block) => block.type === 'thinking');
    assert.equal(thinking, thought?.thinking);
    assert.ok(signature !== '' && signature === thought?.signature);
    const before = whole.content.find((block) => block.type === 'thinking');
    assert.equal(thinking, before?.thinking);
    const next = await client.messages.create({
      ...thoughtful,
      messages: [
        ...thoughtful.messages,
        { role: 'assistant', content: message.content },
        { role: 'user', content: 'What did I ask?' },
      ],
    });
    assert.match(textOf(next), /Why is the sky blue/);
  });

  it('does without when thinking is off', async () => {
    await using emulator = await startVercelEmulator();
    const { content } = await connect(emulator).messages.create({ ...thoughtful, thinking: { type: 'disabled' } });
    assert.deepEqual(
      content.map(({ type }) => type),
      ['text'],
    );
  });
});
