import { describe, expect, it } from '@jest/globals';
import type { Json } from './__fixtures__/emulator-client.js';
import { jsonOf } from './__fixtures__/post-json.js';
import { nativeParts, postNative } from './__fixtures__/post-native.js';
import { startVercelEmulator, type VercelEmulator } from './index.js';

const MODEL = 'openai/gpt-6-luna';
const PLAIN = 'openai/gpt-4.1-nano';
const user = (text: string): Json => ({ role: 'user', content: [{ type: 'text', text }] });
const ask = (text: string, more: Json = {}): Json => ({ prompt: [user(text)], ...more });
const weather = {
  type: 'function',
  name: 'weather',
  description: 'Weather of a city',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const whole = (emulator: VercelEmulator, body: Json, model = PLAIN): Promise<Json> =>
  jsonOf(postNative(emulator, 'language', model, body));
const textOf = ({ content }: Json): string => content.map((part: Json) => part['text'] ?? '').join('');
const typesOf = (parts: readonly Json[]): unknown[] =>
  parts.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);

describe('POST /v4/ai/language-model', () => {
  it('answers whole: content, finish reason, usage and metadata of the gateway, the id also on the first part', async () => {
    await using emulator = await startVercelEmulator();
    const body = await whole(emulator, ask('Say exactly: pong'));
    const { gateway } = body['providerMetadata'];
    expect(body).toMatchObject({
      content: [
        {
          type: 'text',
          text: expect.stringContaining('pong'),
          providerMetadata: { gateway: { generationId: gateway.generationId } },
        },
      ],
      finishReason: { unified: 'stop', raw: 'stop' },
      warnings: [],
      response: { id: gateway.generationId, modelId: PLAIN },
    });
    const { inputTokens, outputTokens, raw } = body['usage'];
    expect(inputTokens).toEqual({ total: raw.prompt_tokens, noCache: raw.prompt_tokens, cacheRead: 0, cacheWrite: 0 });
    expect(outputTokens).toEqual({ total: raw.completion_tokens, text: raw.completion_tokens, reasoning: 0 });
    expect(gateway).toMatchObject({
      cost: expect.any(String),
      routing: { originalModelId: PLAIN, finalProvider: 'openai' },
    });
  });

  it('streams parts in order, with the same text, usage and cost', async () => {
    await using emulator = await startVercelEmulator();
    const body = await whole(emulator, ask('Count to 5'), MODEL);
    const parts = await nativeParts(emulator, MODEL, ask('Count to 5'));
    expect(typesOf(parts)).toEqual([
      'stream-start',
      'response-metadata',
      'reasoning-start',
      'reasoning-delta',
      'reasoning-end',
      'text-start',
      'text-delta',
      'text-end',
      'finish',
    ]);
    const joined = (type: string): string => parts.map((part) => (part['type'] === type ? part['delta'] : '')).join('');
    expect(joined('reasoning-delta') + joined('text-delta')).toBe(textOf(body));
    const finish = parts.at(-1) ?? {};
    expect([finish['usage'], finish['finishReason']]).toEqual([body['usage'], body['finishReason']]);
    const { gateway } = finish['providerMetadata'];
    expect(gateway.cost).toBe(body['providerMetadata'].gateway.cost);
    expect(parts[1]).toMatchObject({
      id: gateway.generationId,
      timestamp: expect.stringMatching(/Z$/),
      modelId: MODEL,
    });
    expect(parts[2]).toMatchObject({ providerMetadata: { gateway: { generationId: gateway.generationId } } });
    const ends = parts.filter(({ type }) => type === 'reasoning-end');
    expect(ends[0]?.['providerMetadata']?.openai).toMatchObject({ reasoningEncryptedContent: expect.any(String) });
  });

  it.each([
    [{ type: 'auto' }, 'What is the weather in Oslo?'],
    [{ type: 'required' }, 'Hello.'],
    [{ type: 'tool', toolName: 'weather' }, 'Hello.'],
  ])('calls a tool with %j, whole and streamed', async (toolChoice, text) => {
    await using emulator = await startVercelEmulator();
    const body = await whole(emulator, ask(text, { tools: [weather], toolChoice }));
    expect(body['finishReason']).toEqual({ unified: 'tool-calls', raw: 'tool_calls' });
    expect(body['content']).toMatchObject([{ type: 'tool-call', toolCallId: expect.any(String), toolName: 'weather' }]);
    expect(JSON.parse(body['content'][0].input)).toEqual({ city: expect.any(String) });
    const parts = await nativeParts(emulator, PLAIN, ask(text, { tools: [weather], toolChoice }));
    const [start, ...rest] = parts.filter(({ type }) => String(type).startsWith('tool-'));
    const call = rest.at(-1) ?? {};
    expect(start).toMatchObject({ type: 'tool-input-start', id: call['toolCallId'], toolName: 'weather' });
    expect(rest.map(({ delta }) => delta ?? '').join('')).toBe(call['input']);
    expect(rest.map(({ type }) => type)).toContain('tool-input-end');
  });

  it.each([
    [{ type: 'text', value: 'snow' }, 'snow'],
    [{ type: 'json', value: { degrees: -3 } }, '{"degrees":-3}'],
    [{ type: 'error-text', value: 'no such city' }, 'no such city'],
    [{ type: 'error-json', value: [1] }, '[1]'],
    [{ type: 'execution-denied', reason: 'not today' }, 'not today'],
    [{ type: 'content', value: [{ type: 'text', text: 'fog' }, { type: 'custom' }] }, 'fog'],
  ])('goes on from the result %j of a tool', async (output, words) => {
    await using emulator = await startVercelEmulator();
    const call = { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: { city: 'Oslo' } };
    const result = { type: 'tool-result', toolCallId: 'c1', toolName: 'weather', output };
    const prompt = [
      { role: 'system', content: 'You are brief.' },
      user('What is the weather in Oslo?'),
      { role: 'assistant', content: [{ type: 'reasoning', text: 'Hm.' }, { type: 'text', text: 'I look.' }, call] },
      { role: 'tool', content: [{ type: 'tool-approval-response', approvalId: 'a', approved: true }, result] },
    ];
    expect(textOf(await whole(emulator, { prompt, tools: [weather] }))).toContain(`weather returned: ${words}`);
  });

  it('passes over calls that a provider ran itself, and thoughts', async () => {
    await using emulator = await startVercelEmulator();
    const call = { type: 'tool-call', toolCallId: 'c1', toolName: 'search', input: {}, providerExecuted: true };
    const output = { type: 'text', value: 'found' };
    const result = { type: 'tool-result', toolCallId: 'c1', toolName: 'search', output };
    const others = [call, result, { type: 'custom', kind: 'openai.item' }, { type: 'reasoning', text: 'Hm.' }];
    const tokens = async (...more: Json[]): Promise<number> => {
      const assistant = { role: 'assistant', content: [{ type: 'text', text: 'I looked.' }, ...more] };
      const { usage } = await whole(emulator, { prompt: [user('Look.'), assistant, user('And?')] });
      return usage.inputTokens.total;
    };
    expect(await tokens(...others)).toBe(await tokens());
    expect(await tokens({ ...call, providerExecuted: false })).toBeGreaterThan(await tokens());
  });

  it('answers a schema with a value that fits, and JSON without one', async () => {
    await using emulator = await startVercelEmulator();
    const schema = { type: 'object', properties: { km: { type: 'integer', minimum: 7 } }, required: ['km'] };
    const fitting = await whole(emulator, ask('Describe the Rhine.', { responseFormat: { type: 'json', schema } }));
    expect(JSON.parse(textOf(fitting))).toEqual({ km: 7 });
    const free = await whole(emulator, ask('Describe the Rhine.', { responseFormat: { type: 'json' } }));
    expect(JSON.parse(textOf(free))).toMatchObject({ emulated: true });
  });

  it.each([
    [{ reasoning: 'none' }, false],
    [{ reasoning: 'high' }, true],
    [{ reasoning: 'provider-default' }, true],
    [{ providerOptions: { openai: { reasoningEffort: 'none' } } }, false],
    [{ providerOptions: { anthropic: { thinking: { type: 'disabled' } } } }, false],
    [{ providerOptions: { google: { thinkingConfig: { thinkingBudget: 0 } } } }, false],
    [{ providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens: 4 } } } }, true],
  ])('thinks as asked: %j', async (options, thinks) => {
    await using emulator = await startVercelEmulator();
    const body = await whole(emulator, ask('Hello.', options), MODEL);
    expect(body['content'][0].type).toBe(thinks ? 'reasoning' : 'text');
    expect(body['usage'].outputTokens.reasoning > 0).toBe(thinks);
  });

  it('keeps to limits and stops', async () => {
    await using emulator = await startVercelEmulator();
    const short = await whole(emulator, ask('Count to 50', { maxOutputTokens: 25 }));
    expect(short['finishReason']).toEqual({ unified: 'length', raw: 'length' });
    expect(short['usage'].outputTokens.total).toBe(25);
    expect(textOf(await whole(emulator, ask('Say exactly: one END two', { stopSequences: ['END'] })))).not.toContain(
      'two',
    );
  });

  it('warns of what has no effect, whole and streamed', async () => {
    await using emulator = await startVercelEmulator();
    const body = ask('Hello.', {
      temperature: 1,
      tools: [{ type: 'provider', id: 'gateway.exa_search', name: 'exa', args: {} }],
    });
    const { warnings } = await whole(emulator, body, 'openai/gpt-5');
    expect(warnings.map(({ type, feature }: Json) => [type, feature]).sort()).toEqual([
      ['unsupported', 'temperature'],
      ['unsupported', 'tool gateway.exa_search'],
    ]);
    expect((await nativeParts(emulator, 'openai/gpt-5', body))[0]).toEqual({ type: 'stream-start', warnings });
  });

  it('sees files of every form, and draws where that is asked for', async () => {
    await using emulator = await startVercelEmulator();
    const files = [
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBORw0KGgo=' } },
      { type: 'file', mediaType: 'image', data: { type: 'url', url: 'https://example.com/a.png' } },
      { type: 'file', mediaType: 'application/pdf', filename: 'a.pdf', data: { type: 'data', data: 'JVBERg==' } },
      { type: 'file', mediaType: 'application/pdf', data: { type: 'reference', reference: { openai: 'file_1' } } },
      { type: 'file', mediaType: 'text/plain', data: { type: 'text', text: 'some text' } },
    ];
    const prompt = [{ role: 'user', content: [{ type: 'text', text: 'Look.' }, ...files] }];
    expect(textOf(await whole(emulator, { prompt }))).toContain('2 images and 2 files');
    const providerOptions = { google: { responseModalities: ['TEXT', 'IMAGE'] } };
    const drawn = await whole(emulator, ask('A heron', { providerOptions }), 'google/gemini-2.5-flash-image');
    expect(drawn['content'].at(-1)).toEqual({
      type: 'file',
      mediaType: 'image/png',
      data: { type: 'data', data: expect.stringMatching(/^iVBOR/) },
    });
    const parts = await nativeParts(emulator, 'google/gemini-2.5-flash-image', ask('A heron', { providerOptions }));
    expect(parts.at(-2)).toMatchObject({ type: 'file', mediaType: 'image/png' });
  });

  it('reads marks of the prompt cache wherever they sit', async () => {
    await using emulator = await startVercelEmulator();
    const providerOptions = { anthropic: { cacheControl: { type: 'ephemeral' } } };
    const long = 'river '.repeat(400);
    const prompts = [
      [{ role: 'system', content: `1 ${long}`, providerOptions }, user('Hello.')],
      [{ role: 'user', content: [{ type: 'text', text: `2 ${long}`, providerOptions }] }],
    ];
    for (const prompt of prompts) {
      const model = 'anthropic/claude-haiku-4.5';
      const [first, second] = [await whole(emulator, { prompt }, model), await whole(emulator, { prompt }, model)];
      const { total, noCache, cacheWrite } = first['usage'].inputTokens;
      expect(cacheWrite).toBeGreaterThan(500);
      expect(noCache).toBe(total - cacheWrite);
      expect(second['usage'].inputTokens).toMatchObject({
        cacheWrite: 0,
        cacheRead: first['usage'].inputTokens.cacheWrite,
      });
    }
  });

  it('refuses a body with the list of what is wrong as `param`', async () => {
    await using emulator = await startVercelEmulator();
    for (const body of [
      {},
      { prompt: [] },
      { prompt: [{ role: 'user', content: 'text' }] },
      ask('Hi', { topP: 'high' }),
    ]) {
      const response = await postNative(emulator, 'language', PLAIN, body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: { type: 'invalid_request_error', param: [{ path: expect.any(Array), message: expect.any(String) }] },
      });
    }
  });

  it.each([
    [{ 'ai-language-model-id': '' }, 400, 'invalid_request_error'],
    [{ 'ai-language-model-specification-version': '3' }, 400, 'invalid_request_error'],
    [{ 'ai-language-model-id': 'openai/none' }, 404, 'model_not_found'],
    [{ 'ai-language-model-id': 'openai/text-embedding-3-small' }, 400, 'ModelTypeMismatchError'],
    [{ authorization: 'Bearer nope' }, 401, 'authentication_error'],
  ])('refuses the headers %j with %i %s', async (headers, status, type) => {
    await using emulator = await startVercelEmulator();
    const response = await postNative(emulator, 'language', PLAIN, ask('Hi'), headers);
    expect([response.status, (await jsonOf(response))['error'].type]).toEqual([status, type]);
  });

  it('obeys faults: errors before the answer, and as a part in its middle', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script({ kind: 'status', status: 429 }, { kind: 'error-frame', afterFrames: 3 }, { kind: 'no-finish' });
    expect((await postNative(emulator, 'language', PLAIN, ask('Hi'))).status).toBe(429);
    const broken = await nativeParts(emulator, PLAIN, ask('Hi'));
    expect(broken).toHaveLength(4);
    expect(broken.at(-1)).toMatchObject({ type: 'error', error: { message: expect.any(String) } });
    expect(typesOf(await nativeParts(emulator, PLAIN, ask('Hi')))).not.toContain('finish');
  });
});

describe('POST /v3/ai/language-model', () => {
  it('reads files without tags, and writes them so', async () => {
    await using emulator = await startVercelEmulator();
    const files = ['iVBORw0KGgo=', 'data:image/png;base64,iVBORw0KGgo=', 'https://example.com/a.png'].map((data) => ({
      type: 'file',
      mediaType: 'image/png',
      data,
    }));
    const prompt = [{ role: 'user', content: [{ type: 'text', text: 'A heron' }, ...files] }];
    const body = { prompt, providerOptions: { google: { responseModalities: ['TEXT', 'IMAGE'] } } };
    const model = 'google/gemini-2.5-flash-image';
    const answer = await jsonOf(postNative(emulator, 'language', model, body, {}, 3));
    expect(textOf(answer)).toContain('3 images');
    expect(answer['content'].at(-1)).toEqual({
      type: 'file',
      mediaType: 'image/png',
      data: expect.stringMatching(/^iVBOR/),
    });
  });

  it('is of its own generation', async () => {
    await using emulator = await startVercelEmulator();
    const version = { 'ai-language-model-specification-version': '4' };
    expect((await postNative(emulator, 'language', PLAIN, ask('Hi'), version, 3)).status).toBe(400);
  });
});
