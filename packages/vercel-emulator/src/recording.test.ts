import { describe, expect, it } from '@jest/globals';
import { ask, KEY, post, whole } from './__fixtures__/emulator-client.js';
import { createRequestLog } from './request-log.js';
import type { RequestRecording } from './request-recording.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

describe('recorded requests', () => {
  it('tell method, path, headers, body and who it was, but never a credential', async () => {
    await using emulator = await startVercelEmulator();
    const body = ask('Hi', { user: 'from-body', providerOptions: { gateway: { tags: ['a', 'b'] } } });
    await post(emulator, body, {
      headers: {
        'ai-reporting-user': 'from-header',
        'ai-reporting-tags': 'b, c',
        'x-vercel-ai-gateway-team': 'team_1',
        'http-referer': 'https://example.com',
        'x-api-key': 'hidden',
        cookie: 'hidden=1',
      },
    });
    const [record] = emulator.requests;
    expect(record).toMatchObject({
      method: 'POST',
      path: '/v1/chat/completions',
      body,
      tags: ['a', 'b', 'c'],
      user: 'from-header',
      team: 'team_1',
      authorization: { scheme: 'Bearer', keyTail: KEY.slice(-4) },
      status: 200,
    });
    expect(record?.headers['http-referer']).toBe('https://example.com');
    const everything = JSON.stringify(record);
    expect(everything).not.toContain(KEY);
    expect(everything).not.toContain('hidden');
  });

  it('keep the user of the body when no header replaces it, and text that is no JSON', async () => {
    await using emulator = await startVercelEmulator();
    await post(emulator, ask('Hi', { user: 'someone' }));
    await post(emulator, 'not json');
    expect(emulator.requests.map(({ user, body }) => user ?? body)).toEqual(['someone', 'not json']);
  });

  it('are the latest, as many as they and their bodies may be', async () => {
    await using emulator = await startVercelEmulator();
    for (const length of [10, 300, 20]) await post(emulator, ask('x'.repeat(length)));
    const [small, large, last] = emulator.requests as readonly RequestRecording[];
    if (small === undefined || large === undefined || last === undefined) throw new Error('not recorded');
    expect(large.bodyBytes - small.bodyBytes).toBe(290);
    const bySize = createRequestLog(10, large.bodyBytes + last.bodyBytes - 1);
    for (const record of [small, large, last, small]) bySize.add(record);
    expect(bySize.requests).toEqual([last, small]);
    const byNumber = createRequestLog(1);
    for (const record of [small, large, last]) byNumber.add(record);
    expect(byNumber.requests).toEqual([last]);
  });

  it('drop keys that could reach a prototype', async () => {
    await using emulator = await startVercelEmulator();
    await post(emulator, '{"model":"x","__proto__":{"polluted":true},"constructor":1}');
    expect(emulator.requests[0]?.body).toEqual({ model: 'x' });
  });

  it('are told to a log once they are over, which may fail without harm', async () => {
    let time = 1_000;
    const clock = { now: () => (time += 5), sleep: () => Promise.resolve() };
    const told: unknown[] = [];
    let tellAll = (): void => undefined;
    const allTold = new Promise<void>((resolve) => (tellAll = resolve));
    await using emulator = await startVercelEmulator({
      clock,
      maxRecordedRequests: 0,
      onSettled: ({ path, status, durationMs }) => {
        told.push([path, status, (durationMs ?? 0) > 0]);
        if (told.length === 3) tellAll();
        throw new Error('the log is full');
      },
    });
    await whole(emulator, ask('Hi'));
    await post(emulator, 'not json');
    await whole(emulator, ask('Hi'));
    expect(emulator.requests).toEqual([]);
    await allTold;
    expect(told).toEqual([
      ['/v1/chat/completions', 200, true],
      ['/v1/chat/completions', 400, true],
      ['/v1/chat/completions', 200, true],
    ]);
  });

  it('are no more than asked for, the latest ones', async () => {
    await using emulator = await startVercelEmulator({ maxRecordedRequests: 2 });
    for (const content of ['1', '2', '3']) await post(emulator, ask(content));
    expect(
      emulator.requests.map(({ body }) => (body as { messages: { content: string }[] }).messages[0]?.content),
    ).toEqual(['2', '3']);
  });
});

describe('the emulator', () => {
  it('listens on loopback, at a free port or at the one asked for', async () => {
    await using first = await startVercelEmulator();
    expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(first.baseUrl).toBe(`${first.url}/v1`);
    const port = Number(new URL(first.url).port);
    await expect(startVercelEmulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('closes twice, also with a request open, and is then gone', async () => {
    const emulator = await startVercelEmulator({ faults: [{ kind: 'stall', afterFrames: 1 }] });
    const response = await post(emulator, ask('Hi', { stream: true }));
    await Promise.all([emulator.close(), emulator.close()]);
    await expect(response.text()).rejects.toThrow();
    expect(emulator.requests[0]?.closedEarly).toBe(false);
    await expect(post(emulator, ask('Hi'))).rejects.toThrow();
  });

  it('runs beside another one without sharing anything', async () => {
    await using one = await startVercelEmulator({ faults: [{ kind: 'status', status: 500 }] });
    await using other = await startVercelEmulator();
    expect((await whole(other, ask('Hi')))['object']).toBe('chat.completion');
    expect((await post(one, ask('Hi'))).status).toBe(500);
    expect([one.requests.length, other.requests.length]).toEqual([1, 1]);
  });
});
