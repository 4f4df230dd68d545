import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { APICallError, generateText, InvalidArgumentError, NoSuchModelError, streamText } from 'ai';
import { end, errorReply, overScripts, reset, text, waitForClose } from './connect.ts';

const reasonOf = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    () => assert.fail('it was fulfilled'),
    (error: unknown) => error,
  );

describe('ai: failures through @headrace/ai-sdk', () => {
  it('makes as many attempts as the gateway does, and no more by retries of its own', async () => {
    await using setting = await overScripts([errorReply(500), { repeatLast: true }]);
    const error = await reasonOf(generateText({ model: setting.headrace('chat'), prompt: 'Hi' }));
    assert.ok(APICallError.isInstance(error));
    assert.equal(error.statusCode, 500);
    assert.equal(error.isRetryable, false);
    assert.equal((error.cause as { code?: unknown }).code, 'upstream-failed');
    assert.equal(setting.upstream.requests.length, 3);
  });

  it('hears of a failed stream as an error, and of its promises by the same', async () => {
    await using setting = await overScripts([errorReply(500), { repeatLast: true }]);
    const told: unknown[] = [];
    const result = streamText({
      model: setting.headrace('chat'),
      prompt: 'Hi',
      onError: ({ error }) => void told.push(error),
    });
    await result.consumeStream({ onError: () => undefined });
    assert.ok(APICallError.isInstance(told[0]));
    assert.equal(told.length, 1);
    await reasonOf(result.text);
    assert.equal(setting.upstream.requests.length, 3);
  });

  it('takes a cut stream for no answer: it throws, and its promises reject', async () => {
    await using setting = await overScripts([[text('The '), reset()], { repeatLast: true }]);
    const told: unknown[] = [];
    const ends: unknown[] = [];
    const result = streamText({
      model: setting.headrace('chat'),
      prompt: 'Hi',
      onError: ({ error }) => void told.push(error),
      onEnd: (event) => void ends.push(event),
    });
    const pieces: string[] = [];
    const thrown = await reasonOf(
      (async () => {
        for await (const piece of result.textStream) pieces.push(piece);
      })(),
    );
    assert.deepEqual(pieces, ['The ']);
    assert.ok(APICallError.isInstance(thrown));
    assert.equal(thrown.isRetryable, false);
    assert.deepEqual(told, [thrown]);
    assert.ok(APICallError.isInstance(await reasonOf(result.text)));
    assert.ok(APICallError.isInstance(await reasonOf(result.finishReason)));
    assert.deepEqual(ends, []);
    assert.equal(setting.upstream.requests.length, 1);
  });

  it('tells a client of a UI stream that the answer was cut', async () => {
    await using setting = await overScripts([[text('The '), reset()], { repeatLast: true }]);
    const result = streamText({ model: setting.headrace('chat'), prompt: 'Hi', onError: () => undefined });
    const types: string[] = [];
    await reasonOf(
      (async () => {
        for await (const { type } of result.toUIMessageStream()) types.push(type);
      })(),
    );
    assert.ok(types.includes('error'), types.join());
    assert.ok(!types.includes('finish'), types.join());
  });

  it('names the nearest provider and the wrong argument', async () => {
    await using setting = await overScripts([[text('a'), end()]]);
    const unknown = await reasonOf(generateText({ model: setting.headrace('q:m'), prompt: 'Hi' }));
    assert.ok(NoSuchModelError.isInstance(unknown));
    assert.match(unknown.message, /"p"/);
    const wrong = generateText({
      model: setting.headrace('chat'),
      prompt: 'Hi',
      providerOptions: { headrace: { tennant: 'a' } },
    });
    const error = await reasonOf(wrong);
    assert.ok(InvalidArgumentError.isInstance(error));
    assert.match(error.message, /Did you mean "tenant"\?/);
    assert.equal(setting.upstream.requests.length, 0);
  });

  it('closes the socket when a whole answer is aborted', async () => {
    await using setting = await overScripts([[waitForClose()]]);
    const controller = new AbortController();
    const answer = generateText({
      model: setting.headrace('chat'),
      prompt: 'Hi',
      abortSignal: controller.signal,
    });
    const request = await setting.upstream.waitForRequest(1);
    controller.abort();
    assert.equal(await reasonOf(answer), controller.signal.reason);
    await request.closed;
  });

  it('closes the socket when a stream is aborted, and tells so', async () => {
    await using setting = await overScripts([[text('The '), waitForClose()]]);
    const controller = new AbortController();
    let aborted = 0;
    const result = streamText({
      model: setting.headrace('chat'),
      prompt: 'Hi',
      abortSignal: controller.signal,
      onAbort: () => {
        aborted += 1;
      },
    });
    const types: string[] = [];
    for await (const { type } of result.stream) {
      types.push(type);
      if (type === 'text-delta') controller.abort();
    }
    assert.equal(types.at(-1), 'abort');
    assert.equal(aborted, 1);
    await (await setting.upstream.waitForRequest(1)).closed;
  });
});
