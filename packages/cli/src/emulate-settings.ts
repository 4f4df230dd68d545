import type { CommandLine } from './command-line.js';
import { listeningPort } from './listening-port.js';
import { strictNumber } from './strict-number.js';
import { UsageError } from './usage-error.js';

/** The same in every run, so that clients can be set up once. */
export const DEFAULT_EMULATOR_PORT = 4411;

// Without a sign or an exponent: what a price tag looks like.
const DOLLARS = /^\d{1,12}(?:\.\d{1,18})?$/;

export interface EmulateSettings {
  readonly port: number;
  /** Keys that are accepted. Empty: every one of Vercel's form. */
  readonly keys: readonly string[];
  /** In US dollars, as typed. */
  readonly balance: string | undefined;
  readonly tokensPerSecond: number;
}

/** Reads the options of `headrace emulate`. @throws UsageError */
export const emulateSettings = (line: CommandLine): EmulateSettings => {
  const port = listeningPort(line, DEFAULT_EMULATOR_PORT);
  const keys = line.values('key');
  // Not shown: it may be a real one.
  if (keys.some((key) => !/^[\x21-\x7e]+$/.test(key))) {
    throw new UsageError('--key takes characters of ASCII without spaces, at least one.');
  }
  const balance = line.value('balance');
  if (balance !== undefined && !DOLLARS.test(balance)) {
    throw new UsageError(`--balance takes US dollars such as 0.01 or 25, not ${JSON.stringify(balance)}.`);
  }
  const paceText = line.value('pace');
  const tokensPerSecond = paceText === undefined ? 0 : strictNumber(paceText, '--pace');
  if (tokensPerSecond < 0) throw new UsageError(`--pace takes tokens per second from 0, not ${tokensPerSecond}.`);
  return { port, keys, balance, tokensPerSecond };
};
