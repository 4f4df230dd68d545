import { describe, expect, it } from '@jest/globals';
import { decoderOptions, decodeStream } from './__fixtures__/decode.js';
import { chunk, ENVELOPE, sse } from './__fixtures__/recorded-stream.js';
import { ChatStreamDecoder } from './chat-stream-decoder.js';

const hello = [chunk({ role: 'assistant' }), chunk({ content: 'Hello' }), chunk({}, 'stop')];

describe('an answer that goes on after its finish reason', () => {
  const calling = (index: number) => ({ index, id: `call_${index}`, function: { name: 'f' } });
  const late = [
    ['text', chunk({ content: ' there' })],
    ['text and the reason again', chunk({ content: ' there' }, 'stop')],
    ['a refusal', chunk({ refusal: 'No' })],
    ['a call without arguments yet', chunk({ tool_calls: [calling(0)] })],
    ['an image', chunk({ images: [{ image_url: { url: 'https://example.org/p.webp' } }] })],
  ] as const;
  const cut = 'data: {"choices":[{"delta":{"content":"secret';
  const outcomeOf = (rest: string): unknown => {
    const { error, events } = decodeStream(sse(hello, { done: false }) + rest);
    return error?.failureClass ?? events.at(-1)?.type;
  };
  const breakAfter = (frames: readonly object[]): unknown => {
    const decoder = new ChatStreamDecoder(decoderOptions());
    decoder.write(Buffer.from(sse(frames, { done: false })), []);
    return decoder.broken(new Error('ECONNRESET'));
  };

  it.each(late)('by %s is whole by the end mark, or by the clean end of the body', (_what, frame) => {
    expect(outcomeOf(sse([frame]))).toBe('response-end');
    expect(outcomeOf(sse([frame], { done: false }))).toBe('response-end');
    expect(outcomeOf(`data: ping\n\n${sse([frame])}`)).toBe('response-end');
  });

  it.each(late)('by %s is cut where anything breaks: the reason proves nothing any more', (_what, frame) => {
    expect(outcomeOf(sse([frame], { done: false }) + cut)).toBe('truncated');
    expect(outcomeOf(`${sse([frame], { done: false })}${cut}\n\n${sse([])}`)).toBe('malformed');
    expect(breakAfter([...hello, frame])).toMatchObject({
      failureClass: 'truncated',
      message: expect.stringContaining('before its end was proved'),
    });
  });

  it.each([
    ['usage', { ...ENVELOPE, choices: [], usage: { prompt_tokens: 2, completion_tokens: 1 } }],
    ['an empty delta', chunk({ role: 'assistant', content: '', tool_calls: [], images: [] })],
    ['the reason again', chunk({}, 'stop')],
    ['metadata', chunk({ provider_metadata: { a: { x: 1 } } })],
    ['another choice', { choices: [{ index: 1, delta: { content: 'x' }, finish_reason: null }] }],
  ])('is none where all that follows is %s', (_what, frame) => {
    expect(outcomeOf(sse([frame], { done: false }) + cut)).toBe('response-end');
    expect(breakAfter([...hello, frame])).toBeUndefined();
  });

  it('is none where the last text comes with the reason', () => {
    expect(breakAfter([chunk({ content: 'Hello' }, 'stop')])).toBeUndefined();
  });
});
