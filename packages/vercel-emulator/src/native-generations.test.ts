import { describe, expect, it } from '@jest/globals';
import { dataLines, get, type Json } from './__fixtures__/emulator-client.js';
import { jsonOf } from './__fixtures__/post-json.js';
import { postNative } from './__fixtures__/post-native.js';
import { startVercelEmulator } from './index.js';

const PLAIN = 'openai/gpt-4.1-nano';
const ask = (text: string, more: Json = {}): Json => ({
  prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
  ...more,
});
const search = { type: 'provider-defined', id: 'openai.web_search', name: 'web_search', args: {} };

describe('the second generation of the native protocol, under /v1/ai', () => {
  it('has flat usage, a plain finish reason and warnings of its own form', async () => {
    await using emulator = await startVercelEmulator();
    const body = ask('Say exactly: pong', { tools: [search] });
    const answer = await jsonOf(postNative(emulator, 'language', PLAIN, body, {}, 2));
    expect(answer['content'][0].text).toContain('pong');
    expect(answer['finishReason']).toBe('stop');
    const { inputTokens, outputTokens, totalTokens } = answer['usage'];
    expect(answer['usage']).toEqual({
      inputTokens: expect.any(Number),
      outputTokens: expect.any(Number),
      totalTokens: inputTokens + outputTokens,
      reasoningTokens: 0,
      cachedInputTokens: 0,
    });
    expect(totalTokens).toBeGreaterThan(0);
    expect(answer['warnings']).toEqual([
      { type: 'unsupported-setting', setting: 'tool openai.web_search', details: expect.any(String) },
    ]);
  });

  it('streams the same', async () => {
    await using emulator = await startVercelEmulator();
    const streaming = { 'ai-language-model-streaming': 'true' };
    const response = await postNative(emulator, 'language', PLAIN, ask('Hi', { tools: [search] }), streaming, 2);
    const parts = dataLines(await response.text())
      .filter((line) => line !== '[DONE]')
      .map((line) => JSON.parse(line) as Json);
    expect(parts[0]).toMatchObject({ type: 'stream-start', warnings: [{ type: 'unsupported-setting' }] });
    expect(parts.at(-1)).toMatchObject({
      type: 'finish',
      finishReason: 'stop',
      usage: { inputTokens: expect.any(Number), totalTokens: expect.any(Number) },
      providerMetadata: { gateway: { generationId: expect.any(String) } },
    });
  });

  it('has files without tags, vectors, and a list of its own version', async () => {
    await using emulator = await startVercelEmulator();
    const file = { type: 'file', mediaType: 'image/png', data: 'iVBORw0KGgo=' };
    const prompt = [{ role: 'user', content: [{ type: 'text', text: 'A heron' }, file] }];
    const body = { prompt, providerOptions: { google: { responseModalities: ['TEXT', 'IMAGE'] } } };
    const drawn = await jsonOf(postNative(emulator, 'language', 'google/gemini-2.5-flash-image', body, {}, 2));
    expect(drawn['content'].at(-1)).toMatchObject({ type: 'file', data: expect.stringMatching(/^iVBOR/) });
    const embed = (input: unknown): Promise<Json> =>
      jsonOf(postNative(emulator, 'embedding', 'openai/text-embedding-3-small', { input }, {}, 2));
    const [a, b] = [await embed('a'), await embed('b')];
    expect((await embed(['a', 'b']))['embeddings']).toEqual([...a['embeddings'], ...b['embeddings']]);
    expect((await embed([]))['error'].param).toEqual([expect.objectContaining({ path: ['input'] })]);
    const { models } = await jsonOf(get(emulator, '/v1/ai/config'));
    expect(new Set(models.map((model: Json) => model['specification'].specificationVersion))).toEqual(new Set(['v2']));
  });

  it('is no other generation', async () => {
    await using emulator = await startVercelEmulator();
    const version = { 'ai-language-model-specification-version': '4' };
    const response = await postNative(emulator, 'language', PLAIN, ask('Hi'), version, 2);
    expect([response.status, (await jsonOf(response))['error'].message]).toEqual([
      400,
      'Invalid input: specification version 4 is not served under /v1/ai',
    ]);
  });
});

describe('a model id without a creator', () => {
  it('is one of OpenAI on the native surface', async () => {
    await using emulator = await startVercelEmulator();
    const answer = await jsonOf(postNative(emulator, 'language', 'gpt-4.1-nano', ask('Hi')));
    expect(answer['providerMetadata'].gateway.routing.canonicalSlug).toBe(PLAIN);
    expect((await postNative(emulator, 'language', 'gpt-none', ask('Hi'))).status).toBe(404);
  });
});
