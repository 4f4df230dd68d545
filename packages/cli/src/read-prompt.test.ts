import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { Captured, type FakeIoOptions, fakeIo } from './__fixtures__/fake-io.js';
import { readPrompt } from './read-prompt.js';
import { TextOutput } from './text-output.js';
import { UsageError } from './usage-error.js';

const stop = new AbortController();
const read = (words: readonly string[], options: FakeIoOptions, signal = stop.signal) => {
  const io = fakeIo(options);
  return readPrompt(words, io, new TextOutput(io.stderr, () => {}), signal);
};

describe('the prompt', () => {
  it('is the words of the command line', async () => {
    await expect(read(['Say', 'hello'], {})).resolves.toBe('Say hello');
  });

  it('is what is piped in when there are no words', async () => {
    await expect(read([], { stdin: 'from a pipe\n', stdinKind: 'stream' })).resolves.toBe('from a pipe\n');
    await expect(read(['-'], { stdin: 'from a pipe\n', stdinKind: 'stream' })).resolves.toBe('from a pipe\n');
  });

  it('is both, the piped text after the words', async () => {
    await expect(read(['Sum up:'], { stdin: 'a\nb\n', stdinKind: 'stream' })).resolves.toBe('Sum up:\n\na\nb\n');
  });

  it('is the words alone when the pipe is empty', async () => {
    await expect(read(['Hello'], { stdin: ' \n', stdinKind: 'stream' })).resolves.toBe('Hello');
  });

  it('may be typed at the terminal, with a word on how to end', async () => {
    const stderr = new Captured(true);
    await expect(read([], { stdin: 'typed\n', stdinKind: 'terminal', stderr })).resolves.toBe('typed\n');
    expect(stderr.text).toContain('Ctrl-D');
  });

  it('is put together from characters that chunks have split', async () => {
    const stdin = new PassThrough();
    const prompt = read([], { stdin, stdinKind: 'stream' });
    const bytes = Buffer.from('grün 👍');
    for (const byte of bytes) stdin.write(Buffer.of(byte));
    stdin.end();
    await expect(prompt).resolves.toBe('grün 👍');
  });

  it('does not wait for a socket that nobody writes to when there are words', async () => {
    const io = fakeIo({ stdin: new PassThrough(), stdinKind: 'socket' });
    const prompt = readPrompt(['Hello'], io, new TextOutput(io.stderr, () => {}), stop.signal);
    io.clock.advance(1_000);
    await expect(prompt).resolves.toBe('Hello');
    expect(io.clock.pending).toBe(0);
  });

  it('takes all that a socket sends, once it speaks', async () => {
    const stdin = new PassThrough();
    const io = fakeIo({ stdin, stdinKind: 'socket' });
    const prompt = readPrompt(['Sum up:'], io, new TextOutput(io.stderr, () => {}), stop.signal);
    stdin.write('part one, ');
    await new Promise((resolve) => stdin.once('readable', resolve));
    await new Promise(setImmediate);
    io.clock.advance(5_000);
    stdin.end('part two');
    await expect(prompt).resolves.toBe('Sum up:\n\npart one, part two');
  });

  it.each([
    ['nothing at all', { stdin: '', stdinKind: 'stream' as const }, 'There is no prompt.'],
    [
      'bytes that are no text',
      { stdin: Buffer.of(0x68, 0xff, 0xfe), stdinKind: 'stream' as const },
      'Standard input is not text in UTF-8.',
    ],
    [
      'more than any model takes',
      { stdin: Buffer.alloc(16 * 1024 * 1024 + 1, 'a'), stdinKind: 'stream' as const },
      'Standard input is longer than 16 MiB.',
    ],
  ])('cannot be %s', async (_what, options, message) => {
    await expect(read([], options)).rejects.toThrow(new UsageError(message));
  });

  it('is not waited for after Ctrl-C', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped');
    const prompt = read([], { stdin: new PassThrough(), stdinKind: 'stream' }, controller.signal);
    controller.abort(reason);
    await expect(prompt).rejects.toBe(reason);
  });
});
