import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import {
  ask,
  dataLines,
  fakeClock,
  frames,
  type Json,
  KEY,
  MODEL,
  post,
  readUntilBroken,
  textOfFrames,
  whole,
} from './__fixtures__/emulator-client.js';
import type { Fault } from './fault.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

const stream = ask('Hello', { stream: true });

async function underFault(...faults: Fault[]) {
  await using emulator = await startVercelEmulator();
  emulator.script(faults);
  const response = await post(emulator, stream);
  return { status: response.status, ...(await readUntilBroken(response)), record: emulator.requests[0] };
}

const isJson = (line: string): boolean => {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
};

describe('faults', () => {
  it('cut: the body ends cleanly after the frames, without terminator', async () => {
    const { text, error, record } = await underFault({ kind: 'cut', afterFrames: 3 });
    expect(error).toBeUndefined();
    expect(dataLines(text)).toHaveLength(3);
    expect(record).toMatchObject({ framesWritten: 3, closedEarly: false, status: 200 });
  });

  it('cut: the body ends cleanly after the bytes', async () => {
    const { text, error } = await underFault({ kind: 'cut', afterBytes: 50 });
    expect(error).toBeUndefined();
    expect(Buffer.byteLength(text)).toBe(50);
  });

  it('cut: a whole answer ends within its JSON, without a transport error', async () => {
    await using emulator = await startVercelEmulator({ faults: [{ kind: 'cut', afterBytes: 40 }] });
    const { text, error } = await readUntilBroken(await post(emulator, ask('Hello')));
    expect(error).toBeUndefined();
    expect([text.length, isJson(text)]).toEqual([40, false]);
  });

  it('cut: without a number nothing but headers comes', async () => {
    expect((await underFault({ kind: 'cut' })).text).toBe('');
  });

  it('cut: a limit beyond the end changes nothing', async () => {
    expect((await underFault({ kind: 'cut', afterFrames: 9999 })).text).toMatch(/\[DONE\]\n\n$/);
    expect((await underFault({ kind: 'stall', afterBytes: 9_999_999 })).text).toMatch(/\[DONE\]\n\n$/);
  });

  it('reset: the connection breaks after the frames', async () => {
    const { text, error, record } = await underFault({ kind: 'reset', afterFrames: 2 });
    expect(error).toBeDefined();
    expect(dataLines(text)).toHaveLength(2);
    expect(record?.closedEarly).toBe(false);
  });

  it('reset: without a number the connection breaks before the headers', async () => {
    await using emulator = await startVercelEmulator({ faults: [{ kind: 'reset' }] });
    await expect(post(emulator, stream)).rejects.toThrow();
    expect(emulator.requests[0]?.status).toBeUndefined();
  });

  it('stall: nothing more comes, the connection stays open until the client leaves', async () => {
    await using emulator = await startVercelEmulator({ faults: [{ kind: 'stall', afterFrames: 2 }] });
    const leaving = new AbortController();
    const response = await post(emulator, stream, { signal: leaving.signal });
    let text = '';
    const reading = (async () => {
      for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += Buffer.from(piece).toString();
        if (dataLines(text).length === 2) leaving.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    await emulator.requests[0]?.settled;
    expect(emulator.requests[0]).toMatchObject({ framesWritten: 2, closedEarly: true });
  });

  it('malformed-frame: one frame is broken JSON, the others are not', async () => {
    const lines = dataLines((await underFault({ kind: 'malformed-frame', frame: 3 })).text);
    expect(lines.slice(0, -1).map(isJson)).toEqual(lines.slice(0, -1).map((_, index) => index !== 2));
    expect(lines.at(-1)).toBe('[DONE]');
    expect(dataLines((await underFault({ kind: 'malformed-frame', text: 'nonsense' })).text)[1]).toBe('nonsense');
  });

  it('malformed-frame: a whole answer is broken JSON', async () => {
    await using emulator = await startVercelEmulator({ faults: [{ kind: 'malformed-frame' }] });
    expect(isJson(await (await post(emulator, ask('Hello'))).text())).toBe(false);
  });

  it('error-frame: an error without choices under status 200, and nothing after it', async () => {
    const { status, text } = await underFault({
      kind: 'error-frame',
      afterFrames: 2,
      error: { message: 'upstream 429', code: 'error' },
    });
    expect(status).toBe(200);
    const list = dataLines(text).map((line) => JSON.parse(line));
    expect(list).toHaveLength(3);
    expect(Object.keys(list[2])).toEqual(['id', 'object', 'created', 'model', 'error']);
    expect(list[2]).toMatchObject({
      id: list[0].id,
      object: 'chat.completion.chunk',
      error: { message: 'upstream 429' },
    });
    expect(dataLines((await underFault({ kind: 'error-frame', done: true })).text)).toEqual([
      expect.any(String),
      expect.stringContaining('"error"'),
      '[DONE]',
    ]);
  });

  it('error-frame: may come after the last frame, in place of the mark of the end', async () => {
    const frames = dataLines((await underFault({ kind: 'no-done' })).text).length;
    const lines = dataLines((await underFault({ kind: 'error-frame', afterFrames: frames })).text);
    expect(lines).toHaveLength(frames + 1);
    expect(lines.at(-1)).toContain('"error"');
  });

  it('error-frame: a whole answer is an error under status 200', async () => {
    await using emulator = await startVercelEmulator({ faults: [{ kind: 'error-frame' }] });
    const body = await whole(emulator, ask('Hello'));
    expect(body).not.toHaveProperty('choices');
    expect(body['error']).toMatchObject({ message: expect.any(String) });
  });

  it.each([
    [400, undefined, 'invalid_request_error'],
    [401, undefined, 'authentication_error'],
    [402, undefined, 'insufficient_funds'],
    [402, 'quota_for_entity_exceeded', 'quota_for_entity_exceeded'],
    [403, undefined, 'forbidden'],
    [403, 'customer_verification_required', 'customer_verification_required'],
    [404, undefined, 'model_not_found'],
    [424, undefined, 'failed_dependency'],
    [429, undefined, 'rate_limit_exceeded'],
    [500, undefined, 'internal_server_error'],
    [503, undefined, 'service_unavailable_error'],
    [418, undefined, 'internal_server_error'],
  ])('status %d %s: has the documented body', async (status, type, expected) => {
    await using emulator = await startVercelEmulator();
    emulator.script({ kind: 'status', status, ...(type === undefined ? {} : { type }) });
    const response = await post(emulator, stream);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { type: expected, message: expect.any(String) } });
  });

  it('status: takes headers and a body as given', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script(
      { kind: 'status', status: 429, headers: { 'retry-after': 7 } },
      { kind: 'status', status: 502, body: 'bad gateway' },
      { kind: 'status', status: 400, body: { odd: true } },
    );
    const limited = await post(emulator, stream);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await (await post(emulator, stream)).text()).toBe('bad gateway');
    expect(await (await post(emulator, stream)).json()).toEqual({ odd: true });
  });

  it('status 503: lists every failed attempt', async () => {
    await using emulator = await startVercelEmulator({ faults: [{ kind: 'status', status: 503 }] });
    const body = (await (await post(emulator, stream)).json()) as Json;
    const attempts = body['providerMetadata'].gateway.routing.modelAttempts[0].providerAttempts;
    expect(
      attempts.map((attempt: { provider: string; statusCode: number; success: boolean }) => [
        attempt.provider,
        attempt.statusCode,
        attempt.success,
      ]),
    ).toEqual([
      ['openai', 503, false],
      ['azure', 503, false],
    ]);
  });

  it('split: the body is the same in pieces of any size, also within a character', async () => {
    await using emulator = await startVercelEmulator();
    const body = ask('Say: grüße 😀 ende', { stream: true });
    const plain = textOfFrames((await frames(emulator, body)).slice(0, -1));
    expect(plain).toContain('grüße 😀 ende');
    for (const sizes of [[1], [2, 3, 5], [7, 1_000_000]]) {
      emulator.script({ kind: 'split', sizes });
      expect(textOfFrames((await frames(emulator, body)).slice(0, -1))).toBe(plain);
    }
  });

  it('split: pieces arrive one by one', async () => {
    await using emulator = await startVercelEmulator();
    const { port } = new URL(emulator.url);
    const socket = connect(Number(port), '127.0.0.1');
    const body = JSON.stringify(ask('Hello'));
    const chunks: number[] = [];
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEY}\r\nx-emulator-fault: split; sizes=10 | cut; afterBytes=100\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    let text = '';
    for await (const piece of socket) text += String(piece);
    for (const [, size] of text.slice(text.indexOf('\r\n\r\n')).matchAll(/\r\n([0-9a-f]+)\r\n/g))
      chunks.push(Number.parseInt(size ?? '', 16));
    expect(chunks).toEqual([...Array.from({ length: 10 }, () => 10), 0]);
  });

  it('html and empty-body: come in place of JSON', async () => {
    await using emulator = await startVercelEmulator({
      faults: [
        { kind: 'html' },
        { kind: 'html', status: 502 },
        { kind: 'empty-body' },
        { kind: 'empty-body', status: 504 },
      ],
    });
    const html = await post(emulator, stream);
    expect([html.status, html.headers.get('content-type'), (await html.text()).slice(0, 5)]).toEqual([
      200,
      'text/html; charset=utf-8',
      '<!DOC',
    ]);
    expect((await post(emulator, stream)).status).toBe(502);
    const empty = await post(emulator, stream);
    expect([empty.status, await empty.text()]).toEqual([200, '']);
    expect((await post(emulator, stream)).status).toBe(504);
  });

  it('no-done and no-finish: leave out the one, the other, or both', async () => {
    const noDone = dataLines((await underFault({ kind: 'no-done' })).text);
    expect(JSON.parse(noDone.at(-1) ?? '')).toHaveProperty('usage');
    const noFinish = (await underFault({ kind: 'no-finish' })).text;
    expect(noFinish).not.toContain('"usage"');
    expect(dataLines(noFinish).at(-1)).toBe('[DONE]');
    expect((await underFault({ kind: 'no-finish' }, { kind: 'no-done' })).text).not.toMatch(/usage|\[DONE\]/);
  });

  it('delay: waits before the headers, before the first frame and between frames', async () => {
    const clock = fakeClock();
    await using emulator = await startVercelEmulator({ clock });
    emulator.script(
      { kind: 'delay', at: 'headers', ms: 11 },
      { kind: 'delay', at: 'first-frame', ms: 22 },
      { kind: 'delay', at: 'between-frames', ms: 33 },
    );
    await frames(emulator, stream);
    expect(clock.slept.splice(0)).toEqual([11]);
    await frames(emulator, stream);
    expect(clock.slept.splice(0)).toEqual([22]);
    const list = await frames(emulator, stream);
    expect(clock.slept).toEqual(list.map(() => 33));
  });

  it('delay: a client that leaves while it lasts ends it', async () => {
    await using emulator = await startVercelEmulator({ faults: [{ kind: 'delay', at: 'first-frame', ms: 600_000 }] });
    const leaving = new AbortController();
    await post(emulator, stream, { signal: leaving.signal });
    leaving.abort();
    await emulator.requests[0]?.settled;
    expect(emulator.requests[0]).toMatchObject({ framesWritten: 0, closedEarly: true });
  });

  it.each(['hang', 'no-answer'] as const)('%s: no headers come; the client has to leave', async (kind) => {
    await using emulator = await startVercelEmulator({ faults: [{ kind }] });
    const { port } = new URL(emulator.url);
    const socket = connect(Number(port), '127.0.0.1');
    const body = JSON.stringify(stream);
    let answered = false;
    socket.on('data', () => {
      answered = true;
    });
    socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    while (emulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    // Another request is answered meanwhile; the first one still is not.
    expect((await whole(emulator, ask('Hello')))['model']).toBe(MODEL);
    socket.destroy();
    await emulator.requests[0]?.settled;
    expect(answered).toBe(false);
    expect(emulator.requests[0]).toMatchObject({ closedEarly: true, status: undefined, framesWritten: 0 });
    expect(emulator.requests[0]?.body === undefined).toBe(kind === 'no-answer');
  });
});
