import type { GatewayError } from '@headrace/core';
import type { CommandContext } from './command-context.js';
import { type Complaint, complaintLines, gatewayComplaint, issuesOf } from './error-lines.js';
import { EXIT, type ExitCode, exitCodeOf } from './exit-code.js';
import { jsonText } from './json-text.js';
import { optionOfField, withOptionNames } from './option-of-field.js';
import { receiptDocument } from './receipt-document.js';
import { receiptLines } from './receipt-lines.js';
import { safeTerminalText } from './safe-terminal-text.js';
import { Stopped } from './stopped.js';
import { UsageError } from './usage-error.js';

/** Where and how to complain. */
export interface Reporting {
  readonly stderr: CommandContext['stderr'];
  readonly paint: CommandContext['paint'];
  readonly signal: AbortSignal;
  readonly line?: CommandContext['line'] | undefined;
  readonly json: boolean;
  readonly verbose: boolean;
  /** Part of the answer stands on standard output. */
  readonly partPrinted?: boolean;
}

const NOT_WHOLE = 'the text above is not whole';
const NO_TEXT = 'no text came before the end';

const print = (reporting: Reporting, complaint: Complaint, error: unknown): void => {
  const { stderr, paint, verbose } = reporting;
  const [first = '', ...rest] = complaintLines(complaint).map(safeTerminalText);
  stderr.line(paint.err.red(first));
  for (const line of rest) stderr.line(line);
  if (verbose && error instanceof Error && error.stack !== undefined) {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
      stderr.line(paint.err.dim(safeTerminalText(cause.stack ?? cause.message)));
    }
  }
};

const printJson = (reporting: Reporting, error: Readonly<Record<string, unknown>>): void => {
  reporting.stderr.line(jsonText({ error }));
};

const reportUsage = (error: UsageError, reporting: Reporting): ExitCode => {
  if (reporting.json) {
    const remedy = error.remedy === undefined ? {} : { remedy: error.remedy };
    printJson(reporting, { code: 'usage', message: error.message, exitCode: EXIT.usage, ...remedy });
  } else {
    const details = error.remedy === undefined ? [] : [['to do', [error.remedy]] as const];
    // No stack: the fault is on the command line, not in the code.
    print({ ...reporting, verbose: false }, { message: error.message, details }, error);
  }
  return EXIT.usage;
};

const reportStop = (stopped: Stopped, reporting: Reporting): ExitCode => {
  const { notice, exitCode } = stopped;
  if (notice === undefined) return exitCode;
  const message = reporting.partPrinted === true ? `${notice}; ${NOT_WHOLE}` : notice;
  if (reporting.json) printJson(reporting, { code: stopped.stopCause.toLowerCase(), message, exitCode });
  else print({ ...reporting, verbose: false }, { message, details: [] }, stopped);
  return exitCode;
};

const reportFault = (error: unknown, reporting: Reporting): ExitCode => {
  // Not by `instanceof` alone: Node's own errors may come from another realm.
  const text =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  const message = `internal fault: ${text}${reporting.partPrinted === true ? `; ${NOT_WHOLE}` : ''}`;
  const details = reporting.verbose
    ? []
    : [['to do', ['Run it again with --verbose and report what it prints.']] as const];
  if (reporting.json) printJson(reporting, { code: 'internal-fault', message, exitCode: EXIT.fault });
  else print(reporting, { message, details }, error);
  return EXIT.fault;
};

const reportGatewayError = (error: GatewayError, reporting: Reporting): ExitCode => {
  // A file of configuration has fields of its own: none of them is an option of the command line.
  const line = issuesOf(error).some(({ place }) => place !== undefined) ? undefined : reporting.line;
  const partPrinted = reporting.partPrinted === true;
  const name = (field: string): string => (line === undefined ? field : optionOfField(field, line));
  const wording = (text: string): string => (line === undefined ? text : withOptionNames(text, line));
  const exitCode = exitCodeOf(error, partPrinted);
  const complaint = gatewayComplaint(error, name, wording, reporting.line?.value('config') !== undefined);
  const message = partPrinted ? `${complaint.message}; ${NOT_WHOLE}` : complaint.message;
  if (reporting.json) {
    printJson(reporting, {
      code: error.code,
      failureClass: error.failureClass,
      message,
      exitCode,
      isRetryable: error.isRetryable,
      retryAfterMs: error.retryAfterMs ?? null,
      upstream: error.upstream ?? null,
      issues: issuesOf(error).map((issue) => ({ ...issue, option: name(issue.field) })),
      receipt: error.receipt === undefined ? null : receiptDocument(error.receipt),
    });
  } else {
    print(reporting, { ...complaint, message }, error);
    if (reporting.verbose && error.receipt !== undefined) {
      for (const text of receiptLines(error.receipt, true)) reporting.stderr.line(safeTerminalText(text));
    }
  }
  return exitCode;
};

// Loaded when needed: a wrong command line is told at once. When core itself cannot be loaded, that is the failure.
const gatewayErrorIn = async (thrown: unknown): Promise<GatewayError | undefined> => {
  const core = await import('@headrace/core').catch(() => undefined);
  return core?.GatewayError.is(thrown) === true ? thrown : undefined;
};

/** Says on standard error what went wrong, once, and returns the exit code for it. */
export const reportFailure = async (error: unknown, reporting: Reporting): Promise<ExitCode> => {
  // Whatever was thrown: a command that was stopped fails because it was stopped.
  const reason: unknown = reporting.signal.aborted ? reporting.signal.reason : error;
  if (reason instanceof Stopped) return reportStop(reason, reporting);
  if (error instanceof UsageError) return reportUsage(error, reporting);

  const failure = await gatewayErrorIn(error);
  return failure === undefined ? reportFault(error, reporting) : reportGatewayError(failure, reporting);
};

/** Says that an answer ended regularly but before its natural end. */
export const reportNotWhole = (why: string, remedy: string, reporting: Reporting): ExitCode => {
  const exitCode = EXIT.notWhole;
  const extent = reporting.partPrinted === true ? NOT_WHOLE : NO_TEXT;
  const message = `${why}; ${reporting.json ? 'the answer is not whole' : extent}`;
  if (reporting.json) printJson(reporting, { code: 'answer-not-whole', message, exitCode, remedy });
  else print({ ...reporting, verbose: false }, { message, details: [['to do', [remedy]]] }, undefined);
  return exitCode;
};
