import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  APIConnectionError,
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from 'openai';
import { startVercelEmulator } from '../emulator.ts';
import { failure } from '../failure.ts';
import { ask, connect } from './connect.ts';

// More often than the client tries by itself.
const ALWAYS = { times: 3, headers: { 'retry-after-ms': 1 } };

describe('openai: errors', () => {
  it('makes AuthenticationError of a key that is not known', async () => {
    await using emulator = await startVercelEmulator();
    const error = await failure(connect(emulator, 'sk-wrong').chat.completions.create(ask('Hi')), AuthenticationError);
    assert.equal(error.status, 401);
    assert.equal(error.type, 'authentication_error');
    assert.equal(emulator.requests.length, 1, 'not tried again');
  });

  it('makes BadRequestError of a body that is wrong, with the field', async () => {
    await using emulator = await startVercelEmulator();
    const error = await failure(
      connect(emulator).chat.completions.create({ ...ask('Hi'), temperature: 9 }),
      BadRequestError,
    );
    assert.equal(error.param, 'temperature');
    assert.equal(error.code, 'invalid_request_error');
    assert.match(error.message, /^400 Invalid input: temperature/);
  });

  it('makes NotFoundError of a model and of a path that is not there', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const error = await failure(client.chat.completions.create(ask('Hi', 'openai/gpt-0')), NotFoundError);
    assert.equal(error.type, 'model_not_found');
    assert.match(error.message, /Model 'openai\/gpt-0' not found/);
    await failure(client.batches.list(), NotFoundError);
  });

  it('makes RateLimitError of 429 that does not end', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script({ kind: 'status', status: 429, ...ALWAYS });
    const error = await failure(connect(emulator).chat.completions.create(ask('Hi')), RateLimitError);
    assert.equal(error.type, 'rate_limit_exceeded');
    assert.equal(emulator.requests.length, 3);
  });

  it('makes InternalServerError of 500 and 503 that do not end', async () => {
    await using emulator = await startVercelEmulator();
    for (const status of [500, 503]) {
      emulator.script({ kind: 'status', status, ...ALWAYS });
      const error = await failure(connect(emulator).chat.completions.create(ask('Hi')), InternalServerError);
      assert.equal(error.status, status);
    }
  });

  it('makes PermissionDeniedError of 403, and has no class for 402', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script({ kind: 'status', status: 403 }, { kind: 'status', status: 402 });
    const client = connect(emulator);
    await failure(client.chat.completions.create(ask('Hi')), PermissionDeniedError);
    const error = await failure(client.chat.completions.create(ask('Hi')), APIError);
    assert.equal(error.status, 402);
    assert.equal(error.type, 'insufficient_funds');
  });

  it('tries 429, 503 and a broken connection again unseen', async () => {
    await using emulator = await startVercelEmulator();
    const faults = [
      { kind: 'status', status: 429, headers: { 'retry-after-ms': 1 } },
      { kind: 'status', status: 503, headers: { 'retry-after-ms': 1 } },
      { kind: 'reset' },
    ] as const;
    for (const fault of faults) {
      const before = emulator.requests.length;
      emulator.script(fault);
      const { choices } = await connect(emulator).chat.completions.create(ask('Hi'));
      assert.equal(choices[0]?.finish_reason, 'stop');
      assert.equal(emulator.requests.length - before, 2);
    }
  });

  it('makes APIConnectionError of connections that always break', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script({ kind: 'reset', times: 3 });
    await failure(connect(emulator).chat.completions.create(ask('Hi')), APIConnectionError);
  });

  it('throws APIError when an error comes inside a stream', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script({ kind: 'error-frame', afterFrames: 3 });
    let pieces = 0;
    const reading = async (): Promise<void> => {
      const stream = await connect(emulator).chat.completions.create({ ...ask('Count to 20'), stream: true });
      for await (const _chunk of stream) pieces += 1;
    };
    const error = await failure(reading(), APIError);
    assert.equal(error.status, undefined);
    assert.ok(error.message.length > 0);
    assert.equal(pieces, 3);
  });

  it('rejects from its helper when a stream is cut', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script({ kind: 'reset', afterFrames: 3 });
    await assert.rejects(connect(emulator).chat.completions.stream(ask('Count to 20')).finalContent());
    emulator.script({ kind: 'cut', afterFrames: 3 });
    const cut = connect(emulator).chat.completions.stream(ask('Count to 20'));
    await assert.rejects(cut.finalContent(), /finish/i);
  });
});
