import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type Anthropic from '@anthropic-ai/sdk';
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { z } from 'zod';
import { NOTICE, startVercelEmulator } from '../emulator.ts';
import { ask, connect, MODEL, textOf } from './connect.ts';

const weather: Anthropic.Tool = {
  name: 'get_weather',
  description: 'Current weather of a city',
  input_schema: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
};

describe('@anthropic-ai/sdk: tools', () => {
  it('gets calls side by side, answers them and gets the answer', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Weather in Paris and London?' }];
    const body = { model: MODEL, max_tokens: 1000, tools: [weather] };
    const first = await client.messages.create({ ...body, messages });
    assert.equal(first.stop_reason, 'tool_use');
    const calls = first.content.filter((block) => block.type === 'tool_use');
    assert.deepEqual(
      calls.map(({ name, input }) => [name, input]),
      [
        ['get_weather', { city: 'Paris' }],
        ['get_weather', { city: 'London' }],
      ],
    );
    messages.push(
      { role: 'assistant', content: first.content },
      {
        role: 'user',
        content: calls.map(({ id, input }) => ({
          type: 'tool_result',
          tool_use_id: id,
          content: [{ type: 'text', text: `${(input as { city: string }).city}: rain` }],
        })),
      },
    );
    const second = await client.messages.create({ ...body, messages });
    assert.equal(
      textOf(second),
      `${NOTICE}\n\nThe tool get_weather returned: Paris: rain\nThe tool get_weather returned: London: rain`,
    );
    assert.equal(second.stop_reason, 'end_turn');
  });

  it('has tool_choice obeyed', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const story = { ...ask('Tell me a story'), tools: [weather] };
    const uses = async (tool_choice: Anthropic.ToolChoice): Promise<string> =>
      String((await client.messages.create({ ...story, tool_choice })).stop_reason);
    assert.equal(await uses({ type: 'any' }), 'tool_use');
    assert.equal(await uses({ type: 'tool', name: 'get_weather' }), 'tool_use');
    assert.equal(await uses({ type: 'auto' }), 'end_turn');
    assert.equal(await uses({ type: 'none' }), 'end_turn');
  });

  it('assembles streamed calls with its own helper', async () => {
    await using emulator = await startVercelEmulator();
    const stream = connect(emulator).messages.stream({ ...ask('Weather in Paris and London?'), tools: [weather] });
    let pieces = '';
    stream.on('inputJson', (delta) => {
      pieces += delta;
    });
    const { content, stop_reason: reason } = await stream.finalMessage();
    assert.equal(reason, 'tool_use');
    assert.deepEqual(
      content.flatMap((block) => (block.type === 'tool_use' ? [block.input] : [])),
      [{ city: 'Paris' }, { city: 'London' }],
    );
    assert.equal(pieces, '{"city":"Paris"}{"city":"London"}');
  });

  for (const stream of [false, true]) {
    it(`runs a loop of tools by itself, ${stream ? 'streamed' : 'whole'}`, async () => {
      await using emulator = await startVercelEmulator();
      const asked: string[] = [];
      const tool = betaZodTool({
        name: 'get_weather',
        description: 'Current weather of a city',
        inputSchema: z.object({ city: z.string() }),
        run: ({ city }) => {
          asked.push(city);
          return 'rain';
        },
      });
      const runner = connect(emulator).beta.messages.toolRunner({
        ...ask('What is the weather in New York?'),
        tools: [tool],
        stream,
      });
      const { content } = await runner.runUntilDone();
      const text = content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('');
      assert.equal(text, `${NOTICE}\n\nThe tool get_weather returned: rain`);
      assert.deepEqual(asked, ['New York']);
      // The first is refused: it asks the server to keep the conversation. The client goes on without that.
      assert.deepEqual(
        emulator.requests.map(({ status }) => status),
        [400, 200, 200],
      );
    });
  }

  it('parses structured output, whole and streamed', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const City = z.object({ name: z.string(), sky: z.enum(['clear', 'rain']), rivers: z.array(z.string()) });
    const body = { ...ask('A city, please'), output_config: { format: zodOutputFormat(City) } };
    const whole = await client.messages.parse(body);
    assert.deepEqual(City.parse(whole.parsed_output), whole.parsed_output);
    const streamed = await client.messages.stream(body).finalMessage();
    assert.deepEqual(streamed.parsed_output, whole.parsed_output);
  });
});
