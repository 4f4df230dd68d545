import type { GenerationParameters, ParameterName, ReasoningEffort } from '@headrace/core';
import type { CommandLine } from './command-line.js';
import type { CommandOption } from './command-option.js';
import { suggestion } from './nearest-name.js';
import { strictInteger, strictNumber } from './strict-number.js';
import { UsageError } from './usage-error.js';

const EFFORTS = [
  'none',
  'minimal',
  'low',
  'medium',
  'high',
  'xhigh',
  'max',
] as const satisfies readonly ReasoningEffort[];

interface ParameterOption extends CommandOption {
  readonly parameter: ParameterName;
  readonly value: string;
}

/** The generation parameters as options. What a model takes, and in which range, is the gateway's to say. */
export const PARAMETER_OPTIONS: readonly ParameterOption[] = [
  { parameter: 'temperature', name: 'temperature', value: 'N', summary: 'sampling temperature, mostly 0 to 2' },
  { parameter: 'topP', name: 'top-p', value: 'N', summary: 'nucleus sampling, 0 to 1' },
  { parameter: 'topK', name: 'top-k', value: 'N', summary: 'only the N likeliest tokens' },
  {
    parameter: 'maxOutputTokens',
    name: 'max-output-tokens',
    alias: 'max-tokens',
    value: 'N',
    summary: 'upper bound of the answer in tokens, reasoning included',
  },
  { parameter: 'presencePenalty', name: 'presence-penalty', value: 'N', summary: 'mostly -2 to 2' },
  { parameter: 'frequencyPenalty', name: 'frequency-penalty', value: 'N', summary: 'mostly -2 to 2' },
  {
    parameter: 'stopSequences',
    name: 'stop',
    value: 'TEXT',
    repeatable: true,
    summary: 'end the answer where the model writes this; may be repeated',
  },
  { parameter: 'seed', name: 'seed', value: 'N', summary: 'best-effort repeatability' },
  { parameter: 'reasoningEffort', name: 'reasoning-effort', value: 'WORD', summary: EFFORTS.join(', ') },
  {
    parameter: 'reasoningBudgetTokens',
    name: 'reasoning-budget-tokens',
    value: 'N',
    summary: 'tokens the model may spend on thinking',
  },
];

const isEffort = (text: string): text is ReasoningEffort => (EFFORTS as readonly string[]).includes(text);

const effort = (text: string, option: string): ReasoningEffort => {
  if (isEffort(text)) return text;
  throw new UsageError(
    `${option} does not know ${JSON.stringify(text)}.${suggestion(text, EFFORTS)}`,
    `It takes ${EFFORTS.join(', ')}.`,
  );
};

/** The parameters that were typed. @throws UsageError for what is not a number or a known word. */
export const parseParameters = (line: CommandLine): GenerationParameters => {
  const read = <T>(name: string, parse: (text: string, option: string) => T): T | undefined => {
    const text = line.value(name);
    return text === undefined ? undefined : parse(text, line.typed(name));
  };
  const stop = line.values('stop');
  const parameters = {
    temperature: read('temperature', strictNumber),
    topP: read('top-p', strictNumber),
    topK: read('top-k', strictInteger),
    maxOutputTokens: read('max-output-tokens', strictInteger),
    presencePenalty: read('presence-penalty', strictNumber),
    frequencyPenalty: read('frequency-penalty', strictNumber),
    stopSequences: stop.length === 0 ? undefined : stop,
    seed: read('seed', strictInteger),
    reasoningEffort: read('reasoning-effort', effort),
    reasoningBudgetTokens: read('reasoning-budget-tokens', strictInteger),
  };
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
};
