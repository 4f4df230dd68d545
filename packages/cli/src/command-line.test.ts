import { describe, expect, it } from '@jest/globals';
import { parseCommandLine } from './command-line.js';
import type { CommandOption } from './command-option.js';
import { UsageError } from './usage-error.js';

const OPTIONS: readonly CommandOption[] = [
  { name: 'model', short: 'm', value: 'MODEL', summary: '' },
  { name: 'max-output-tokens', alias: 'max-tokens', value: 'N', summary: '' },
  { name: 'stop', value: 'TEXT', repeatable: true, summary: '' },
  { name: 'json', summary: '' },
];
const parse = (...args: string[]) => parseCommandLine(args, OPTIONS, 'complete');

describe('the command line', () => {
  it('takes options before, between and after words', () => {
    const line = parse('--json', 'say', '-m', 'a/b', 'hello');
    expect(line.positionals).toEqual(['say', 'hello']);
    expect(line.value('model')).toBe('a/b');
    expect(line.has('json')).toBe(true);
    expect(line.has('stop')).toBe(false);
  });

  it('takes a negative number as a value', () => {
    expect(parse('--max-tokens', '-5').value('max-output-tokens')).toBe('-5');
  });

  it('reads an alias as the option it stands for, and remembers what was typed', () => {
    const line = parse('--max-tokens=7', '-m', 'x');
    expect(line.value('max-output-tokens')).toBe('7');
    expect(line.typed('max-output-tokens')).toBe('--max-tokens');
    expect(line.typed('model')).toBe('-m');
    expect(line.typed('stop')).toBe('--stop');
  });

  it('collects what may be repeated, and lets the last one count of what may not', () => {
    const line = parse('--stop', 'a', '--stop', 'b', '-m', 'x', '-m', 'y');
    expect(line.values('stop')).toEqual(['a', 'b']);
    expect(line.values('model')).toEqual(['y']);
  });

  it('takes everything after -- as words', () => {
    expect(parse('--', '--json', '-m').positionals).toEqual(['--json', '-m']);
  });

  it.each([
    [['--jsn'], 'There is no option --jsn of headrace complete. Did you mean --json?'],
    [['--modle', 'x'], 'There is no option --modle of headrace complete. Did you mean --model?'],
    [['--constructor'], 'There is no option --constructor of headrace complete.'],
    [['-z'], 'There is no option -z of headrace complete.'],
    [['--json=yes'], '--json takes no value.'],
    [['--model'], '--model needs a value: MODEL. A value that begins with - is written --model=-….'],
    [['--model', '--json'], '--model needs a value: MODEL. A value that begins with - is written --model=-….'],
    [['-m'], '-m needs a value: MODEL.'],
  ])('refuses %j with a message that names it', (args, message) => {
    expect(() => parse(...args)).toThrow(new UsageError(message));
  });

  it('takes a value that begins with a dash when it is tied to its option', () => {
    expect(parse('--stop=--end').values('stop')).toEqual(['--end']);
  });
});
