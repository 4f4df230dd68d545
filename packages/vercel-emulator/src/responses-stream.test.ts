import { describe, expect, it } from '@jest/globals';
import type { Json } from './__fixtures__/emulator-client.js';
import { events, respond, say, THINKER, textOf, tool } from './__fixtures__/responses-client.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

describe('a streamed response', () => {
  it('has numbered events for every item, from its start to its end', async () => {
    await using emulator = await startVercelEmulator();
    const list = await events(emulator, say('Count to 3', { model: THINKER }));
    expect(list.map((event) => event['sequence_number'])).toEqual(list.map((_, index) => index));
    const steps = list.map(({ type, output_index: index }) => [type.replace('response.', ''), index].join(' ').trim());
    expect(steps.filter((step, at) => step !== steps[at - 1])).toEqual([
      'created',
      'in_progress',
      'output_item.added 0',
      'content_part.added 0',
      'reasoning_text.delta 0',
      'reasoning_text.done 0',
      'content_part.done 0',
      'output_item.done 0',
      'output_item.added 1',
      'content_part.added 1',
      'output_text.delta 1',
      'output_text.done 1',
      'content_part.done 1',
      'output_item.done 1',
      'completed',
    ]);
    const joined = (type: string): string =>
      list
        .filter((event) => event['type'] === type)
        .map(({ delta }) => delta)
        .join('');
    const { response } = list.at(-1) as Json;
    expect(joined('response.output_text.delta')).toBe(textOf(response));
    expect(joined('response.reasoning_text.delta')).toBe(response.output[0].content[0].text);
    const done = list.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
    expect(done).toEqual(response.output);
    const placed = list.filter((event) => event['item_id'] !== undefined);
    expect(placed.every((event) => event['item_id'] === response.output[event['output_index']].id)).toBe(true);
    expect(list[0]?.['response']).toMatchObject({ id: response.id, status: 'in_progress', output: [], usage: null });
    expect(response).toMatchObject({
      status: 'completed',
      usage: { input_tokens: 7 },
      provider_metadata: { gateway: { generationId: response.id } },
    });
  });

  it('streams summaries and the arguments of functions', async () => {
    await using emulator = await startVercelEmulator();
    const more = { model: THINKER, tools: [tool('weather')], reasoning: { summary: 'detailed' } };
    const list = await events(emulator, say('What is the weather in Paris?', more));
    const [reasoning, call] = (list.at(-1) as Json)['response'].output as [Json, Json];
    const of = (type: string): Json[] => list.filter((event) => event['type'] === `response.${type}`);
    expect(
      of('reasoning_summary_text.delta')
        .map(({ delta }) => delta)
        .join(''),
    ).toBe(reasoning['summary'][0].text);
    expect([of('reasoning_summary_part.added'), of('reasoning_summary_part.done')]).toMatchObject([
      [{ part: { type: 'summary_text', text: '' }, summary_index: 0 }],
      [{ part: reasoning['summary'][0] }],
    ]);
    expect(of('output_item.added')[1]?.['item']).toEqual({ ...call, status: 'in_progress', arguments: '' });
    expect(
      of('function_call_arguments.delta')
        .map(({ delta }) => delta)
        .join(''),
    ).toBe('{"city":"Paris"}');
    expect(of('function_call_arguments.done')).toMatchObject([{ name: 'weather', arguments: '{"city":"Paris"}' }]);
  });

  it('can be gone on from', async () => {
    await using emulator = await startVercelEmulator();
    const id = (await events(emulator, say('My name is Ada'))).at(-1)?.['response'].id as string;
    const next = await respond(emulator, say('What did I say?', { previous_response_id: id }));
    expect(textOf(next)).toContain('My name is Ada');
  });

  it('reports a failure in the middle as an event, and as a failed response when it is whole', async () => {
    await using emulator = await startVercelEmulator();
    const error = { type: 'rate_limit_exceeded', message: 'Too much' };
    emulator.script(
      { kind: 'error-frame', afterFrames: 3, error },
      { kind: 'error-frame', error },
      { kind: 'no-finish' },
    );
    const list = await events(emulator, say('Hi'));
    expect(list).toHaveLength(4);
    expect(list[3]).toEqual({
      type: 'error',
      sequence_number: 3,
      code: 'rate_limit_exceeded',
      message: 'Too much',
      param: null,
    });
    expect(await respond(emulator, say('Hi'))).toMatchObject({
      status: 'failed',
      error: { code: 'rate_limit_exceeded', message: 'Too much' },
      output: [],
    });
    expect((await events(emulator, say('Hi'))).at(-1)?.['type']).toBe('response.output_item.done');
  });
});
