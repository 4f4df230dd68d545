import {
  type LanguageModelV4Prompt,
  type SharedV4ProviderMetadata,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import type { StreamEvent } from '@headrace/core';
import {
  batch,
  chatStream,
  end,
  errorReply,
  rejectionOf,
  text,
  tokenUsage,
  toolCall,
  waitForClose,
  warn,
  write,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { overScript, overUpstream } from '../__fixtures__/headrace-over.js';
import { asking, call, weatherTool } from '../__fixtures__/prompts.js';

const bodyOf = (json: unknown): Record<string, unknown> => json as Record<string, unknown>;
const receiptIn = (metadata: SharedV4ProviderMetadata | undefined): Record<string, unknown> =>
  (metadata?.['headrace']?.['receipt'] ?? {}) as Record<string, unknown>;

describe('a language model over a gateway', () => {
  it('says what it is', async () => {
    await using setting = overScript([]);
    const model = setting.headrace('scripted:m');
    expect([model.specificationVersion, model.provider, model.modelId]).toEqual(['v4', 'headrace', 'scripted:m']);
    const patterns = Object.values(await model.supportedUrls).flat();
    expect(
      ['https://example.com/a', 'http://example.com', 'gs://a'].map((url) => patterns.some((one) => one.test(url))),
    ).toEqual([true, true, false]);
  });

  it('asks upstream once for a whole answer, by the route of the gateway', async () => {
    await using setting = await overUpstream([text('The '), text('Rhine'), end({ usage: { input: 5, output: 2 } })]);
    const result = await setting.headrace('p:m').doGenerate(call({ temperature: 0.5, maxOutputTokens: 9 }));
    expect(result.content).toEqual([{ type: 'text', text: 'The Rhine' }]);
    expect(result.finishReason).toEqual({ unified: 'stop', raw: 'stop' });
    expect(result.usage).toMatchObject({
      inputTokens: { total: 5, noCache: 5, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 2, text: 2, reasoning: 0 },
    });
    expect(result.warnings).toEqual([]);
    expect(bodyOf(setting.upstream.requests[0]?.json)).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Name a river.' }],
      temperature: 0.5,
      max_tokens: 9,
    });
  });

  it('tells id and model of the response, and the receipt as JSON', async () => {
    await using setting = overScript([[text('a'), end({ usage: { input: 1, output: 1 }, cost: 0.5 })]]);
    const result = await setting.headrace('scripted:m').doGenerate(call());
    expect(result.response).toEqual({ id: 'response_1', modelId: 'm' });
    const receipt = receiptIn(result.providerMetadata);
    expect(JSON.parse(JSON.stringify(receipt))).toEqual(receipt);
    expect(receipt).toMatchObject({
      id: expect.stringMatching(/^call_/),
      outcome: 'complete',
      servedBy: { provider: 'scripted', model: 'm', responseId: 'response_1' },
      attempts: [{ provider: 'scripted', model: 'm', outcome: 'complete' }],
      cost: { usd: 0.5, certainty: 'exact', source: 'provider' },
      usageCertainty: 'exact',
    });
  });

  it('puts what the upstream said beside its answer under the name of its provider', async () => {
    const script = [[text('a'), end({ providerMetadata: { region: 'x' } })]];
    await using setting = overScript(script);
    const { providerMetadata } = await setting.headrace('scripted:m').doGenerate(call());
    expect(providerMetadata).toMatchObject({ scripted: { region: 'x' }, headrace: { receipt: {} } });
    await using own = overScript(script, { id: 'headrace' });
    const same = await own.headrace('headrace:m').doGenerate(call());
    expect(same.providerMetadata).toMatchObject({ headrace: { region: 'x', receipt: { outcome: 'complete' } } });
  });

  it('tells tokens of the cache and of reasoning apart', async () => {
    const usage = tokenUsage({ input: 10, cacheRead: 4, cacheWrite: 3, output: 9, reasoning: 5, image: 1 });
    await using setting = overScript([[text('a'), end({ usage: { ...usage, raw: { total: 19 } } })]]);
    expect((await setting.headrace('scripted:m').doGenerate(call())).usage).toEqual({
      inputTokens: { total: 10, noCache: 3, cacheRead: 4, cacheWrite: 3 },
      outputTokens: { total: 9, text: 3, reasoning: 5 },
      raw: { total: 19 },
    });
  });

  it('does not make up usage that nobody told', async () => {
    await using setting = overScript([[text('a'), end()]]);
    const { usage } = await setting.headrace('scripted:m').doGenerate(call());
    expect(usage).toEqual({
      inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: undefined, text: undefined, reasoning: undefined },
    });
  });

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content-filter', 'content-filter'],
    ['unknown', 'other'],
  ] as const)('ends for the reason %s as %s, with the word of the upstream', async (reason, unified) => {
    await using setting = overScript([[text('a'), end({ reason, rawReason: 'word' })]]);
    const { finishReason } = await setting.headrace('scripted:m').doGenerate(call());
    expect(finishReason).toEqual({ unified, raw: 'word' });
  });

  it('tells warnings of the gateway as warnings, those of fields by the field', async () => {
    const told = [
      { code: 'parameter-dropped', field: 'seed', message: 'Not taken.' },
      { code: 'reasoning-effort-renamed', field: 'reasoningEffort', message: 'Renamed.' },
      { code: 'frame-skipped', message: 'Odd.' },
    ];
    await using setting = overScript([[...told.map((one) => warn(one)), text('a'), end()]]);
    const { warnings } = await setting.headrace('scripted:m').doGenerate(call({ headers: { 'x-a': '1' } }));
    expect(warnings).toEqual([
      { type: 'unsupported', feature: 'header x-a', details: expect.any(String) },
      { type: 'unsupported', feature: 'seed', details: 'Not taken. (parameter-dropped)' },
      { type: 'compatibility', feature: 'reasoningEffort', details: 'Renamed. (reasoning-effort-renamed)' },
      { type: 'other', message: 'Odd. (frame-skipped)' },
    ]);
  });

  it('keeps the order of text, files, sources and calls', async () => {
    const events: StreamEvent[] = [
      { type: 'response-start', responseId: 'r', model: 'm' },
      { type: 'text-delta', text: 'See ' },
      { type: 'citation', url: 'https://example.com/', title: 'Example', citedText: 'passage' },
      { type: 'text-delta', text: 'this' },
      { type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'AAAA' } },
      { type: 'file', mediaType: 'image/png', source: { type: 'bytes', data: Uint8Array.of(1) } },
      { type: 'file', mediaType: 'image/png', source: { type: 'url', url: 'https://example.com/i.png' } },
      { type: 'text-delta', text: 'end' },
      {
        type: 'citation',
        document: { index: 1, unit: 'page', start: 2, end: 3 },
      },
    ];
    await using setting = overScript([[batch(...events), end()]]);
    const prompt: LanguageModelV4Prompt = [
      {
        role: 'user',
        content: [
          { type: 'file', data: { type: 'text', text: 'a' }, mediaType: 'text/plain' },
          { type: 'file', data: { type: 'data', data: 'AAAA' }, mediaType: 'application/pdf', filename: 'b.pdf' },
        ],
      },
    ];
    const { content } = await setting.headrace('scripted:m').doGenerate(call({ prompt }));
    const source = {
      type: 'source',
      sourceType: 'url',
      id: 'r-1',
      url: 'https://example.com/',
      title: 'Example',
      providerMetadata: { headrace: { citedText: 'passage' } },
    };
    const place = {
      type: 'source',
      sourceType: 'document',
      id: 'r-2',
      mediaType: 'application/pdf',
      title: 'b.pdf',
      filename: 'b.pdf',
      providerMetadata: { headrace: { document: { index: 1, unit: 'page', start: 2, end: 3 } } },
    };
    expect(content).toEqual([
      source,
      { type: 'text', text: 'See this', citations: [{ source, citedText: 'passage' }] },
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } },
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: Uint8Array.of(1) } },
      { type: 'file', mediaType: 'image/png', data: { type: 'url', url: new URL('https://example.com/i.png') } },
      place,
      { type: 'text', text: 'end', citations: [{ source: place }] },
    ]);
  });

  it('gives calls of tools to the host', async () => {
    await using setting = await overUpstream([
      toolCall({ id: 'c1', name: 'weather', arguments: { city: 'Bonn' } }),
      toolCall({ id: 'c2', name: 'weather', arguments: { city: 'Ulm' } }),
      end(),
    ]);
    const { content, finishReason } = await setting.headrace('p:m').doGenerate(call({ tools: [weatherTool] }));
    expect(content).toEqual([
      { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: '{"city":"Bonn"}' },
      { type: 'tool-call', toolCallId: 'c2', toolName: 'weather', input: '{"city":"Ulm"}' },
    ]);
    expect(finishReason.unified).toBe('tool-calls');
  });

  it('tells a call that the provider ran itself as such, with its outcome', async () => {
    const events: StreamEvent[] = [
      { type: 'tool-call-start', index: 0, id: 's', name: 'search' },
      { type: 'tool-call-delta', index: 0, argumentsJson: '{"q":"a"}' },
      { type: 'tool-call-end', index: 0, id: 's', name: 'search', argumentsJson: '{"q":"a"}' },
      { type: 'tool-result', toolCallId: 's', name: 'search', result: { hits: 1 } },
      { type: 'tool-result', toolCallId: 't', name: 'fetch', result: null, isError: true },
      { type: 'text-delta', text: 'found' },
    ];
    await using setting = overScript([[batch(...events), end({ reason: 'stop' })]]);
    const { content } = await setting.headrace('scripted:m').doGenerate(call({ tools: [weatherTool] }));
    const own = { providerExecuted: true, dynamic: true };
    expect(content).toEqual([
      { type: 'tool-call', toolCallId: 's', toolName: 'search', input: '{"q":"a"}', ...own },
      { type: 'tool-result', toolCallId: 's', toolName: 'search', result: { hits: 1 }, dynamic: true },
      { type: 'tool-call', toolCallId: 't', toolName: 'fetch', input: '{}', ...own },
      { type: 'tool-result', toolCallId: 't', toolName: 'fetch', result: '', dynamic: true, isError: true },
      { type: 'text', text: 'found' },
    ]);
  });

  it('tells a call of a tool that nobody has as one for the host, which the AI SDK judges', async () => {
    await using setting = overScript([[toolCall({ id: 'c', name: 'wether', arguments: {} }), end()]]);
    const { content } = await setting.headrace('scripted:m').doGenerate(call({ tools: [weatherTool] }));
    expect(content).toEqual([{ type: 'tool-call', toolCallId: 'c', toolName: 'wether', input: '{}' }]);
  });

  it('leaves the check of structured output to the AI SDK, which has the text then', async () => {
    await using setting = await overUpstream([text('no JSON'), end()]);
    const responseFormat = { type: 'json' as const, schema: { type: 'object' as const }, name: 'river' };
    const { content } = await setting.headrace('p:m').doGenerate(call({ responseFormat }));
    expect(content).toEqual([{ type: 'text', text: 'no JSON' }]);
    expect(bodyOf(setting.upstream.requests[0]?.json)['response_format']).toMatchObject({
      type: 'json_schema',
      json_schema: { schema: { type: 'object', title: 'river' } },
    });
  });

  it('streams upstream where the call wants it although the answer is wanted whole', async () => {
    await using setting = await overUpstream(chatStream({ text: ['a', 'b'] }).map((frame) => write(frame)));
    const providerOptions = { headrace: { delivery: 'stream' } };
    const { content } = await setting.headrace('p:m').doGenerate(call({ providerOptions }));
    expect(content).toEqual([{ type: 'text', text: 'ab' }]);
    expect(bodyOf(setting.upstream.requests[0]?.json)['stream']).toBe(true);
  });

  it('asks nobody when a strict call would lose something', async () => {
    await using setting = overScript([]);
    const asked = setting
      .headrace('scripted:m')
      .doGenerate(call({ headers: { 'x-a': '1' }, providerOptions: { headrace: { strict: true } } }));
    expect(await rejectionOf(asked)).toBeInstanceOf(UnsupportedFunctionalityError);
    expect(setting.provider.calls).toHaveLength(0);
  });

  it('is aborted down to the socket, with the reason of the caller', async () => {
    await using setting = await overUpstream([waitForClose()]);
    const controller = new AbortController();
    const answer = setting.headrace('p:m').doGenerate(call({ abortSignal: controller.signal }));
    const request = await setting.upstream.waitForRequest(1);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await rejectionOf(answer)).toBe(reason);
    await request.closed;
  });

  it('has the retries and the fallback of the gateway', async () => {
    await using setting = await overUpstream(errorReply(503), [text('again'), end()]);
    const { content, providerMetadata } = await setting.headrace('p:m').doGenerate(call({ prompt: asking() }));
    expect(content).toEqual([{ type: 'text', text: 'again' }]);
    expect(receiptIn(providerMetadata)['attempts']).toMatchObject([
      { outcome: 'failed', code: 'overloaded' },
      { outcome: 'complete' },
    ]);
  });
});
