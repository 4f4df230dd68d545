import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type OpenAI from 'openai';
import { zodFunction } from 'openai/helpers/zod';
import { z } from 'zod';
import { NOTICE, startVercelEmulator } from '../emulator.ts';
import { ask, connect, MODEL } from './connect.ts';
import { WEATHER } from './weather.ts';

const weather: OpenAI.ChatCompletionFunctionTool = { type: 'function', function: WEATHER };

describe('openai: tools', () => {
  it('gets calls side by side, answers them and gets the answer', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Weather in Paris and London?' }];
    const first = await client.chat.completions.create({ model: MODEL, messages, tools: [weather] });
    const [choice] = first.choices;
    assert.ok(choice);
    assert.equal(choice.finish_reason, 'tool_calls');
    assert.equal(choice.message.content, null);
    messages.push(choice.message);
    const cities: unknown[] = [];
    for (const call of choice.message.tool_calls ?? []) {
      assert.ok(call.type === 'function');
      const { city } = JSON.parse(call.function.arguments) as { city: string };
      cities.push(city);
      messages.push({ role: 'tool', tool_call_id: call.id, content: `${city}: rain` });
    }
    assert.deepEqual(cities, ['Paris', 'London']);
    const second = await client.chat.completions.create({ model: MODEL, messages, tools: [weather] });
    assert.equal(
      second.choices[0]?.message.content,
      `${NOTICE}\n\nThe tool get_weather returned: Paris: rain\nThe tool get_weather returned: London: rain`,
    );
  });

  it('calls the tool it is told to call', async () => {
    await using emulator = await startVercelEmulator();
    const { choices } = await connect(emulator).chat.completions.create({
      ...ask('Tell me a story'),
      tools: [weather],
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
    });
    assert.equal(choices[0]?.message.tool_calls?.length, 1);
  });

  it('assembles streamed calls with its own helper, each with valid arguments', async () => {
    await using emulator = await startVercelEmulator();
    const stream = connect(emulator).chat.completions.stream({
      ...ask('Weather in Paris and London?'),
      tools: [weather],
    });
    const seen: string[] = [];
    stream.on('tool_calls.function.arguments.done', ({ name, index, arguments: json }) => {
      seen.push(`${index} ${name} ${json}`);
    });
    const { choices } = await stream.finalChatCompletion();
    assert.deepEqual(seen, ['0 get_weather {"city":"Paris"}', '1 get_weather {"city":"London"}']);
    assert.equal(choices[0]?.message.tool_calls?.length, 2);
    assert.equal(choices[0]?.finish_reason, 'tool_calls');
  });

  for (const stream of [false, true]) {
    it(`runs a loop of tools by itself, ${stream ? 'streamed' : 'whole'}`, async () => {
      await using emulator = await startVercelEmulator();
      const asked: string[] = [];
      const tool = zodFunction({
        name: 'get_weather',
        description: 'Current weather of a city',
        parameters: z.object({ city: z.string() }),
        function: ({ city }) => {
          asked.push(city);
          return 'rain';
        },
      });
      const body = { ...ask('What is the weather in New York?'), tools: [tool] };
      const chat = connect(emulator).chat.completions;
      const runner = stream ? chat.runTools({ ...body, stream }) : chat.runTools({ ...body, stream });
      assert.equal(await runner.finalContent(), `${NOTICE}\n\nThe tool get_weather returned: rain`);
      assert.deepEqual(asked, ['New York']);
      assert.equal(emulator.requests.length, 2);
    });
  }
});
