import { describe, expect, it } from '@jest/globals';
import { parseCommandLine } from './command-line.js';
import { optionOfField, withOptionNames } from './option-of-field.js';
import { PARAMETER_OPTIONS, parseParameters } from './parse-parameters.js';
import { UsageError } from './usage-error.js';

const line = (...args: string[]) => parseCommandLine(args, PARAMETER_OPTIONS, 'complete');

describe('generation parameters', () => {
  it('are read from their options, every one of them', () => {
    const args =
      '--temperature 0.7 --top-p .9 --top-k 40 --max-output-tokens 100 --presence-penalty -1.5 --frequency-penalty 2 ' +
      '--stop END --stop \n\n --seed 7 --reasoning-effort low --reasoning-budget-tokens 0';
    expect(parseParameters(line(...args.split(' ')))).toEqual({
      temperature: 0.7,
      topP: 0.9,
      topK: 40,
      maxOutputTokens: 100,
      presencePenalty: -1.5,
      frequencyPenalty: 2,
      stopSequences: ['END', '\n\n'],
      seed: 7,
      reasoningEffort: 'low',
      reasoningBudgetTokens: 0,
    });
  });

  it('are absent when they were not typed: the upstream has defaults of its own', () => {
    expect(Object.keys(parseParameters(line()))).toEqual([]);
  });

  it.each([
    [['--temperature', 'hot'], '--temperature takes a number, not "hot".'],
    [['--temperature', ''], '--temperature takes a number, not "".'],
    [['--temperature', '1,5'], '--temperature takes a number, not "1,5".'],
    [['--temperature', '0x10'], '--temperature takes a number, not "0x10".'],
    [['--temperature', 'NaN'], '--temperature takes a number, not "NaN".'],
    [['--temperature', '1e999'], '--temperature takes a number, not "1e999".'],
    [['--temperature', ' 1'], '--temperature takes a number, not " 1".'],
    [['--max-tokens', '1.5'], '--max-tokens takes a whole number, not "1.5".'],
    [['--seed', '9007199254740993'], '--seed takes a whole number, not "9007199254740993".'],
    [['--reasoning-effort', 'hihg'], '--reasoning-effort does not know "hihg". Did you mean high?'],
  ])('refuse %j', (args, message) => {
    expect(() => parseParameters(line(...args))).toThrow(new UsageError(message));
  });
});

describe('names of fields', () => {
  it('become the options that were typed', () => {
    const typed = line('--max-tokens', '5');
    expect(optionOfField('maxOutputTokens', typed)).toBe('--max-tokens');
    expect(optionOfField('stopSequences[3]', typed)).toBe('--stop');
    expect(optionOfField('messages[0].content', typed)).toBe('the prompt');
    expect(optionOfField('somethingElse', typed)).toBe('somethingElse');
    expect(optionOfField('constructor', typed)).toBe('constructor');
  });

  it('become options inside a sentence, but words that only look like a field stay', () => {
    const typed = line('--max-tokens', '5');
    expect(withOptionNames('`temperature` needs maxOutputTokens above 16; mind the seed', typed)).toBe(
      '--temperature needs --max-tokens above 16; mind the seed',
    );
  });
});
