import { createGateway, type GatewayOptions, type MiddlewareCall } from '@headrace/core';
import {
  collectText,
  embeddingResult,
  end,
  imageResult,
  rerankingResult,
  scriptedProvider,
  text,
  toolCall,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redaction } from './redaction.js';

type Steps = Parameters<typeof scriptedProvider>[0];

const rig = (script: Steps, options: Partial<GatewayOptions> = {}) => {
  const scripted = scriptedProvider(script, {
    repeatLast: true,
    kinds: ['completion', 'embedding', 'reranking', 'image'],
  });
  return { scripted, gateway: createGateway({ providers: [scripted], middleware: [redaction()], ...options }) };
};

const request = { model: 'scripted:m', prompt: 'Write to ann@example.com and call +47 22 33 44 55.' };
const answer = 'Sent to [EMAIL_1], then [EMAIL_1] and [PHONE_1]; [EMAIL_2] and [X are none.';
const restored = 'Sent to ann@example.com, then ann@example.com and +47 22 33 44 55; [EMAIL_2] and [X are none.';

describe('the redaction of the examples', () => {
  it('shows the upstream placeholders, and the caller what they stand for', async () => {
    const { gateway, scripted } = rig([[text(answer), end()]]);
    const { text: seen, receipt } = await gateway.complete(request);
    expect(seen).toBe(restored);
    expect(JSON.stringify(scripted.calls[0]?.request)).toContain('Write to [EMAIL_1] and call [PHONE_1].');
    expect(receipt).toMatchObject({
      middleware: [
        { name: 'redaction', side: 'request', action: 'changed' },
        { name: 'redaction', side: 'answer', action: 'changed' },
      ],
    });
  });

  it('puts them back wherever the stream is cut', async () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: answer.length - 1 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(cuts, async (given) => {
        const edges = [0, ...given.sort((one, other) => one - other), answer.length];
        const pieces = edges.slice(1).map((edge, at) => text(answer.slice(edges[at], edge)));
        const { gateway } = rig([[...pieces, end()]]);
        expect(await collectText(gateway.stream(request))).toBe(restored);
      }),
    );
  });

  it('holds back no more than what may be a placeholder', async () => {
    const { gateway } = rig([[text('Dear '), text('[EMA'), text('IL_1] and'), text(' [1]'), end()]]);
    const pieces: string[] = [];
    for await (const piece of gateway.stream(request).text()) pieces.push(piece);
    expect(pieces).toEqual(['Dear ', 'ann@example.com and', ' [1]']);
  });

  it('restores the arguments of tools too', async () => {
    const { gateway } = rig([[toolCall({ id: 'c1', name: 'send', arguments: { to: '[EMAIL_1]' } }), end()]]);
    const { toolCalls } = await gateway.complete(request);
    expect(toolCalls).toMatchObject([
      { arguments: { to: 'ann@example.com' }, argumentsJson: '{"to":"ann@example.com"}' },
    ]);
  });

  it('takes no placeholder that the prompt has itself', async () => {
    const { gateway, scripted } = rig([[text('[EMAIL_1] and [EMAIL_2]'), end()]]);
    const { text: seen } = await gateway.complete({ ...request, prompt: 'What is [EMAIL_1] to bob@example.com?' });
    expect(seen).toBe('[EMAIL_1] and bob@example.com');
    expect(JSON.stringify(scripted.calls[0]?.request)).toContain('What is [EMAIL_1] to [EMAIL_2]?');
  });

  it('goes through earlier turns and the results of tools', async () => {
    const { gateway, scripted } = rig([[text('ok'), end()]]);
    await gateway.complete({
      model: 'scripted:m',
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Who is ann@example.com?' }] },
        {
          role: 'assistant',
          content: [{ type: 'tool-call', id: 'c', name: 'find', argumentsJson: '{"who":"ann@example.com"}' }],
        },
        {
          role: 'tool',
          content: [{ type: 'tool-result', toolCallId: 'c', content: 'ann@example.com, bob@example.com' }],
        },
      ],
    });
    const sent = JSON.stringify(scripted.calls[0]?.request);
    expect(sent).not.toContain('example.com');
    expect(sent).toContain('[EMAIL_1], [EMAIL_2]');
  });

  it('leaves a call without personal data alone', async () => {
    const { gateway } = rig([[text('[EMAIL_1]'), end()]]);
    const { text: seen, receipt } = await gateway.complete({ ...request, prompt: 'Hi' });
    expect([seen, receipt.middleware]).toEqual(['[EMAIL_1]', undefined]);
  });

  it('hides what is embedded', async () => {
    const { gateway, scripted } = rig([() => [end({ result: embeddingResult([1]) })]]);
    await gateway.embed({ model: 'scripted:e', input: 'ann@example.com' });
    expect(scripted.calls[0]?.request).toMatchObject({ inputs: ['[EMAIL_1]'] });
  });

  it('hides what is ranked: the query, documents of text, and every text within the others', async () => {
    const { gateway, scripted } = rig([() => [end({ result: rerankingResult([0, 1]) })]]);
    const documents = [
      'From ann@example.com',
      { to: ['bob@example.com'], meta: { phone: '+47 22 33 44 55', pages: 2 } },
    ];
    await gateway.rerank({ model: 'scripted:r', query: 'Who is ann@example.com?', documents });
    expect(scripted.calls[0]?.request).toMatchObject({
      query: 'Who is [EMAIL_1]?',
      documents: ['From [EMAIL_1]', { to: ['[EMAIL_2]'], meta: { phone: '[PHONE_1]', pages: 2 } }],
    });
  });

  it('hides what is drawn', async () => {
    const { gateway, scripted } = rig([
      () => [end({ result: imageResult({ source: { type: 'bytes', data: Uint8Array.of(7) } }) })],
    ]);
    await gateway.generateImage({ model: 'scripted:i', prompt: 'A card for ann@example.com' });
    expect(scripted.calls[0]?.request).toMatchObject({ prompt: 'A card for [EMAIL_1]' });
  });

  it('hides them in tools, names of files and the end user too', async () => {
    const { gateway, scripted } = rig([[text('Sent.'), end()]]);
    const parameters = { type: 'object', properties: { to: { enum: ['ann@example.com'] } } };
    await gateway.complete({
      model: 'scripted:m',
      endUser: 'bob@example.com',
      tools: [{ name: 'send', description: 'Writes to ann@example.com', parameters }],
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'file',
              source: { type: 'base64', data: 'aGk=' },
              mediaType: 'text/plain',
              filename: 'eve@example.com.txt',
            },
          ],
        },
      ],
    });
    expect(JSON.stringify(scripted.calls[0]?.request)).not.toMatch(/(?:ann|bob|eve)@/);
  });

  it('refuses a kind of request that it does not know', async () => {
    const functions = redaction().forCall({} as MiddlewareCall);
    const decision = await functions?.onRequest?.({ kind: 'speech', text: 'ann@example.com' } as never);
    expect(decision).toEqual({ refuse: 'it does not know requests of this kind.' });
  });

  it('stands before the cache: the answer that is kept has placeholders, and each caller its own data', async () => {
    const { gateway, scripted } = rig([[text('Hello [EMAIL_1]'), end()]], { cache: {} });
    const ask = async (who: string) => (await gateway.complete({ ...request, prompt: `Greet ${who}` })).text;
    expect(await ask('ann@example.com')).toBe('Hello ann@example.com');
    expect(await ask('bob@example.com')).toBe('Hello bob@example.com');
    expect(scripted.calls).toHaveLength(1);
  });
});
