import { describe, expect, it } from '@jest/globals';
import { fakeUpstream } from './__fixtures__/fake-gateway.js';
import { Captured, fakeIo } from './__fixtures__/fake-io.js';
import { run } from './cli.js';
import { COMMANDS } from './commands/command-list.js';
import { EXIT_CODES } from './exit-code.js';

const runIt = async (argv: readonly string[], stdout = new Captured(), env: Record<string, string> = {}) => {
  const io = fakeIo({ stdout, env });
  const upstream = fakeUpstream();
  const code = await run(argv, io, upstream.connect);
  return { code, out: io.stdout.text, err: io.stderr.text, connections: upstream.connections, io };
};

describe('help', () => {
  it.each([[[]], [['help']], [['--help']], [['-h']], [['help', 'help']]])('is printed for %j', async (argv) => {
    const { code, out, err, connections } = await runIt(argv);
    expect(code).toBe(0);
    expect(err).toBe('');
    for (const { name, summary } of COMMANDS) expect(out).toContain(`${name.padEnd(16)}${summary}`);
    for (const [exit, meaning] of EXIT_CODES)
      expect(out).toMatch(new RegExp(`^  ${exit} +${meaning.slice(0, 20)}`, 'm'));
    expect(connections).toEqual([]);
  });

  it.each(COMMANDS.map(({ name }) => [name]))('on %s names all of its options, and fits 100 columns', async (name) => {
    const { code, out } = await runIt(['help', name]);
    expect(code).toBe(0);
    const command = COMMANDS.find((one) => one.name === name);
    for (const option of command?.options ?? []) expect(out).toContain(`--${option.name}`);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    expect((await runIt([name, '--help'])).out).toBe(out);
    expect((await runIt([name, '-h', '--json'])).code).toBe(['tour', 'new-provider'].includes(name) ? 2 : 0);
  });

  it('has colours on a terminal only, and not when they are unwanted', async () => {
    expect((await runIt([], new Captured(true))).out).toContain('\u001b[');
    expect((await runIt([], new Captured(true), { NO_COLOR: '1' })).out).not.toContain('\u001b');
    expect((await runIt([])).out).not.toContain('\u001b');
  });

  it('is not asked of the version', async () => {
    const { code, out } = await runIt(['--version']);
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  });
});

describe('a command line that is wrong', () => {
  it.each([
    [['complet'], 'There is no command "complet". Did you mean complete?'],
    [['constructor'], 'There is no command "constructor".'],
    [['help', 'modles'], 'There is no command "modles". Did you mean models?'],
    [['help', 'models', 'tour'], 'headrace help takes one command.'],
    [['--versoin'], 'There is no option --versoin before a command. Did you mean --version?'],
    [['--quiet', 'complete'], 'There is no option --quiet before a command.'],
    [['models', 'claude'], 'headrace models takes options only, not "claude".'],
    [
      ['complete', '--temprature', '1', 'Hi'],
      'There is no option --temprature of headrace complete. Did you mean --temperature?',
    ],
    [['complete', '--quiet', '-v', 'Hi'], '--quiet and -v exclude each other.'],
    [
      ['complete', '--emulator', '--base-url', 'http://127.0.0.1', 'Hi'],
      '--emulator and --base-url exclude each other.',
    ],
    [['complete', '--timeout', '0', 'Hi'], '--timeout takes seconds from 0.001 to 86400, not 0.'],
    [['complete', '--max-attempts', '11', 'Hi'], '--max-attempts takes a whole number from 1 to 10, not 11.'],
    [['complete', '--recovery', 'verfy', 'Hi'], '--recovery does not know "verfy". Did you mean verify?'],
    [['complete', '--recovery', 'on', 'Hi'], '--recovery does not know "on".'],
    [['complete', '--schema', 'no-such-file.json', 'Hi'], '--schema: cannot read no-such-file.json (ENOENT).'],
    [['complete', '-m', ' ', 'Hi'], '-m needs the id of a model.'],
  ])('%j exits with 2 before anything is opened', async (argv, message) => {
    const { code, out, err, connections } = await runIt(argv);
    expect(err.split('\n')[0]).toBe(`headrace: ${message}`);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(connections).toEqual([]);
  });

  it('is told as JSON when JSON was asked for', async () => {
    const { code, err } = await runIt(['complete', '--json', '--nope']);
    expect(code).toBe(2);
    expect(JSON.parse(err)).toEqual({
      error: {
        code: 'usage',
        message: 'There is no option --nope of headrace complete.',
        exitCode: 2,
        remedy: 'headrace help complete lists the options.',
      },
    });
  });

  it('is told in words when --json is but a word of the prompt', async () => {
    const { err } = await runIt(['complete', '--nope', '--', '--json']);
    expect(err).toMatch(/^headrace: There is no option --nope/);
  });
});

describe('the process', () => {
  it('is left without listeners for signals', async () => {
    const { io } = await runIt(['models']);
    expect(io.signals.listenerCount('SIGINT')).toBe(0);
    expect(io.signals.listenerCount('SIGTERM')).toBe(0);
    expect(io.clock.pending).toBe(0);
  });

  it('hears of a disk that is full', async () => {
    const full = Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' });
    const { code, err } = await runIt(['--version'], new Captured(false, undefined, (_text, done) => done(full)));
    expect(code).toBe(1);
    expect(err).toBe('headrace: cannot write to standard output (ENOSPC)\n');
  });

  it('ends well when the reader of help has gone', async () => {
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const { code, err } = await runIt([], new Captured(false, undefined, (_text, done) => done(gone)));
    expect([code, err]).toEqual([0, '']);
  });
});
