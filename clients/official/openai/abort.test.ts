import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { APIConnectionTimeoutError, APIUserAbortError } from 'openai';
import { startVercelEmulator } from '../emulator.ts';
import { ask, connect } from './connect.ts';

const LONG = 'Write 2000 words about rivers.';

describe('openai: abort', () => {
  it('closes the stream of a reader that leaves', async () => {
    await using emulator = await startVercelEmulator({ tokensPerSecond: 500 });
    for await (const chunk of await connect(emulator).chat.completions.create({ ...ask(LONG), stream: true })) {
      if (chunk.choices[0]?.delta.content !== undefined) break;
    }
    const [request] = emulator.requests;
    await request?.settled;
    assert.equal(request?.closedEarly, true);
  });

  it('ends a stream by signal, in the helper with APIUserAbortError', async () => {
    await using emulator = await startVercelEmulator({ tokensPerSecond: 500 });
    const controller = new AbortController();
    const stream = connect(emulator).chat.completions.stream(ask(LONG), { signal: controller.signal });
    stream.on('content', () => controller.abort());
    await assert.rejects(stream.finalContent(), APIUserAbortError);
    const [request] = emulator.requests;
    await request?.settled;
    assert.equal(request?.closedEarly, true);
  });

  it('ends a call that waits for headers by signal or time', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script({ kind: 'hang' }, { kind: 'hang' });
    const client = connect(emulator);
    const controller = new AbortController();
    const waiting = client.chat.completions.create(ask(LONG), { signal: controller.signal });
    const ended = assert.rejects(waiting, APIUserAbortError);
    controller.abort();
    await ended;
    const late = client.chat.completions.create(ask(LONG), { timeout: 50, maxRetries: 0 });
    await assert.rejects(late, APIConnectionTimeoutError);
  });
});
