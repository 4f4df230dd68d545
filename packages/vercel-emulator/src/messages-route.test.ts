import { describe, expect, it } from '@jest/globals';
import { ask, get, type Json } from './__fixtures__/emulator-client.js';
import { budget, CLAUDE, message, say, tool } from './__fixtures__/messages-client.js';
import { postTo } from './__fixtures__/named-events.js';
import { NOTICE } from './answer-text.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

describe('a message', () => {
  it('has the members of the dialect, and the routing record beside them', async () => {
    await using emulator = await startVercelEmulator();
    const body = await message(emulator, say('Count to 3'));
    expect(Object.keys(body)).toEqual([
      'id',
      'type',
      'role',
      'model',
      'content',
      'stop_reason',
      'stop_sequence',
      'usage',
      'provider_metadata',
    ]);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^gen_[0-9A-HJKMNP-TV-Z]{26}$/),
      type: 'message',
      role: 'assistant',
      model: CLAUDE,
      content: [{ type: 'text', text: `${NOTICE}\n\n1, 2, 3` }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
      provider_metadata: { gateway: { generationId: body['id'], emulated: true } },
    });
  });

  it('is answered by the engine of chat completions, at the same price', async () => {
    await using emulator = await startVercelEmulator();
    const chat = (await (
      await postTo(emulator, '/chat/completions', ask('Count to 9', { model: CLAUDE, reasoning: { enabled: false } }))
    ).json()) as Json;
    const body = await message(emulator, say('Count to 9'));
    expect(body['content'][0].text).toBe(chat['choices'][0].message.content);
    expect(body['usage'].input_tokens).toBe(chat['usage'].prompt_tokens);
    expect(body['usage'].output_tokens).toBe(chat['usage'].completion_tokens);
    expect(Number(body['provider_metadata'].gateway.cost)).toBe(chat['usage'].cost);
    const looked = (await (await get(emulator, `/v1/generation?id=${body['id']}`)).json()) as Json;
    expect(looked['data']).toMatchObject({ model: CLAUDE, streamed: false, total_cost: chat['usage'].cost });
  });

  it('has no thoughts unless they are asked for, and the text before them', async () => {
    await using emulator = await startVercelEmulator();
    const types = async (more: Json): Promise<string[]> =>
      (await message(emulator, say('Why?', more)))['content'].map(({ type }: Json) => type);
    expect(await types({})).toEqual(['text']);
    expect(await types({ thinking: { type: 'disabled' } })).toEqual(['text']);
    expect(await types(budget)).toEqual(['text', 'thinking']);
    expect(await types({ thinking: { type: 'adaptive' }, output_config: { effort: 'low' } })).toEqual([
      'text',
      'thinking',
    ]);
  });

  it('signs its thoughts, also those that it leaves out', async () => {
    await using emulator = await startVercelEmulator();
    const shown = (await message(emulator, say('Why?', budget)))['content'][1];
    const omitted = (await message(emulator, say('Why?', { thinking: { ...budget.thinking, display: 'omitted' } })))[
      'content'
    ][1];
    expect(shown).toEqual({
      type: 'thinking',
      thinking: expect.stringMatching(/^Emulated/),
      signature: expect.stringMatching(/.{20}/),
    });
    expect(omitted).toEqual({ ...shown, thinking: '' });
    const other = await message(emulator, say('Why?', { ...budget, model: 'deepseek/deepseek-r1' }));
    expect(other['content'][1]).toMatchObject({ type: 'thinking', signature: '' });
  });

  it('calls tools and answers from their results', async () => {
    await using emulator = await startVercelEmulator();
    const tools = [tool('weather'), { type: 'web_search_20250305', name: 'web_search' }];
    const question = { role: 'user', content: 'What is the weather in Paris and London?' };
    const called = await message(emulator, say('', { tools, messages: [question] }));
    expect(called['stop_reason']).toBe('tool_use');
    expect(called['content']).toEqual([
      { type: 'tool_use', id: expect.any(String), name: 'weather', input: { city: 'Paris' } },
      { type: 'tool_use', id: expect.any(String), name: 'weather', input: { city: 'London' } },
    ]);
    expect(called['provider_metadata'].gateway.warnings).toMatchObject([{ feature: 'tool web_search_20250305' }]);

    const results = called['content'].map(({ id }: Json, index: number) => ({
      type: 'tool_result',
      tool_use_id: id,
      content: index === 0 ? 'sunny' : [{ type: 'text', text: 'rain' }],
    }));
    const messages = [
      question,
      { role: 'assistant', content: [{ type: 'thinking', thinking: 'x', signature: 'y' }, ...called['content']] },
      { role: 'user', content: [...results, { type: 'text', text: 'Be brief.' }] },
    ];
    const answered = await message(emulator, say('', { tools, messages }));
    expect(answered['content'][0].text).toContain('weather returned: sunny\nThe tool weather returned: rain');
    expect(answered['stop_reason']).toBe('end_turn');
  });

  it('follows the choice of tools', async () => {
    await using emulator = await startVercelEmulator();
    const tools = [tool('weather'), tool('population')];
    const names = async (choice: Json, prompt = 'Hello'): Promise<string[]> =>
      (await message(emulator, say(prompt, { tools, tool_choice: choice })))['content'].map(
        ({ name, type }: Json) => name ?? type,
      );
    expect(await names({ type: 'auto' })).toEqual(['text']);
    expect(await names({ type: 'tool', name: 'population' })).toEqual(['population']);
    expect(await names({ type: 'any' })).toHaveLength(1);
    expect(await names({ type: 'none' }, 'Call weather for Rome')).toEqual(['text']);
    const both = 'Call weather and population for Rome';
    expect(await names({ type: 'auto' }, both)).toEqual(['weather', 'population']);
    expect(await names({ type: 'auto', disable_parallel_tool_use: true }, both)).toHaveLength(1);
  });

  it('says why it stopped', async () => {
    await using emulator = await startVercelEmulator();
    expect(await message(emulator, say('Count to 9', { max_tokens: 22 }))).toMatchObject({ stop_reason: 'max_tokens' });
    const stopped = await message(emulator, say('Count to 9', { stop_sequences: ['8', '5', 'never'] }));
    expect(stopped).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: '5' });
    expect(stopped['content'][0].text).toMatch(/4, $/);
    const cut = await message(emulator, say('Call weather for Rome', { tools: [tool('weather')], max_tokens: 1 }));
    expect(cut).toMatchObject({ stop_reason: 'max_tokens', content: [{ type: 'tool_use', input: {} }] });
  });

  it('takes a system prompt, images and documents, and fits a schema', async () => {
    await using emulator = await startVercelEmulator();
    const content = [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } },
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'words' } },
      { type: 'text', text: 'Hello' },
    ];
    const seen = await message(emulator, say(content, { system: [{ type: 'text', text: 'Be kind' }] }));
    expect(seen['content'][0].text).toContain('2 images and 1 file');
    expect(seen['usage'].input_tokens).toBeGreaterThan(3 * 258);

    const schema = { type: 'object', properties: { age: { type: 'integer', minimum: 3 } }, required: ['age'] };
    const made = await message(emulator, say('Hi', { output_config: { format: { type: 'json_schema', schema } } }));
    expect(JSON.parse(made['content'][0].text).age).toBeGreaterThanOrEqual(3);
  });

  it('counts what was read from the cache and written to it apart from the input', async () => {
    await using emulator = await startVercelEmulator();
    const marked = [{ type: 'text', text: 'A long text', cache_control: { type: 'ephemeral' } }];
    for (const body of [say('Hi', { system: marked }), say('Hi', { cache_control: { type: 'ephemeral' } })]) {
      const first = (await message(emulator, body))['usage'];
      const second = (await message(emulator, body))['usage'];
      expect(first.cache_creation_input_tokens).toBeGreaterThan(0);
      expect(second).toEqual({
        ...first,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: first.cache_creation_input_tokens,
      });
    }
  });
});

describe('counting tokens', () => {
  it('gives what the message would be billed for, without paying', async () => {
    await using emulator = await startVercelEmulator({ balance: 0 });
    await using rich = await startVercelEmulator();
    const { max_tokens: _none, ...body } = say('How many tokens?', { system: 'Be exact', tools: [tool('weather')] });
    const response = await postTo(emulator, '/messages/count_tokens', body);
    expect([response.status, await response.json()]).toEqual([
      200,
      { input_tokens: (await message(rich, { ...body, max_tokens: 100 }))['usage'].input_tokens },
    ]);
  });

  it('knows the models of Anthropic only, because it is Anthropic that counts', async () => {
    await using emulator = await startVercelEmulator();
    const failure = async (model: string): Promise<unknown> =>
      (await postTo(emulator, '/messages/count_tokens', say('Hi', { model }))).json();
    expect(await failure('openai/gpt-4.1-nano')).toEqual({
      type: 'error',
      error: { type: 'not_found_error', message: 'model: openai/gpt-4.1-nano' },
    });
    expect(await failure('x/y')).toMatchObject({ type: 'error', error: { type: 'model_not_found' } });
  });
});
