import { describe, expect, it } from '@jest/globals';
import { budget, events, message, say, tool } from './__fixtures__/messages-client.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

describe('a streamed message', () => {
  it('has the events of the dialect in order, the usage in the last but one', async () => {
    await using emulator = await startVercelEmulator();
    const list = await events(emulator, say('Count to 3', budget));
    const steps = list.map(({ type, index, delta }) => [type, index, delta?.type].filter((x) => x !== undefined));
    const unique = steps.filter((step, at) => JSON.stringify(step) !== JSON.stringify(steps[at - 1]));
    expect(unique.map((step) => step.join(' '))).toEqual([
      'message_start',
      'content_block_start 0',
      'content_block_delta 0 thinking_delta',
      'content_block_delta 0 signature_delta',
      'content_block_stop 0',
      'content_block_start 1',
      'content_block_delta 1 text_delta',
      'content_block_stop 1',
      'message_delta',
      'message_stop',
    ]);
    expect(list[0]?.['message']).toMatchObject({
      content: [],
      stop_reason: null,
      usage: { input_tokens: 0, output_tokens: 0 },
    });
    const whole = await message(emulator, say('Count to 3', budget));
    const joined = (member: string): string => list.map((event) => event['delta']?.[member] ?? '').join('');
    expect(joined('text')).toBe(whole['content'][0].text);
    expect(joined('thinking')).toBe(whole['content'][1].thinking);
    expect(joined('signature')).toBe(whole['content'][1].signature);
    expect(list.at(-2)).toMatchObject({
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: whole['usage'],
      provider_metadata: { gateway: { generationId: list[0]?.['message'].id } },
    });
    expect(list.at(-1)).toEqual({ type: 'message_stop' });
  });

  it('sends the input of each tool in pieces', async () => {
    await using emulator = await startVercelEmulator();
    const body = say('What is the weather in Paris and London?', { tools: [tool('weather')] });
    const list = await events(emulator, body);
    const starts = list.filter(({ type }) => type === 'content_block_start');
    expect(starts.map(({ index, content_block: block }) => [index, block.type, block.input])).toEqual([
      [0, 'tool_use', {}],
      [1, 'tool_use', {}],
    ]);
    const inputs = starts.map(({ index }) =>
      JSON.parse(
        list
          .filter((event) => event['index'] === index)
          .map((event) => event['delta']?.partial_json ?? '')
          .join(''),
      ),
    );
    expect(inputs).toEqual([{ city: 'Paris' }, { city: 'London' }]);
    expect(list.at(-2)?.['delta'].stop_reason).toBe('tool_use');
  });

  it('reports a failure in the middle as an event of the dialect, and may lack its end', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script(
      { kind: 'error-frame', afterFrames: 3, error: { type: 'overloaded_error', message: 'Too much', code: 'x' } },
      [{ kind: 'no-done' }, { kind: 'no-finish' }],
    );
    const failed = await events(emulator, say('Hi'));
    expect(failed).toHaveLength(4);
    expect(failed[3]).toEqual({ type: 'error', error: { type: 'overloaded_error', message: 'Too much' } });
    expect((await events(emulator, say('Hi'))).at(-1)).toMatchObject({ type: 'content_block_stop' });
  });
});
