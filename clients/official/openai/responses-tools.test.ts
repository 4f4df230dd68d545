import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type OpenAI from 'openai';
import { ResponsesToolRunner, runnerFunction } from 'openai/helpers/responses-tool-runner';
import { zodResponsesFunction, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { NOTICE, startVercelEmulator } from '../emulator.ts';
import { askResponse as ask, connect, MODEL } from './connect.ts';
import { WEATHER } from './weather.ts';

const weather: OpenAI.Responses.FunctionTool = { type: 'function', ...WEATHER };

describe('openai: tools in responses', () => {
  it('gets calls side by side, answers them and gets the answer', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const input: OpenAI.Responses.ResponseInputItem[] = [{ role: 'user', content: 'Weather in Paris and London?' }];
    const first = await client.responses.create({ model: MODEL, input, tools: [weather] });
    const calls = first.output.filter((item) => item.type === 'function_call');
    assert.deepEqual(
      calls.map(({ name, arguments: json }) => [name, json]),
      [
        ['get_weather', '{"city":"Paris"}'],
        ['get_weather', '{"city":"London"}'],
      ],
    );
    input.push(...(first.output as OpenAI.Responses.ResponseInputItem[]));
    for (const { call_id, arguments: json } of calls) {
      const { city } = JSON.parse(json) as { city: string };
      input.push({ type: 'function_call_output', call_id, output: `${city}: rain` });
    }
    const second = await client.responses.create({ model: MODEL, input, tools: [weather] });
    assert.equal(
      second.output_text,
      `${NOTICE}\n\nThe tool get_weather returned: Paris: rain\nThe tool get_weather returned: London: rain`,
    );
  });

  it('answers calls of a response that was kept', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const first = await client.responses.create({ ...ask('What is the weather in New York?'), tools: [weather] });
    const [call] = first.output;
    assert.ok(call?.type === 'function_call');
    const second = await client.responses.create({
      model: MODEL,
      previous_response_id: first.id,
      input: [{ type: 'function_call_output', call_id: call.call_id, output: 'rain' }],
      tools: [weather],
    });
    assert.equal(second.output_text, `${NOTICE}\n\nThe tool get_weather returned: rain`);
  });

  it('assembles streamed calls with its own helper', async () => {
    await using emulator = await startVercelEmulator();
    const stream = connect(emulator).responses.stream({ ...ask('Weather in Paris and London?'), tools: [weather] });
    const snapshots = new Map<number, string>();
    stream.on('response.function_call_arguments.delta', ({ output_index: index, snapshot }) => {
      snapshots.set(index, snapshot);
    });
    const { output } = await stream.finalResponse();
    assert.deepEqual([...snapshots.values()], ['{"city":"Paris"}', '{"city":"London"}']);
    assert.deepEqual(
      output.map((item) => item.type === 'function_call' && item.arguments),
      [...snapshots.values()],
    );
  });

  for (const stream of [false, true]) {
    it(`runs a loop of tools by itself, ${stream ? 'streamed' : 'whole'}`, async () => {
      await using emulator = await startVercelEmulator();
      const asked: string[] = [];
      const tool = zodResponsesFunction({
        name: 'get_weather',
        description: 'Current weather of a city',
        parameters: z.object({ city: z.string() }),
        function: ({ city }) => {
          asked.push(city);
          return 'rain';
        },
      });
      const runner = new ResponsesToolRunner({ functions: [runnerFunction(tool)] });
      const response = await runner.run(connect(emulator), ask('What is the weather in New York?'), { stream });
      assert.equal(response.output_text, `${NOTICE}\n\nThe tool get_weather returned: rain`);
      assert.deepEqual(asked, ['New York']);
      assert.equal(emulator.requests.length, 2);
    });
  }

  it('parses structured output and strict arguments, whole and streamed', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const City = z.object({ name: z.string(), sky: z.enum(['clear', 'rain']), rivers: z.array(z.string()) });
    const body = { ...ask('A city, please'), text: { format: zodTextFormat(City, 'city') } };
    const whole = await client.responses.parse(body);
    assert.deepEqual(City.parse(whole.output_parsed), whole.output_parsed);
    const streamed = await client.responses.stream(body).finalResponse();
    assert.deepEqual(streamed.output_parsed, whole.output_parsed);
    const add = zodResponsesFunction({ name: 'add', parameters: z.object({ a: z.number(), b: z.number() }) });
    const { output } = await client.responses.parse({ ...ask('Add 17 and 4.5'), tools: [add] });
    const [call] = output;
    assert.ok(call?.type === 'function_call');
    assert.deepEqual(call.parsed_arguments, { a: 17, b: 4.5 });
  });
});
