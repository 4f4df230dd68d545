import { inspect } from 'node:util';
import type { CallContext, ModelRequest, StreamEvent } from '@headrace/core/plugin';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SocketServer } from '../http/__fixtures__/socket-server.js';
import { TestContext } from '../http/__fixtures__/test-context.js';
import { HeardKeys, SmallClient } from './__fixtures__/small-client.js';

const REQUEST: ModelRequest = { kind: 'completion', model: 'm', messages: [], parameters: {}, delivery: 'whole' };
const REPLY = JSON.stringify({ choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] });
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let server: SocketServer;
let requests: string[];
let status: string;
let body: string;

beforeEach(async () => {
  server = await SocketServer.start();
  requests = [];
  [status, body] = ['200 OK', REPLY];
  server.serve(async (peer, request) => {
    requests.push(request);
    await peer.answer(body, status, 'content-type: application/json');
  });
});

afterEach(() => server.stop());

const eventsOf = async (client: SmallClient, context: CallContext = new TestContext()): Promise<StreamEvent[]> => {
  const events: StreamEvent[] = [];
  for await (const batch of client.call(REQUEST, context)) events.push(...batch.events);
  return events;
};

const traced = (trace: NonNullable<CallContext['trace']>): TestContext & Pick<CallContext, 'trace'> =>
  Object.assign(new TestContext(), { trace });

describe('a call of a client', () => {
  it('is sent with the headers of all calls and the key, and its key hears that it was let in', async () => {
    const keys = new HeardKeys();
    const client = new SmallClient(server.origin, keys);
    expect(await eventsOf(client)).toContainEqual(expect.objectContaining({ type: 'text-delta', text: 'Hi' }));
    expect(requests[0]).toMatch(/^POST \/v1\/chat HTTP/);
    expect(requests[0]).toMatch(/\r\nx-team: a\r\n/i);
    expect(requests[0]).toMatch(/\r\nx-key: key-of-this-test\r\n/i);
    expect(requests[0]).not.toMatch(/traceparent/i);
    expect(keys.heard).toEqual(['ok']);
    await client.close();
  });

  it('tells its key of a failure', async () => {
    [status, body] = ['500 Oops', 'no'];
    const keys = new HeardKeys();
    const client = new SmallClient(server.origin, keys);
    await expect(eventsOf(client)).rejects.toThrow('500 no');
    expect(keys.heard).toEqual(['upstream']);
    await client.close();
  });

  it('carries the trace of its call on', async () => {
    const client = new SmallClient(server.origin);
    await eventsOf(client, traced({ traceparent: TRACEPARENT, tracestate: 'a=b' }));
    await eventsOf(client, traced({ traceparent: TRACEPARENT, tracestate: 'a\r\nb: c' }));
    expect(requests[0]).toContain(`traceparent: ${TRACEPARENT}\r\n`);
    expect(requests[0]).toContain('tracestate: a=b\r\n');
    expect(requests[1]).toContain(`traceparent: ${TRACEPARENT}\r\n`);
    expect(requests[1]).not.toContain('tracestate');
    await client.close();
  });

  it('does not carry a malformed trace on, and says so', async () => {
    const client = new SmallClient(server.origin);
    const context = traced({ traceparent: 'x\r\ny: z', tracestate: 'a=b' });
    await eventsOf(client, context);
    expect(requests[0]).not.toMatch(/traceparent|tracestate/);
    expect(context.warnings).toMatchObject([{ code: 'trace-dropped', field: 'trace.traceparent' }]);
    await client.close();
  });

  it('is refused before anything is sent for a kind that is not served', () => {
    const client = new SmallClient(server.origin);
    const other = { kind: 'embedding', model: 'm', values: [] } as unknown as ModelRequest;
    expect(() => client.call(other, new TestContext())).toThrow(/"embedding" is not done/);
    expect(server.peers).toEqual([]);
  });

  it('fails after the client was closed, although nothing was open by then', async () => {
    const client = new SmallClient(server.origin);
    await client.close();
    await client.close();
    await expect(eventsOf(client)).rejects.toMatchObject({ name: 'GatewayDisposedError' });
  });
});

describe('a question of a client', () => {
  it('is asked with the key, which hears of the answer', async () => {
    body = '["a"]';
    const keys = new HeardKeys();
    const client = new SmallClient(server.origin, keys);
    expect(await client.listModels()).toMatchObject([{ id: 'a', provider: 'small' }]);
    expect(requests[0]).toMatch(/^GET \/v1\/models HTTP[^]*\r\nx-key: key-of-this-test\r\n/i);
    [status, body] = ['503 Later', 'busy'];
    await expect(client.listModels()).rejects.toThrow('503 busy');
    expect(keys.heard).toEqual(['ok', 'upstream']);
    await client.close();
  });
});

describe('a client', () => {
  it('tells where it connects, and shows no key when it is printed', async () => {
    const client = new SmallClient(server.origin, new HeardKeys('do-not-print'));
    await eventsOf(client);
    expect(client).toMatchObject({ id: 'small', origin: server.origin, keys: [] });
    expect(inspect(client.headers)).toContain('x-team');
    expect(JSON.stringify(client)).not.toContain('do-not-print');
    expect(inspect(client.session, { depth: 9 })).not.toContain('do-not-print');
    await client.close();
  });
});
