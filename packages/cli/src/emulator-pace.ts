import type { TextOutput } from './text-output.js';

/** Slow enough to be seen coming, fast enough for the whole tour to stay under eight seconds. */
const TOKENS_PER_SECOND = 40;

/** Tokens per second for people who watch an answer come; undefined, as fast as it can, for a pipe or file. */
export const emulatorPace = (stdout: Pick<TextOutput, 'isTerminal'>): number | undefined =>
  stdout.isTerminal ? TOKENS_PER_SECOND : undefined;
