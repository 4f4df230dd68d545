import { describe, expect, it } from '@jest/globals';
import { ask, fakeClock, get, type Json } from './__fixtures__/emulator-client.js';
import { postTo } from './__fixtures__/named-events.js';
import { events, NANO, respond, say, THINKER, textOf, tool } from './__fixtures__/responses-client.js';
import { NOTICE } from './answer-text.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

describe('a response', () => {
  it('has the members of the dialect and the settings of the request', async () => {
    const clock = fakeClock();
    await using emulator = await startVercelEmulator({ clock });
    const settings = {
      instructions: 'Be exact',
      temperature: 0.5,
      max_output_tokens: 99,
      metadata: { purpose: 'test' },
      tools: [tool('weather')],
      tool_choice: 'none',
      text: { format: { type: 'text' }, verbosity: 'low' },
      reasoning: { effort: null },
    };
    const body = await respond(emulator, say('Count to 3', settings));
    const seconds = Math.floor(clock.now() / 1000);
    expect(body).toMatchObject({
      ...settings,
      id: expect.stringMatching(/^gen_[0-9A-HJKMNP-TV-Z]{26}$/),
      object: 'response',
      status: 'completed',
      created_at: seconds,
      completed_at: seconds,
      error: null,
      incomplete_details: null,
      model: NANO,
      parallel_tool_calls: true,
      previous_response_id: null,
      store: true,
      top_p: 1,
      truncation: 'disabled',
      reasoning: { effort: null, summary: null },
      output: [
        {
          id: expect.stringMatching(/^msg_/),
          type: 'message',
          status: 'completed',
          role: 'assistant',
          content: [{ type: 'output_text', text: `${NOTICE}\n\n1, 2, 3`, annotations: [], logprobs: [] }],
        },
      ],
      providerMetadata: { gateway: { generationId: body['id'], emulated: true } },
    });
  });

  it('is answered by the engine of chat completions, at the same price', async () => {
    await using emulator = await startVercelEmulator();
    const prompt = ask('Why is it so?', { model: THINKER });
    const chat = (await (await postTo(emulator, '/chat/completions', prompt)).json()) as Json;
    const body = await respond(emulator, say('Why is it so?', { model: THINKER }));
    const { message } = chat['choices'][0];
    expect(textOf(body)).toBe(message.content);
    expect(body['output'][0]).toEqual({
      id: expect.stringMatching(/^rs_/),
      type: 'reasoning',
      summary: [],
      content: [{ type: 'reasoning_text', text: message.reasoning }],
    });
    expect(body['usage']).toEqual({
      input_tokens: chat['usage'].prompt_tokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: chat['usage'].completion_tokens,
      output_tokens_details: { reasoning_tokens: chat['usage'].completion_tokens_details.reasoning_tokens },
      total_tokens: chat['usage'].total_tokens,
    });
    expect(Number(body['providerMetadata'].gateway.cost)).toBe(chat['usage'].cost);
    const looked = (await (await get(emulator, `/v1/generation?id=${body['id']}`)).json()) as Json;
    expect(looked['data']).toMatchObject({ model: THINKER, total_cost: chat['usage'].cost });
  });

  it('puts reasoning into a summary and seals it where the request asks so, and reasons as hard as it says', async () => {
    await using emulator = await startVercelEmulator();
    const more = { model: THINKER, include: ['reasoning.encrypted_content'] };
    const reasoned = async (reasoning: Json): Promise<Json> =>
      (await respond(emulator, say('Why?', { ...more, reasoning })))['output'][0];
    const low = await reasoned({ effort: 'low', summary: 'auto' });
    const high = await reasoned({ effort: 'high', summary: 'auto' });
    expect(low).toEqual({
      id: expect.any(String),
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: expect.stringMatching(/^Emulated/) }],
      encrypted_content: expect.stringMatching(/.{20}/),
    });
    expect(high['summary'][0].text.length).toBeGreaterThan(low['summary'][0].text.length);
  });

  it('calls functions and answers from their results', async () => {
    await using emulator = await startVercelEmulator();
    const tools = [tool('weather'), { type: 'web_search' }];
    const question = {
      role: 'user',
      content: [{ type: 'input_text', text: 'What is the weather in Paris and Rome?' }],
    };
    const called = await respond(emulator, say([question], { tools }));
    expect(called['output']).toMatchObject([
      { type: 'function_call', name: 'weather', arguments: '{"city":"Paris"}', status: 'completed' },
      { type: 'function_call', name: 'weather', arguments: '{"city":"Rome"}', status: 'completed' },
    ]);
    expect(new Set(called['output'].flatMap(({ id, call_id: call }: Json) => [id, call])).size).toBe(4);
    expect(called['providerMetadata'].gateway.warnings).toMatchObject([{ feature: 'tool web_search' }]);
    const results = called['output'].map(({ call_id }: Json, index: number) => ({
      type: 'function_call_output',
      call_id,
      output: index === 0 ? 'sunny' : [{ type: 'input_text', text: 'rain' }],
    }));
    const earlier = { type: 'reasoning', id: 'rs_1', summary: [] };
    const answered = await respond(emulator, say([question, earlier, ...called['output'], ...results], { tools }));
    expect(textOf(answered)).toContain('weather returned: sunny\nThe tool weather returned: rain');
  });

  it('follows the choice of tools', async () => {
    await using emulator = await startVercelEmulator();
    const tools = [tool('weather'), tool('population')];
    const names = async (choice: unknown, prompt = 'Hello'): Promise<string[]> =>
      (await respond(emulator, say(prompt, { tools, tool_choice: choice })))['output'].map(
        ({ name, type }: Json) => name ?? type,
      );
    const allowed = [{ type: 'function', name: 'population' }];
    expect(await names('auto')).toEqual(['message']);
    expect(await names('required')).toHaveLength(1);
    expect(await names('none', 'Call weather')).toEqual(['message']);
    expect(await names({ type: 'function', name: 'population' })).toEqual(['population']);
    expect(await names({ type: 'allowed_tools', mode: 'required', tools: allowed }, 'Call weather')).toEqual([
      'population',
    ]);
    expect(await names({ type: 'allowed_tools', mode: 'auto', tools: allowed }, 'Call weather')).toEqual(['message']);
  });

  it('goes on from an earlier one, whose instructions are not its own', async () => {
    await using emulator = await startVercelEmulator();
    const first = await respond(emulator, say('My name is Ada', { instructions: 'A very long instruction' }));
    const second = await respond(emulator, say('Count to 3', { previous_response_id: first['id'] }));
    const third = await respond(emulator, say('What did I say?', { previous_response_id: second['id'] }));
    expect(textOf(third)).toContain('Before this you wrote: “Count to 3”');
    const branch = await respond(emulator, say('What did I say?', { previous_response_id: first['id'] }));
    expect(textOf(branch)).toContain('Before this you wrote: “My name is Ada”');
    const answer = Math.ceil(textOf(first).length / 4);
    const alone = (await respond(emulator, say('What did I say?')))['usage'].input_tokens;
    expect(branch['usage'].input_tokens).toBe(alone + 4 + Math.ceil('My name is Ada'.length / 4) + 4 + answer);
    expect(branch['previous_response_id']).toBe(first['id']);
  });

  it('is not kept when the request says so', async () => {
    await using emulator = await startVercelEmulator();
    const first = await respond(emulator, say('Hello', { store: false }));
    const lost = await postTo(emulator, '/responses', say('Hi', { previous_response_id: first['id'] }));
    expect([lost.status, await lost.json()]).toEqual([
      400,
      { error: { type: 'invalid_request_error', message: `Previous response with id '${first['id']}' not found` } },
    ]);
  });

  it('is incomplete when its tokens run out', async () => {
    await using emulator = await startVercelEmulator();
    const cut = await respond(emulator, say('Count to 50', { max_output_tokens: 25 }));
    expect(cut).toMatchObject({
      status: 'incomplete',
      completed_at: null,
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ type: 'message', status: 'incomplete' }],
      usage: { output_tokens: 25 },
    });
    const list = await events(emulator, say('Count to 50', { max_output_tokens: 25 }));
    expect(list.at(-1)).toMatchObject({ type: 'response.incomplete', response: { status: 'incomplete' } });
    const tools = [tool('weather')];
    const call = await respond(emulator, say('Call weather', { tools, max_output_tokens: 1 }));
    expect(call['output']).toMatchObject([{ type: 'function_call', status: 'incomplete' }]);
  });

  it('fits a schema, and sees images and files', async () => {
    await using emulator = await startVercelEmulator();
    const schema = { type: 'object', properties: { age: { type: 'integer', minimum: 3 } }, required: ['age'] };
    const made = await respond(emulator, say('Hi', { text: { format: { type: 'json_schema', name: 'x', schema } } }));
    expect(JSON.parse(textOf(made)).age).toBeGreaterThanOrEqual(3);
    expect(
      JSON.parse(textOf(await respond(emulator, say('Hi', { text: { format: { type: 'json_object' } } })))),
    ).toEqual(expect.objectContaining({ emulated: true }));
    const content = [
      { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'auto' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' },
      { type: 'input_text', text: 'Hello' },
    ];
    const seen = await respond(emulator, say([{ type: 'message', role: 'user', content }]));
    expect(textOf(seen)).toContain('1 image and 1 file');
  });

  it('drops what was said first when the context is full and the request allows it', async () => {
    await using emulator = await startVercelEmulator();
    const input = ['word '.repeat(150_000), 'Hello'].map((content) => ({ role: 'user', content }));
    const full = { model: 'openai/gpt-4o-mini', input, instructions: 'Be kind' };
    const refused = await postTo(emulator, '/responses', full);
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { error: { message: expect.stringContaining('128000') } },
    ]);
    const answered = await respond(emulator, { ...full, truncation: 'auto' });
    expect(answered['usage'].input_tokens).toBeLessThan(50);
    expect(textOf(answered)).toContain('Hello!');
  });

  it('counts cached tokens when it caches by itself', async () => {
    await using emulator = await startVercelEmulator();
    const cached = async (): Promise<number> =>
      (await respond(emulator, say('Hello', { caching: 'auto' })))['usage'].input_tokens_details.cached_tokens;
    expect(await cached()).toBe(0);
    expect(await cached()).toBeGreaterThan(0);
  });
});

describe('errors of responses', () => {
  it.each([
    ['input', { input: [] }],
    ['input', { input: undefined }],
    ['input.0.role', { input: [{ role: 'robot', content: 'x' }] }],
    ['input.0.content.0', { input: [{ role: 'user', content: [{ type: 'hologram' }] }] }],
    ['input.0.call_id', { input: [{ type: 'function_call', name: 'f', arguments: '{}' }] }],
    ['model', { model: 7 }],
    ['temperature', { temperature: 3 }],
    ['max_output_tokens', { max_output_tokens: 0 }],
    ['tools.0.name', { tools: [{ type: 'function' }] }],
    ['tool_choice', { tool_choice: 'always' }],
    ['tool_choice.mode', { tool_choice: { type: 'allowed_tools', tools: [] } }],
    ['tool_choice', { tool_choice: { type: 'function', name: 'nothing' } }],
    ['text.format', { text: { format: { type: 'xml' } } }],
    ['metadata', { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [index, 'x'])) }],
    ['metadata', { metadata: { key: 'x'.repeat(513) } }],
    ['metadata', { metadata: { ['k'.repeat(65)]: 'x' } }],
    ['prompt_cache_key', { prompt_cache_key: 'x'.repeat(65) }],
    ['cache_ttl', { cache_ttl: '2h' }],
    ['reasoning.effort', { reasoning: { effort: 'heroic' } }],
    ['providerOptions', { providerOptions: { gateway: { sort: 'luck' } } }],
  ])('name %s when the body has %j', async (field, more) => {
    await using emulator = await startVercelEmulator();
    const response = await postTo(emulator, '/responses', say('Hi', more));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: { type: 'invalid_request_error', message: expect.stringContaining(field) },
    });
  });

  it('have two members, whatever went wrong', async () => {
    await using emulator = await startVercelEmulator();
    await using poor = await startVercelEmulator({ balance: 0 });
    const failure = async (response: Promise<Response>): Promise<[number, Json]> => [
      (await response).status,
      (await (await response).json()) as Json,
    ];
    expect(await failure(postTo(emulator, '/responses', say('Hi', { model: 'x/y' })))).toEqual([
      404,
      { error: { type: 'model_not_found', message: "Model 'x/y' not found" } },
    ]);
    expect((await failure(postTo(emulator, '/responses', say('Hi'), { headers: {} })))[0]).toBe(401);
    expect((await failure(postTo(poor, '/responses', say('Hi', { model: 'x/y' }))))[0]).toBe(402);
    emulator.script({ kind: 'status', status: 503 });
    expect(await failure(postTo(emulator, '/responses', say('Hi')))).toMatchObject([
      503,
      {
        error: { type: 'service_unavailable_error' },
        providerMetadata: { gateway: { routing: { originalModelId: NANO } } },
      },
    ]);
  });
});
