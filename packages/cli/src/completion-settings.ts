import type { GenerationParameters, RecoveryMode } from '@headrace/core';
import type { CommandLine } from './command-line.js';
import type { CommandOption } from './command-option.js';
import { DEFAULT_PROVIDER } from './connect.js';
import { suggestion } from './nearest-name.js';
import { parseParameters } from './parse-parameters.js';
import { strictInteger, strictNumber } from './strict-number.js';
import { UsageError } from './usage-error.js';

export const DEFAULT_MODEL = 'openai/gpt-6-luna';

export const MODEL_OPTION: CommandOption = {
  name: 'model',
  short: 'm',
  value: 'MODEL',
  summary: `default ${DEFAULT_MODEL}, or HEADRACE_MODEL`,
};

export const SYSTEM_OPTION: CommandOption = {
  name: 'system',
  value: 'TEXT',
  summary: 'system message before the prompt',
};

export const MAX_ATTEMPTS_OPTION: CommandOption = {
  name: 'max-attempts',
  value: 'N',
  summary: 'tries in all, 1 to 10 (default 3)',
};

const RECOVERY_MODES = ['off', 'verify', 'continue'] as const satisfies readonly RecoveryMode[];

export const RECOVERY_OPTION: CommandOption = {
  name: 'recovery',
  value: 'MODE',
  summary: 'when a streamed answer breaks off: off, verify or continue',
};

const MAX_TIMEOUT_SECONDS = 86_400;

/** What `headrace complete` was asked to do, the prompt aside. */
export interface CompletionSettings {
  /** As asked, with or without the provider's prefix. */
  readonly model: string;
  readonly system: string | undefined;
  readonly parameters: GenerationParameters;
  readonly schemaFile: string | undefined;
  readonly json: boolean;
  readonly whole: boolean;
  readonly timeoutMs: number | undefined;
  readonly maxAttempts: number | undefined;
  readonly recovery: RecoveryMode | undefined;
  readonly baseUrl: string | undefined;
  readonly config: string | undefined;
  readonly emulator: boolean;
  /** Folder that the exchanges with the gateway are written to. */
  readonly record: string | undefined;
  readonly showReasoning: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** @throws UsageError for options that name two gateways */
export const checkGatewayOptions = (line: CommandLine): void => {
  exclude(line, 'emulator', 'base-url');
  exclude(line, 'config', 'base-url');
  exclude(line, 'config', 'emulator');
};

const exclude = (line: CommandLine, one: string, other: string): void => {
  if (line.has(one) && line.has(other)) {
    throw new UsageError(`${line.typed(one)} and ${line.typed(other)} exclude each other.`);
  }
};

const timeoutMs = (line: CommandLine): number | undefined => {
  const text = line.value('timeout');
  if (text === undefined) return undefined;
  const seconds = strictNumber(text, line.typed('timeout'));
  if (seconds >= 0.001 && seconds <= MAX_TIMEOUT_SECONDS) return Math.round(seconds * 1_000);
  throw new UsageError(`${line.typed('timeout')} takes seconds from 0.001 to ${MAX_TIMEOUT_SECONDS}, not ${text}.`);
};

const maxAttempts = (line: CommandLine): number | undefined => {
  const text = line.value('max-attempts');
  if (text === undefined) return undefined;
  const attempts = strictInteger(text, line.typed('max-attempts'));
  if (attempts >= 1 && attempts <= 10) return attempts;
  throw new UsageError(`${line.typed('max-attempts')} takes a whole number from 1 to 10, not ${text}.`);
};

const recovery = (line: CommandLine): RecoveryMode | undefined => {
  const text = line.value('recovery');
  const mode = RECOVERY_MODES.find((one) => one === text);
  if (text === undefined || mode !== undefined) return mode;
  throw new UsageError(
    `${line.typed('recovery')} does not know ${JSON.stringify(text)}.${suggestion(text, RECOVERY_MODES)}`,
    `It takes ${RECOVERY_MODES.join(', ')}.`,
  );
};

/** The model asked for on the command line, else in HEADRACE_MODEL, else the default. */
const modelOf = (line: CommandLine, env: Readonly<Record<string, string | undefined>>): string => {
  const typed = line.value('model');
  if (typed !== undefined) {
    if (typed.trim() === '') throw new UsageError(`${line.typed('model')} needs the id of a model.`);
    return typed.trim();
  }
  const fromEnv = (env['HEADRACE_MODEL'] ?? '').trim();
  if (fromEnv !== '') return fromEnv;
  if (!line.has('config')) return DEFAULT_MODEL;
  throw new UsageError(
    `${line.typed('config')} needs a model or a route as well: --model chat, or HEADRACE_MODEL.`,
    'headrace config print FILE shows its providers and routes.',
  );
};

/** The model without the prefix that every model here has. */
export const shortModel = (model: string): string =>
  model.startsWith(`${DEFAULT_PROVIDER}:`) ? model.slice(DEFAULT_PROVIDER.length + 1) : model;

/** @throws UsageError for values that no model could take. */
export const completionSettings = (
  line: CommandLine,
  env: Readonly<Record<string, string | undefined>>,
): CompletionSettings => {
  exclude(line, 'quiet', 'verbose');
  checkGatewayOptions(line);
  exclude(line, 'record', 'config');
  exclude(line, 'record', 'emulator');
  return {
    model: modelOf(line, env),
    system: line.value('system'),
    parameters: parseParameters(line),
    schemaFile: line.value('schema'),
    json: line.has('json'),
    whole: line.has('whole'),
    timeoutMs: timeoutMs(line),
    maxAttempts: maxAttempts(line),
    recovery: recovery(line),
    baseUrl: line.value('base-url'),
    config: line.value('config'),
    emulator: line.has('emulator'),
    record: line.value('record'),
    showReasoning: line.has('show-reasoning'),
    quiet: line.has('quiet'),
    verbose: line.has('verbose'),
  };
};
