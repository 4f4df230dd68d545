import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LengthFinishReasonError } from 'openai/core/error';
import { zodFunction, zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { startVercelEmulator } from '../emulator.ts';
import { ask, connect } from './connect.ts';

const City = z.object({
  name: z.string(),
  people: z.number().int().min(5),
  sky: z.enum(['clear', 'rain']),
  rivers: z.array(z.object({ name: z.string(), km: z.number().nullable() })),
});

describe('openai: structured output', () => {
  it('parses an answer into the type of a zod schema', async () => {
    await using emulator = await startVercelEmulator();
    const { choices } = await connect(emulator).chat.completions.parse({
      ...ask('A city, please'),
      response_format: zodResponseFormat(City, 'city'),
    });
    const parsed = choices[0]?.message.parsed;
    assert.deepEqual(City.parse(parsed), parsed);
    assert.ok(parsed !== null && parsed !== undefined && parsed.people >= 5);
  });

  it('parses a stream as it comes', async () => {
    await using emulator = await startVercelEmulator();
    const stream = connect(emulator).chat.completions.stream({
      ...ask('A city, please'),
      response_format: zodResponseFormat(City, 'city'),
    });
    const partial: unknown[] = [];
    stream.on('content.delta', ({ parsed }) => partial.push(parsed));
    const { choices } = await stream.finalChatCompletion();
    const parsed = choices[0]?.message.parsed;
    assert.ok(partial.length > 2, `${partial.length} partial values`);
    assert.deepEqual(City.parse(parsed), parsed);
  });

  it('parses the arguments of a strict tool', async () => {
    await using emulator = await startVercelEmulator();
    const { choices } = await connect(emulator).chat.completions.parse({
      ...ask('Add 17 and 4.5'),
      tools: [zodFunction({ name: 'add', parameters: z.object({ a: z.number(), b: z.number() }) })],
    });
    const call = choices[0]?.message.tool_calls?.[0];
    assert.ok(call?.type === 'function');
    assert.deepEqual(call.function.parsed_arguments, { a: 17, b: 4.5 });
  });

  it('refuses an answer that was cut', async () => {
    await using emulator = await startVercelEmulator();
    const cut = connect(emulator).chat.completions.parse({
      ...ask('A city, please'),
      response_format: zodResponseFormat(City, 'city'),
      max_completion_tokens: 3,
    });
    await assert.rejects(cut, LengthFinishReasonError);
  });

  it('gets an object in JSON mode', async () => {
    await using emulator = await startVercelEmulator();
    const { choices } = await connect(emulator).chat.completions.create({
      ...ask('Return {"a": [1, null]}'),
      response_format: { type: 'json_object' },
    });
    assert.deepEqual(JSON.parse(choices[0]?.message.content ?? ''), { a: [1, null] });
  });
});
