import { describe, expect, it } from '@jest/globals';
import { Captured, FakeClock } from './__fixtures__/fake-io.js';
import { progressFor } from './progress.js';
import { TextOutput } from './text-output.js';

const start = (stream: Captured, env: Record<string, string> = {}, quiet = false) => {
  const clock = new FakeClock();
  const progress = progressFor(new TextOutput(stream, () => {}), clock, env, quiet);
  progress.start('waiting for a/b');
  return { clock, progress };
};

describe('progress', () => {
  it('counts up on one line of the terminal and then vanishes', () => {
    const stream = new Captured(true);
    const { clock, progress } = start(stream);
    clock.advance(100);
    progress.erase();
    progress.erase();
    expect(stream.text).toBe('\rwaiting for a/b … 0.0 s\u001b[K\rwaiting for a/b … 0.1 s\u001b[K\r\u001b[K');
    expect(clock.pending).toBe(0);
  });

  it('says at once what is waited for now, counting on, and nothing once it has vanished', () => {
    const stream = new Captured(true);
    const { clock, progress } = start(stream);
    clock.advance(100);
    const before = stream.text;
    progress.relabel('thinking');
    progress.relabel('thinking');
    clock.advance(100);
    progress.erase();
    progress.relabel('late');
    expect(stream.text).toBe(`${before}\rthinking … 0.1 s\u001b[K\rthinking … 0.2 s\u001b[K\r\u001b[K`);
  });

  it('never wraps in a narrow terminal', () => {
    const stream = new Captured(true, 12);
    start(stream);
    expect(stream.text).toBe('\rwaiting fo…\u001b[K');
  });

  it.each([
    ['in a pipe', new Captured(false), {}, false],
    ['on a dumb terminal', new Captured(true), { TERM: 'dumb' }, false],
    ['when quiet is asked for', new Captured(true), {}, true],
  ])('is silent %s', (_where, stream, env, quiet) => {
    const { clock, progress } = start(stream, env, quiet);
    progress.relabel('thinking');
    progress.erase();
    expect(stream.text).toBe('');
    expect(clock.pending).toBe(0);
  });
});
