import { APICallError } from '@ai-sdk/provider';
import { GatewayError, type StreamEvent, StreamInterruptedError, type TokenUsage } from '@headrace/core';
import {
  batch,
  chatStreamParts,
  cut,
  end,
  errorReply,
  fail,
  pause,
  reasoning,
  rejectionOf,
  reset,
  text,
  toolCall,
  waitForClose,
  warn,
  write,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { overScript, overUpstream } from '../__fixtures__/headrace-over.js';
import { call, weatherTool } from '../__fixtures__/prompts.js';
import { readParts } from '../__fixtures__/read-parts.js';

describe('a streamed answer', () => {
  it('has a start, blocks of reasoning and text, and an end', async () => {
    await using setting = await overUpstream([
      reasoning('I '),
      reasoning('think'),
      text('The '),
      text('Rhine'),
      end({ usage: { input: 1, output: 2 } }),
    ]);
    const { parts, error } = await readParts(setting.headrace('p:m').doStream(call()));
    expect(error).toBeUndefined();
    const [start, response, ...rest] = parts;
    expect(start).toEqual({ type: 'stream-start', warnings: [] });
    expect(response).toMatchObject({ type: 'response-metadata', id: expect.any(String), modelId: 'm' });
    expect(rest).toEqual([
      { type: 'reasoning-start', id: 'reasoning-1' },
      { type: 'reasoning-delta', id: 'reasoning-1', delta: 'I ' },
      { type: 'reasoning-delta', id: 'reasoning-1', delta: 'think' },
      { type: 'reasoning-end', id: 'reasoning-1' },
      { type: 'text-start', id: 'text-2' },
      { type: 'text-delta', id: 'text-2', delta: 'The ' },
      { type: 'text-delta', id: 'text-2', delta: 'Rhine' },
      { type: 'text-end', id: 'text-2' },
      {
        type: 'custom',
        kind: 'headrace.reasoning',
        providerMetadata: { headrace: { details: [expect.objectContaining({ text: 'I think' })] } },
      },
      {
        type: 'finish',
        finishReason: { unified: 'stop', raw: 'stop' },
        usage: expect.objectContaining({ outputTokens: { total: 2, text: 2, reasoning: 0 } }),
        providerMetadata: expect.objectContaining({
          headrace: { receipt: expect.objectContaining({ outcome: 'complete' }) },
        }),
      },
    ]);
  });

  it('tells the input of a tool piece by piece, then the call', async () => {
    const call1 = { id: 'c', name: 'weather', arguments: ['{"city"', ':"Bonn"}'] };
    const { content, proof } = chatStreamParts({ text: ['Wait.'], toolCalls: [call1] });
    await using setting = await overUpstream([...content, ...proof].map((frame) => write(frame)));
    const { parts } = await readParts(setting.headrace('p:m').doStream(call({ tools: [weatherTool] })));
    expect(parts.slice(2, -1)).toEqual([
      { type: 'text-start', id: 'text-1' },
      { type: 'text-delta', id: 'text-1', delta: 'Wait.' },
      { type: 'text-end', id: 'text-1' },
      { type: 'tool-input-start', id: 'c', toolName: 'weather' },
      { type: 'tool-input-delta', id: 'c', delta: '{"city"' },
      { type: 'tool-input-delta', id: 'c', delta: ':"Bonn"}' },
      { type: 'tool-input-end', id: 'c' },
      { type: 'tool-call', toolCallId: 'c', toolName: 'weather', input: '{"city":"Bonn"}' },
    ]);
  });

  it('tells calls of two tools at once apart', async () => {
    const events: StreamEvent[] = [
      { type: 'tool-call-start', index: 0, id: 'a', name: 'weather' },
      { type: 'tool-call-start', index: 1, id: 'b', name: 'weather' },
      { type: 'tool-call-delta', index: 1, argumentsJson: '{}' },
      { type: 'tool-call-end', index: 1, id: 'b', name: 'weather', argumentsJson: '{}' },
      { type: 'tool-call-end', index: 0, id: 'a', name: 'weather', argumentsJson: '[]' },
    ];
    await using setting = overScript([[batch(...events), end()]]);
    const { parts } = await readParts(setting.headrace('scripted:m').doStream(call({ tools: [weatherTool] })));
    expect(parts.filter(({ type }) => type === 'tool-call')).toEqual([
      { type: 'tool-call', toolCallId: 'b', toolName: 'weather', input: '{}' },
      { type: 'tool-call', toolCallId: 'a', toolName: 'weather', input: '[]' },
    ]);
  });

  it('begins with the warnings there are before the first content; the receipt has them all', async () => {
    const early = { code: 'parameter-dropped', field: 'seed', message: 'Early.' };
    const late = { code: 'frame-skipped', message: 'Late.' };
    await using setting = overScript([
      [
        batch({ type: 'response-start', responseId: 'r', model: 'm' }, { type: 'warning', warning: early }),
        text('a'),
        warn(late),
        text('b'),
        end(),
      ],
    ]);
    const { parts } = await readParts(setting.headrace('scripted:m').doStream(call({ headers: { 'x-a': '1' } })));
    expect(parts[0]).toEqual({
      type: 'stream-start',
      warnings: [
        { type: 'unsupported', feature: 'header x-a', details: expect.any(String) },
        { type: 'unsupported', feature: 'seed', details: 'Early. (parameter-dropped)' },
      ],
    });
    expect(parts.at(-1)).toMatchObject({ providerMetadata: { headrace: { receipt: { warnings: [early, late] } } } });
  });

  it('shows frames without a place only to who asks for raw ones', async () => {
    const attempt = [batch({ type: 'raw', value: { odd: 1 } }), text('a'), batch({ type: 'raw', value: 2 }), end()];
    for (const [includeRawChunks, raw] of [
      [
        true,
        [
          { type: 'raw', rawValue: { odd: 1 } },
          { type: 'raw', rawValue: 2 },
        ],
      ],
      [false, []],
    ] as const) {
      await using setting = overScript([attempt]);
      const { parts } = await readParts(setting.headrace('scripted:m').doStream(call({ includeRawChunks })));
      expect(parts.filter(({ type }) => type === 'raw')).toEqual(raw);
    }
  });

  it('is whole when it holds nothing', async () => {
    await using setting = overScript([[end()]]);
    const { parts } = await readParts(setting.headrace('scripted:m').doStream(call()));
    expect(parts.map(({ type }) => type)).toEqual(['stream-start', 'response-metadata', 'finish']);
  });

  it.each([
    ['is cut in good order', cut],
    ['breaks', reset],
  ])('that %s is an error that names what came, and has no end', async (_name, breaking) => {
    await using setting = await overUpstream([text('The '), breaking()], { repeatLast: true });
    const { parts, error } = await readParts(setting.headrace('p:m').doStream(call()));
    expect(parts.map(({ type }) => type)).toEqual([
      'stream-start',
      'response-metadata',
      'text-start',
      'text-delta',
      'error',
    ]);
    expect(parts.at(-1)).toEqual({ type: 'error', error });
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      isRetryable: false,
      data: { code: 'stream-interrupted', delivered: true, receipt: { outcome: 'failed' } },
    });
    expect(GatewayError.is((error as Error).cause)).toBe(true);
    expect(setting.upstream.requests).toHaveLength(1);
  });

  it('that fails before its first content is no answer: it was asked for again, and then the call fails', async () => {
    await using setting = await overUpstream(errorReply(500), { repeatLast: true });
    const error = await rejectionOf(setting.headrace('p:m').doStream(call()));
    expect(error).toMatchObject({ name: 'AI_APICallError', statusCode: 500, isRetryable: false });
    expect(setting.upstream.requests).toHaveLength(3);
  });

  it('that was cut and recovered is one answer, with the usage of all that brought it', async () => {
    const usages: (TokenUsage | undefined)[] = [];
    await using setting = overScript(
      [
        [text('The Rhine is '), fail(new StreamInterruptedError('Cut.'))],
        [text('The Rhine is long.'), end({ usage: { input: 4, output: 6 } })],
      ],
      {},
      { recovery: 'verify', onReceipt: ({ usage }) => void usages.push(usage) },
    );
    const { parts } = await readParts(setting.headrace('scripted:m').doStream(call()));
    expect(parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('')).toBe('The Rhine is long.');
    const [usage] = usages;
    expect(usage?.output.total).toBeGreaterThan(6);
    expect(parts.at(-1)).toMatchObject({
      type: 'finish',
      usage: { inputTokens: { total: usage?.input.total }, outputTokens: { total: usage?.output.total } },
      providerMetadata: { headrace: { receipt: { recovery: { mode: 'verify', succeeded: true } } } },
    });
  });

  it('is aborted before its first content with the reason of the caller', async () => {
    await using setting = await overUpstream([waitForClose()]);
    const controller = new AbortController();
    const opening = setting.headrace('p:m').doStream(call({ abortSignal: controller.signal }));
    const request = await setting.upstream.waitForRequest(1);
    controller.abort();
    expect(await rejectionOf(opening)).toBe(controller.signal.reason);
    await request.closed;
  });

  it('is aborted in its middle with the reason of the caller, without a part that tells an error', async () => {
    await using setting = await overUpstream([text('The '), waitForClose()]);
    const controller = new AbortController();
    const opened = await setting.headrace('p:m').doStream(call({ abortSignal: controller.signal }));
    const reading = readParts(Promise.resolve(opened));
    const request = await setting.upstream.waitForRequest(1);
    const reason = new Error('enough');
    controller.abort(reason);
    const { parts, error } = await reading;
    expect(error).toBe(reason);
    expect(parts.at(-1)).toMatchObject({ type: 'text-delta' });
    await request.closed;
  });

  it('closes the upstream when its reader leaves', async () => {
    await using setting = await overUpstream([text('The '), pause('never'), end()]);
    const { stream } = await setting.headrace('p:m').doStream(call());
    const reader = stream.getReader();
    await reader.read();
    await reader.cancel();
    await (await setting.upstream.waitForRequest(1)).closed;
  });

  it('is read at the pace of its reader', async () => {
    const pieces = Array.from({ length: 50 }, (_, at) => text(`${at} `));
    await using setting = overScript([[...pieces, end()]]);
    const { stream } = await setting.headrace('scripted:m').doStream(call());
    const reader = stream.getReader();
    await reader.read();
    const played = await setting.provider.waitForCall(1);
    await reader.cancel();
    expect(played.outcome).not.toBe('whole');
  });

  it('tells calls of its own tools only when they are over', async () => {
    await using setting = overScript([[toolCall({ id: 'c', name: 'search', arguments: { q: 1 } }), end()]]);
    const { parts } = await readParts(setting.headrace('scripted:m').doStream(call()));
    expect(parts.slice(2, -1)).toEqual([
      { type: 'tool-input-start', id: 'c', toolName: 'search' },
      { type: 'tool-input-delta', id: 'c', delta: '{"q":1}' },
      { type: 'tool-input-end', id: 'c' },
      { type: 'tool-call', toolCallId: 'c', toolName: 'search', input: '{"q":1}' },
    ]);
  });
});
