import { createGateway, type Gateway, type Middleware } from '@headrace/core';
import {
  collectText,
  end,
  pause,
  rejectionOf,
  startUpstream,
  text,
  type Upstream,
  waitForClose,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';

const request = { model: 'vercel:openai/gpt-4.1-nano', prompt: 'Hi' } as const;

const gatewayTo = ({ url }: Upstream, forCall: Middleware['forCall']): Gateway =>
  createGateway({
    providers: [vercel({ apiKey: canaryKey(), baseUrl: url, env: {}, catalogue: { refresh: false } })],
    middleware: [{ name: 'mine', forCall }],
  });

describe('middleware over HTTP', () => {
  it.each(['stream', 'whole'] as const)('changes what is sent and what is seen, %s', async (delivery) => {
    await using upstream = await startUpstream([text('Hel'), text('lo'), end()]);
    await using gateway = gatewayTo(upstream, () => ({
      onRequest: (asked) =>
        asked.kind === 'completion'
          ? { request: { ...asked, messages: [{ role: 'user', content: 'Changed' }] } }
          : undefined,
      onEvents: (events) => ({
        events: events.map((event) =>
          event.type === 'text-delta' ? { ...event, text: event.text.toUpperCase() } : event,
        ),
      }),
    }));
    expect((await gateway.complete({ ...request, delivery })).text).toBe('HELLO');
    expect(upstream.requests[0]?.json).toMatchObject({ messages: [{ content: 'Changed' }] });
  });

  it('closes the connection when it refuses in the middle of a stream', async () => {
    await using upstream = await startUpstream([text('fine '), pause('middle'), text('flagged'), waitForClose()]);
    await using gateway = gatewayTo(upstream, () => ({
      onEvents: (events) =>
        events.some((event) => event.type === 'text-delta' && event.text.includes('flagged'))
          ? { refuse: 'No.' }
          : undefined,
    }));
    let seen = '';
    const read = async (): Promise<void> => {
      for await (const piece of gateway.stream(request).text()) {
        seen += piece;
        upstream.release('middle');
      }
    };
    expect(await rejectionOf(read())).toMatchObject({ code: 'refused-by-middleware', delivered: true });
    await (await upstream.waitForRequest(1)).closed;
    expect(seen).toBe('fine ');
  });

  it('sends nothing when it refuses the request, and nothing is left open when the caller aborts it', async () => {
    await using upstream = await startUpstream([text('Hello'), end()]);
    await using refusing = gatewayTo(upstream, () => ({ onRequest: () => ({ refuse: 'No.' }) }));
    expect(await rejectionOf(refusing.complete(request))).toMatchObject({ failureClass: 'content-policy' });
    const controller = new AbortController();
    const reason = new Error('enough');
    await using slow = gatewayTo(upstream, () => ({
      onRequest: () => {
        controller.abort(reason);
        return new Promise(() => {});
      },
    }));
    expect(await rejectionOf(collectText(slow.stream({ ...request, signal: controller.signal })))).toBe(reason);
    expect([upstream.requests.length, upstream.connections]).toMatchObject([0, { open: 0 }]);
  });
});
