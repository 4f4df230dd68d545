import { createGateway, type MiddlewareCall, MiddlewareRefusalError, type StreamEvent } from '@headrace/core';
import { end, fakeClock, hang, rejectionOf, scriptedProvider, text, toolCall } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { guardrail, type Judge } from './guardrail.js';

type Steps = Parameters<typeof scriptedProvider>[0];

const noSecrets: Judge = async (said) => !said.includes('secret');

const rig = (script: Steps, judge: Judge = noSecrets) => {
  const scripted = scriptedProvider(script, { repeatLast: true });
  const clock = fakeClock();
  return { scripted, clock, gateway: createGateway({ providers: [scripted], middleware: [guardrail(judge)], clock }) };
};

const request = { model: 'scripted:m', prompt: 'Hi' };

describe('the guardrail of the examples', () => {
  it('lets through what is allowed, sentence by sentence', async () => {
    const { gateway } = rig([[text('It '), text('rains. '), text('It pours'), end()]]);
    const pieces: string[] = [];
    for await (const piece of gateway.stream(request).text()) pieces.push(piece);
    expect(pieces).toEqual(['It ', 'rains. ', 'It pours']);
  });

  it('refuses a question before anything is asked', async () => {
    const { gateway, scripted } = rig([[text('no'), end()]]);
    const error = await rejectionOf(gateway.complete({ ...request, prompt: 'Tell me the secret' }));
    expect(error).toBeInstanceOf(MiddlewareRefusalError);
    expect(error).toMatchObject({ failureClass: 'content-policy', middleware: 'guardrail', refused: 'request' });
    expect(scripted.calls).toHaveLength(0);
  });

  it.each([
    [
      'an earlier message',
      [
        { role: 'user', content: 'the secret' },
        { role: 'user', content: 'Well?' },
      ],
    ],
    [
      'behind a prefill',
      [
        { role: 'user', content: 'the secret' },
        { role: 'assistant', content: 'It' },
      ],
    ],
    [
      'the result of a tool',
      [
        { role: 'user', content: 'Look it up' },
        { role: 'assistant', content: [{ type: 'tool-call', id: 'c', name: 'look', argumentsJson: '{}' }] },
        {
          role: 'tool',
          content: [{ type: 'tool-result', toolCallId: 'c', content: [{ type: 'text', text: 'a secret' }] }],
        },
      ],
    ],
  ] as const)('refuses what is not allowed in %s', async (_name, messages) => {
    const { gateway, scripted } = rig([[text('no'), end()]]);
    const error = await rejectionOf(gateway.complete({ model: request.model, messages }));
    expect(error).toBeInstanceOf(MiddlewareRefusalError);
    expect(scripted.calls).toHaveLength(0);
  });

  it('shows nothing of a tool call before all of it was judged', async () => {
    const functions = guardrail(noSecrets).forCall({ signal: new AbortController().signal } as MiddlewareCall);
    const argumentsJson = '{"what":"secret"}';
    const ofCall = { index: 0, id: 'c', name: 'send' } as const;
    // In one read of the network: a sentence is over, and a tool call is not.
    const early: readonly StreamEvent[] = [
      { type: 'text-delta', text: 'Well. ' },
      { type: 'tool-call-start', ...ofCall },
      { type: 'tool-call-delta', index: 0, argumentsJson },
    ];
    expect(await functions?.onEvents?.(early)).toEqual({ events: [] });
    expect(await functions?.onEvents?.([{ type: 'tool-call-delta', index: 0, argumentsJson: '.' }])).toEqual({
      events: [],
    });
    const done: StreamEvent = { type: 'tool-call-end', ...ofCall, argumentsJson: `${argumentsJson}.` };
    expect(await functions?.onEvents?.([done])).toEqual({ refuse: 'The answer is not allowed here.' });
  });

  it('ends a stream before the flagged text is seen, and closes the upstream', async () => {
    const { gateway, scripted } = rig([
      [text('It is '), text('fine. '), text('The sec'), text('ret is: 42. '), hang()],
    ]);
    let seen = '';
    const read = async () => {
      for await (const piece of gateway.stream(request).text()) seen += piece;
    };
    const error = await rejectionOf(read());
    expect(seen).toBe('It is fine. ');
    expect(error).toMatchObject({
      code: 'refused-by-middleware',
      failureClass: 'content-policy',
      delivered: true,
      receipt: { outcome: 'failed', middleware: [{ name: 'guardrail', side: 'answer', action: 'refused' }] },
    });
    expect(await scripted.calls[0]?.finished).not.toBe('ended');
  });

  it('sees whole answers and the arguments of tools', async () => {
    const call = toolCall({ id: 'c', name: 'send', arguments: { what: 'secret' } });
    const { gateway } = rig([[text('Well. '), call, end()]]);
    expect(await rejectionOf(gateway.complete(request))).toMatchObject({
      code: 'refused-by-middleware',
      delivered: false,
    });
  });

  it('fails closed when its judge hangs, and aborts it', async () => {
    let aborted = false;
    const judge: Judge = (said, signal) => {
      signal.addEventListener('abort', () => (aborted = true));
      return said === 'Hi' ? true : new Promise(() => {});
    };
    const { gateway, clock } = rig([[text('It rains.'), end()]], judge);
    const failing = rejectionOf(gateway.complete(request));
    await clock.advance(2_000);
    expect(await failing).toMatchObject({ code: 'middleware-failed', middleware: 'guardrail' });
    expect(aborted).toBe(true);
  });
});
