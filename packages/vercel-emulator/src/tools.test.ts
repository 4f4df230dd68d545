import { describe, expect, it } from '@jest/globals';
import { ask, frames, whole } from './__fixtures__/emulator-client.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

const tool = (name: string, description: string, properties: object, required: string[] = Object.keys(properties)) => ({
  type: 'function',
  function: { name, description, parameters: { type: 'object', properties, required, additionalProperties: false } },
});
const weather = tool(
  'get_weather',
  'Current weather of a city',
  {
    unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
    city: { type: 'string' },
    days: { type: 'integer', minimum: 1 },
  },
  ['city'],
);
const add = tool('add', 'Adds two numbers', { a: { type: 'number' }, b: { type: 'number' } });
const mail = tool('send_email', 'Sends a message', {
  to: { type: 'string', format: 'email' },
  subject: { type: 'string' },
  when: { type: 'string', format: 'date' },
});
const tools = [weather, add, mail];

type Call = { id: string; type: string; function: { name: string; arguments: string } };

async function calls(prompt: string, more: object = {}): Promise<[string, unknown][]> {
  await using emulator = await startVercelEmulator();
  const [choice] = (await whole(emulator, ask(prompt, { tools, ...more })))['choices'];
  const list = (choice.message.tool_calls ?? []) as Call[];
  expect(choice.finish_reason).toBe(list.length > 0 ? 'tool_calls' : 'stop');
  expect(choice.message.content === null).toBe(list.length > 0);
  return list.map((call) => [call.function.name, JSON.parse(call.function.arguments)]);
}

describe('tools', () => {
  it('are called when the prompt speaks of them, with arguments from the prompt', async () => {
    expect(await calls('What is the weather in New York?')).toEqual([['get_weather', { city: 'New York' }]]);
    expect(await calls('weather in paris in fahrenheit for 3 days')).toEqual([
      ['get_weather', { city: 'paris', unit: 'fahrenheit', days: 3 }],
    ]);
    expect(await calls('Use add for 17 and 4.5')).toEqual([['add', { a: 17, b: 4.5 }]]);
    expect(await calls('Send an email to ada@example.org with subject "Tea" on 2026-12-24')).toEqual([
      ['send_email', { to: 'ada@example.org', subject: 'Tea', when: '2026-12-24' }],
    ]);
  });

  it('are left alone when the prompt speaks of something else, or calls are off', async () => {
    expect(await calls('Tell me a story')).toEqual([]);
    expect(await calls('What is the weather in Rome?', { tool_choice: 'none' })).toEqual([]);
  });

  it('are called when required or named, whatever the prompt says', async () => {
    expect(await calls('Tell me a story', { tool_choice: 'required' })).toHaveLength(1);
    expect(await calls('Tell me a story', { tool_choice: { type: 'function', function: { name: 'add' } } })).toEqual([
      ['add', { a: expect.any(Number), b: expect.any(Number) }],
    ]);
    expect(await calls('Please call a tool')).toHaveLength(1);
  });

  it('are called side by side, unless that is off', async () => {
    const prompt = 'What is the weather in Rome? Then add 1 and 2.';
    expect((await calls(prompt)).map(([name]) => name)).toEqual(['get_weather', 'add']);
    expect(await calls(prompt, { parallel_tool_calls: false })).toHaveLength(1);
    expect(await calls('Weather in Paris and London?')).toEqual([
      ['get_weather', { city: 'Paris' }],
      ['get_weather', { city: 'London' }],
    ]);
  });

  it('come in frames: start, then fragments, by rising index and without content', async () => {
    await using emulator = await startVercelEmulator();
    const list = await frames(emulator, ask('Weather in Paris and London?', { tools }));
    const deltas = list.slice(1, -1).map((frame) => frame['choices'][0].delta);
    const joined = new Map<number, string>();
    const ids = new Set<string>();
    for (const delta of deltas) {
      expect(Object.keys(delta)).toEqual(['tool_calls']);
      const [call] = delta.tool_calls;
      if (joined.has(call.index)) expect(Object.keys(call)).toEqual(['index', 'function']);
      else {
        expect(Object.keys(call)).toEqual(['index', 'id', 'type', 'function']);
        expect(call).toMatchObject({ type: 'function', function: { name: 'get_weather', arguments: '' } });
        ids.add(call.id);
      }
      joined.set(call.index, (joined.get(call.index) ?? '') + call.function.arguments);
    }
    expect([...joined].map(([index, text]) => [index, JSON.parse(text)])).toEqual([
      [0, { city: 'Paris' }],
      [1, { city: 'London' }],
    ]);
    expect(ids.size).toBe(2);
    expect(list.at(-1)?.['choices'][0].finish_reason).toBe('tool_calls');
  });

  it('are answered from their results', async () => {
    await using emulator = await startVercelEmulator();
    const { choices } = await whole(emulator, {
      ...ask('x'),
      tools,
      messages: [
        { role: 'user', content: 'What is the weather in Rome?' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Rome"}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: '21 degrees and sun' },
      ],
    });
    expect(choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.stringContaining('get_weather returned: 21 degrees and sun') },
    });
  });

  it('are cut off in the middle of their arguments when the tokens run out', async () => {
    await using emulator = await startVercelEmulator();
    const { choices } = await whole(emulator, ask('What is the weather in New York?', { tools, max_tokens: 2 }));
    expect(choices[0].finish_reason).toBe('length');
    expect(choices[0].message.tool_calls[0].function.arguments).toBe('{"city":');
  });
});
