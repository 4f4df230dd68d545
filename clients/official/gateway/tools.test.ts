import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateText, isStepCount, NoObjectGeneratedError, Output, streamText, tool } from 'ai';
import { z } from 'zod';
import { NOTICE, startVercelEmulator } from '../emulator.ts';
import { connect, MODEL, REASONING_MODEL } from './connect.ts';

const City = z.object({
  name: z.string(),
  people: z.number().int().min(5),
  sky: z.enum(['clear', 'rain']),
  rivers: z.array(z.object({ name: z.string(), km: z.number().nullable() })),
});

const weather = (asked: string[]) =>
  tool({
    description: 'Current weather of a city',
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => {
      asked.push(city);
      return { city, sky: 'rain' };
    },
  });

describe('ai: tools through @ai-sdk/gateway', () => {
  for (const model of [MODEL, REASONING_MODEL]) {
    it(`runs several steps with ${model}, whole`, async () => {
      await using emulator = await startVercelEmulator();
      const asked: string[] = [];
      const result = await generateText({
        model: connect(emulator)(model),
        prompt: 'Weather in Paris and London?',
        tools: { get_weather: weather(asked) },
        stopWhen: isStepCount(5),
      });
      assert.deepEqual(asked, ['Paris', 'London']);
      assert.deepEqual(
        result.steps.map(({ finishReason }) => finishReason),
        ['tool-calls', 'stop'],
      );
      assert.equal(
        result.text,
        `${NOTICE}\n\nThe tool get_weather returned: {"city":"Paris","sky":"rain"}\nThe tool get_weather returned: {"city":"London","sky":"rain"}`,
      );
      assert.equal(emulator.requests.length, 2);
    });

    it(`runs several steps with ${model}, streamed`, async () => {
      await using emulator = await startVercelEmulator();
      const asked: string[] = [];
      const result = streamText({
        model: connect(emulator)(model),
        prompt: 'What is the weather in New York?',
        tools: { get_weather: weather(asked) },
        stopWhen: isStepCount(5),
      });
      const seen: string[] = [];
      let input = '';
      for await (const part of result.stream) {
        if (part.type.startsWith('tool-') && seen.at(-1) !== part.type) seen.push(part.type);
        if (part.type === 'tool-input-delta') input += part.delta;
      }
      assert.deepEqual(seen, ['tool-input-start', 'tool-input-delta', 'tool-input-end', 'tool-call', 'tool-result']);
      assert.equal(input, '{"city":"New York"}');
      assert.deepEqual(asked, ['New York']);
      assert.match(await result.text, /get_weather returned: \{"city":"New York","sky":"rain"\}$/);
    });
  }

  it('sends what the model thought back with its signature', async () => {
    await using emulator = await startVercelEmulator();
    const { steps } = await generateText({
      model: connect(emulator)(REASONING_MODEL),
      prompt: 'What is the weather in New York?',
      tools: { get_weather: weather([]) },
      stopWhen: isStepCount(5),
    });
    assert.ok((steps[0]?.reasoningText ?? '').length > 0);
    const sent = JSON.stringify(emulator.requests[1]?.body);
    assert.ok(sent.includes(JSON.stringify(steps[0]?.reasoningText)));
    assert.match(sent, /"type":"reasoning",[^[]*"signature":"[^"]+"/);
  });

  it('calls the tool it is told to call, or none', async () => {
    await using emulator = await startVercelEmulator();
    const asked: string[] = [];
    const request = { model: connect(emulator)(MODEL), tools: { get_weather: weather(asked) } };
    const told = await generateText({
      ...request,
      prompt: 'Tell me a story',
      toolChoice: { type: 'tool', toolName: 'get_weather' },
    });
    assert.equal(told.toolCalls.length, 1);
    const required = await generateText({ ...request, prompt: 'Tell me a story', toolChoice: 'required' });
    assert.equal(required.toolCalls.length, 1);
    const none = await generateText({ ...request, prompt: 'Weather in Rome?', toolChoice: 'none' });
    assert.equal(none.toolCalls.length, 0);
  });
});

describe('ai: structured output through @ai-sdk/gateway', () => {
  it('parses an answer into the type of a zod schema', async () => {
    await using emulator = await startVercelEmulator();
    const { output } = await generateText({
      model: connect(emulator)(MODEL),
      prompt: 'A city, please',
      output: Output.object({ schema: City, name: 'city', description: 'A city' }),
    });
    assert.deepEqual(City.parse(output), output);
  });

  it('parses a stream as it comes', async () => {
    await using emulator = await startVercelEmulator();
    const result = streamText({
      model: connect(emulator)(MODEL),
      prompt: 'A city, please',
      output: Output.object({ schema: City }),
    });
    const partial: unknown[] = [];
    for await (const value of result.partialOutputStream) partial.push(value);
    assert.ok(partial.length > 2, `${partial.length} partial values`);
    assert.deepEqual(City.parse(await result.output), partial.at(-1));
  });

  it('gets lists, choices and free JSON', async () => {
    await using emulator = await startVercelEmulator();
    const model = connect(emulator)(MODEL);
    const list = await generateText({ model, prompt: 'Cities', output: Output.array({ element: City }) });
    assert.ok(list.output.length > 0);
    assert.deepEqual(z.array(City).parse(list.output), list.output);
    const choice = await generateText({ model, prompt: 'Sky?', output: Output.choice({ options: ['clear', 'rain'] }) });
    assert.ok(['clear', 'rain'].includes(choice.output));
    const json = await generateText({ model, prompt: 'Return {"a": [1, null]}', output: Output.json() });
    assert.deepEqual(json.output, { a: [1, null] });
  });

  it('refuses an answer that was cut', async () => {
    await using emulator = await startVercelEmulator();
    const cut = async (): Promise<unknown> => {
      const { output } = await generateText({
        model: connect(emulator)(MODEL),
        prompt: 'A city, please',
        output: Output.object({ schema: City }),
        maxOutputTokens: 3,
      });
      return output;
    };
    await assert.rejects(cut(), NoObjectGeneratedError.isInstance);
  });
});
