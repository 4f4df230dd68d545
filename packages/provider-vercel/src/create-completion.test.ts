import { collect, collectUntilError, rejectionOf } from '@headrace/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import {
  brokenInBand,
  json,
  type LoopbackServer,
  loopbackServer,
  plain,
  streamed,
  unfinished,
  whole,
} from './__fixtures__/loopback-server.js';
import { conversationPrompt, messagesOfPrompt } from './conversation-prompt.js';
import { closeDefaultGateway, createCompletion } from './create-completion.js';

const model = 'openai/gpt-4.1-nano';

let server: LoopbackServer;
let before: NodeJS.ProcessEnv;

beforeEach(async () => {
  before = { ...process.env };
  server = await loopbackServer(streamed(['Hel', 'lo']));
  process.env['AI_GATEWAY_BASE_URL'] = server.url;
  process.env['AI_GATEWAY_API_KEY'] = canaryKey();
});

afterEach(async () => {
  process.env = before;
  await closeDefaultGateway();
  await server[Symbol.asyncDispose]();
});

describe('createCompletion', () => {
  it.each([model, `vercel:${model}`])('streams text for %s with the credential of the environment', async (name) => {
    await expect(collect(createCompletion({ model: name, prompt: 'Hi' }))).resolves.toEqual(['Hel', 'lo']);
    expect(server.received[0]).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: `Bearer ${canaryKey()}` },
    });
    expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({ model, stream: true });
  });

  it('yields the whole answer once with stream: false', async () => {
    server.answer(whole('Hello'));
    await expect(
      collect(
        createCompletion({ model, messages: [{ role: 'user', content: 'Hi' }], stream: false, temperature: 0.5 }),
      ),
    ).resolves.toEqual(['Hello']);
    expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({
      temperature: 0.5,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(server.received[0]?.headers.accept).toBe('application/json');
    expect(JSON.parse(server.received[0]?.body ?? '')).not.toHaveProperty('stream');
  });

  it('retries a whole answer too, also one that holds an error, and yields it once', async () => {
    const answers = [
      plain(503, 'text/html', '<html>busy</html>'),
      json(200, { id: 'gen_1', error: { message: 'busy', type: 'overloaded_error' } }, { 'x-n': '2' }),
      whole('Hello'),
    ];
    server.answer((request, response) => answers.shift()?.(request, response));
    await expect(collect(createCompletion({ model, prompt: 'Hi', stream: false }))).resolves.toEqual(['Hello']);
    expect(server.received).toHaveLength(3);
  });

  it.each([true, false])('does not ask again for what cannot be mended, stream: %s', async (stream) => {
    server.answer(json(402, { error: { message: 'Insufficient funds', type: 'insufficient_funds' } }));
    await expect(rejectionOf(collect(createCompletion({ model, prompt: 'Hi', stream })))).resolves.toMatchObject({
      code: 'quota-exhausted',
      receipt: { attempts: [{ outcome: 'failed' }] },
    });
    expect(server.received).toHaveLength(1);
  });

  it('gives what came before the answer was cut, and then throws', async () => {
    server.answer(brokenInBand({ code: 'error', message: 'gone' }));
    await expect(collectUntilError(createCompletion({ model, prompt: 'Hi' }))).resolves.toMatchObject({
      items: ['Hel'],
      error: { code: 'upstream-failed', delivered: true },
    });
    expect(server.received).toHaveLength(1);
  });

  it('takes a conversation as one text, or read back as messages', async () => {
    const conversation = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Two lines:\nassistant: no' },
    ] as const;
    const prompt = conversationPrompt(conversation);
    await collect(createCompletion({ model, prompt }));
    await collect(createCompletion({ model, messages: messagesOfPrompt(prompt) }));
    const bodies = server.received.map(({ body }) => JSON.parse(body) as { messages: unknown });
    expect(bodies.map(({ messages }) => messages)).toEqual([
      [{ role: 'user', content: 'system: Be brief.\nuser: Two lines:\n  assistant: no\nassistant:' }],
      conversation,
    ]);
  });

  it('sends nothing until the first piece is asked for, and nothing after it was left before that', async () => {
    const answer = createCompletion({ model, prompt: 'Hi' });
    await answer.return(undefined);
    await expect(answer.next()).resolves.toMatchObject({ done: true });
    expect(server.received).toHaveLength(0);
  });

  it('keeps keys apart', async () => {
    for (const apiKey of [canaryKey(2), canaryKey(3), canaryKey(2)])
      await collect(createCompletion({ model, prompt: 'Hi', apiKey }));
    await collect(createCompletion({ model, prompt: 'Hi' }));
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${canaryKey(2)}`,
      `Bearer ${canaryKey(3)}`,
      `Bearer ${canaryKey(2)}`,
      `Bearer ${canaryKey()}`,
    ]);
  });

  it('goes on working when more keys were used than are kept', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `vck_${index}`);
    for (const apiKey of [...keys, ...keys.slice(0, 3)])
      await collect(createCompletion({ model, prompt: 'Hi', apiKey }));
    expect(server.received).toHaveLength(23);
  });

  it('retries before the first piece', async () => {
    let calls = 0;
    server.answer((request, response) => {
      calls += 1;
      if (calls > 1) return streamed(['ok'])(request, response);
      response.writeHead(503, { 'content-type': 'application/json', 'retry-after-ms': '1' }).end('{}');
    });
    await expect(collect(createCompletion({ model, prompt: 'Hi' }))).resolves.toEqual(['ok']);
    expect(calls).toBe(2);
  });

  it('closes the upstream when the reader leaves the loop', async () => {
    let closed = (): void => {};
    const gone = new Promise<void>((resolve) => (closed = resolve));
    server.answer(unfinished(() => closed()));
    for await (const text of createCompletion({ model, prompt: 'Hi' })) {
      expect(text).toBe('Hel');
      break;
    }
    await gone;
  });

  it('can be left while it waits for a whole answer', async () => {
    let asked = (): void => {};
    let closed = (): void => {};
    const arrived = new Promise<void>((resolve) => (asked = resolve));
    const gone = new Promise<void>((resolve) => (closed = resolve));
    server.answer((_, response) => {
      response.on('close', () => closed());
      asked();
    });
    const answer = createCompletion({ model, prompt: 'Hi', stream: false });
    const pending = answer.next();
    await arrived;
    await answer.return(undefined);
    await gone;
    await expect(pending).resolves.toMatchObject({ done: true });
  });

  it('throws the caller’s own reason when aborted', async () => {
    server.answer(unfinished(() => {}));
    const abort = new AbortController();
    const answer = createCompletion({ model, prompt: 'Hi', signal: abort.signal });
    await answer.next();
    const reason = { why: 'enough' };
    const pending = answer.next();
    abort.abort(reason);
    await expect(pending).rejects.toBe(reason);
    await expect(rejectionOf(collect(createCompletion({ model, prompt: 'Hi', signal: abort.signal })))).resolves.toBe(
      reason,
    );
  });

  it('does not keep a gateway that could not be made', async () => {
    process.env['AI_GATEWAY_BASE_URL'] = 'nonsense';
    await expect(rejectionOf(collect(createCompletion({ model, prompt: 'Hi' })))).resolves.toMatchObject({
      code: 'invalid-configuration',
    });
    process.env['AI_GATEWAY_BASE_URL'] = server.url;
    await expect(collect(createCompletion({ model, prompt: 'Hi' }))).resolves.toEqual(['Hel', 'lo']);
  });

  it('can be closed and used again', async () => {
    await collect(createCompletion({ model, prompt: 'Hi' }));
    await closeDefaultGateway();
    await closeDefaultGateway();
    await collect(createCompletion({ model, prompt: 'Hi' }));
    expect(server.received).toHaveLength(2);
  });

  it('refuses a word for `stream` before anything is sent', async () => {
    const options = { model, prompt: 'Hi', stream: 'false' } as never;
    await expect(rejectionOf(collect(createCompletion(options)))).resolves.toMatchObject({
      code: 'invalid-request',
      issues: [{ field: 'stream', message: 'must be true or false.' }],
    });
    expect(server.received).toHaveLength(0);
  });

  it('names the parameter that was misspelt', async () => {
    const options = { model, prompt: 'Hi', temprature: 1 } as never;
    await expect(rejectionOf(collect(createCompletion(options)))).resolves.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('temperature'),
    });
  });
});
