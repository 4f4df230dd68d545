import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  APIConnectionError,
  APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from '@anthropic-ai/sdk';
import { PaymentRequiredError, ServiceUnavailableError } from '@anthropic-ai/sdk/core/error';
import { startVercelEmulator } from '../emulator.ts';
import { failure } from '../failure.ts';
import { ask, connect, MESSAGES } from './connect.ts';

// More often than the client tries by itself.
const ALWAYS = { path: MESSAGES, times: 3, headers: { 'retry-after-ms': 1 } };

describe('@anthropic-ai/sdk: errors', () => {
  it('makes AuthenticationError of a key that is not known, and reads type and message', async () => {
    await using emulator = await startVercelEmulator();
    const error = await failure(connect(emulator, 'sk-ant-wrong').messages.create(ask('Hi')), AuthenticationError);
    assert.equal(error.type, 'authentication_error');
    assert.match(error.apiMessage ?? '', /credential/);
    assert.equal(emulator.requests.length, 1, 'not tried again');
  });

  it('makes BadRequestError of a body that is wrong', async () => {
    await using emulator = await startVercelEmulator();
    const error = await failure(connect(emulator).messages.create({ ...ask('Hi'), max_tokens: 0 }), BadRequestError);
    assert.equal(error.type, 'invalid_request_error');
    assert.match(error.apiMessage ?? '', /max_tokens/);
  });

  it('makes NotFoundError of a model that is not there', async () => {
    await using emulator = await startVercelEmulator();
    const error = await failure(connect(emulator).messages.create(ask('Hi', 'anthropic/claude-0')), NotFoundError);
    assert.match(error.apiMessage ?? '', /anthropic\/claude-0/);
  });

  it('makes a class of its own of every status, with the message', async () => {
    await using emulator = await startVercelEmulator();
    const classes = [
      [402, PaymentRequiredError],
      [403, PermissionDeniedError],
      [429, RateLimitError],
      [500, InternalServerError],
      [503, ServiceUnavailableError],
    ] as const;
    for (const [status, expected] of classes) {
      const tries = status === 402 || status === 403 ? 1 : 3;
      emulator.script({ kind: 'status', status, ...ALWAYS, times: tries });
      const before = emulator.requests.length;
      const error: APIError = await failure(connect(emulator).messages.create(ask('Hi')), expected);
      assert.equal(error.status, status);
      assert.ok((error.apiMessage ?? '').length > 0 && (error.type ?? '').length > 0, `${status}`);
      assert.equal(emulator.requests.length - before, tries);
    }
  });

  it('tries 429, 503 and a broken connection again unseen', async () => {
    await using emulator = await startVercelEmulator();
    const faults = [
      { kind: 'status', status: 429, path: MESSAGES, headers: { 'retry-after-ms': 1 } },
      { kind: 'status', status: 503, path: MESSAGES, headers: { 'retry-after-ms': 1 } },
      { kind: 'reset', path: MESSAGES },
    ] as const;
    for (const fault of faults) {
      const before = emulator.requests.length;
      emulator.script(fault);
      assert.equal((await connect(emulator).messages.create(ask('Hi'))).stop_reason, 'end_turn');
      assert.equal(emulator.requests.length - before, 2);
    }
  });

  it('makes APIConnectionError of connections that always break', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script({ kind: 'reset', path: MESSAGES, times: 3 });
    await failure(connect(emulator).messages.create(ask('Hi')), APIConnectionError);
  });

  it('throws APIError when an error comes inside a stream', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script({ kind: 'error-frame', afterFrames: 3, path: MESSAGES });
    let events = 0;
    const reading = async (): Promise<void> => {
      for await (const _event of await connect(emulator).messages.create({ ...ask('Count to 20'), stream: true }))
        events += 1;
    };
    const error: unknown = await reading().catch((reason: unknown) => reason);
    assert.ok(error instanceof APIError, String(error));
    assert.ok((error.apiMessage ?? '').length > 0);
    assert.equal(events, 3);
  });

  it('rejects from its helper when a stream is cut', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script({ kind: 'cut', afterFrames: 4, path: MESSAGES });
    await assert.rejects(connect(emulator).messages.stream(ask('Count to 20')).finalMessage());
  });
});

describe('@anthropic-ai/sdk: abort', () => {
  it('closes the stream of a reader that leaves, and of a helper that aborts', async () => {
    await using emulator = await startVercelEmulator({ tokensPerSecond: 500 });
    const client = connect(emulator);
    const long = ask('Write 2000 words about rivers.');
    for await (const event of await client.messages.create({ ...long, stream: true })) {
      if (event.type === 'content_block_delta') break;
    }
    const stream = client.messages.stream(long);
    stream.on('streamEvent', ({ type }) => {
      if (type === 'content_block_delta') stream.abort();
    });
    await assert.rejects(stream.finalMessage(), APIUserAbortError);
    await Promise.all(emulator.requests.map(({ settled }) => settled));
    assert.deepEqual(
      emulator.requests.map(({ closedEarly }) => closedEarly),
      [true, true],
    );
  });
});
