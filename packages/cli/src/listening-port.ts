import type { CommandLine } from './command-line.js';
import { errorCode } from './error-code.js';
import { strictInteger } from './strict-number.js';
import { UsageError } from './usage-error.js';

const HIGHEST_PORT = 65_535;

/** Reads `--port`. @throws UsageError */
export const listeningPort = (line: CommandLine, fallback: number): number => {
  const text = line.value('port');
  const port = text === undefined ? fallback : strictInteger(text, line.typed('port'));
  if (port >= 0 && port <= HIGHEST_PORT) return port;
  throw new UsageError(
    `${line.typed('port')} takes a whole number from 0 to ${HIGHEST_PORT}, not ${port}.`,
    '0 takes a port that is free.',
  );
};

/** Why listening failed, where the command line is to blame. */
export const portError = (error: unknown, port: number): unknown => {
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return new UsageError(
        `Port ${port} of 127.0.0.1 is in use by another program.`,
        'Choose another with --port N; --port 0 takes one that is free.',
      );
    case 'EACCES':
      return new UsageError(
        `Port ${port} of 127.0.0.1 may not be opened by this user.`,
        'Choose one above 1023 with --port N; --port 0 takes one that is free.',
      );
    default:
      return error;
  }
};
