import type { ConfigIssue } from '@headrace/config';
import type { GatewayError } from '@headrace/core';
import { attemptLines } from './receipt-lines.js';
import { remedyFor } from './remedy.js';

/** A block of lines on standard error: what happened first, then labelled details. */
export interface Complaint {
  readonly message: string;
  readonly details: readonly (readonly [label: string, lines: readonly string[]])[];
}

const LABEL_WIDTH = 8;

/** `headrace: …` and the details below it, indented under their labels. */
export const complaintLines = ({ message, details }: Complaint): readonly string[] => {
  const [first = '', ...more] = message.split('\n');
  const lines = [`headrace: ${first}`, ...more.map((line) => `  ${line}`)];
  for (const [label, texts] of details) {
    for (const [index, text] of texts.entries()) {
      lines.push(`  ${(index === 0 ? label : '').padEnd(LABEL_WIDTH)} ${text}`);
    }
  }
  return lines;
};

/** The input issues an error carries, if any. */
export const issuesOf = (error: GatewayError): readonly ConfigIssue[] =>
  'issues' in error && Array.isArray(error.issues) ? (error.issues as readonly ConfigIssue[]) : [];

/** The file that an error of configuration is about. */
const sourceOf = (error: GatewayError): string | undefined =>
  error.code === 'invalid-configuration' && 'source' in error && typeof error.source === 'string'
    ? error.source
    : undefined;

const issueText = (issue: ConfigIssue, name: (field: string) => string, wording: (text: string) => string): string => {
  const { field, place, message, remedy } = issue;
  const at = place === undefined ? [] : [`line ${place.line}:${place.column}`];
  // What is wrong with a file as a whole is not the fault of a field called "file".
  const subject = field === 'file' ? [] : [name(field)];
  const where = [...at, ...subject].join(', ');
  // "is 3, but …" goes on from the name; a sentence of its own follows a colon.
  const joint = where === '' ? '' : subject.length > 0 && /^[a-z]/.test(message) ? ' ' : ': ';
  return `${where}${joint}${wording(message)}${remedy === undefined ? '' : ` ${wording(remedy)}`}`;
};

const issuesText = (issues: readonly string[], source: string | undefined, isWholeFile: boolean): string => {
  const [first = ''] = issues;
  if (issues.length === 1) return source === undefined ? first : `${source}${isWholeFile ? '' : ','} ${first}`;
  const list = issues.map((issue) => `- ${issue}`).join('\n');
  return `${source === undefined ? '' : `${source}: `}${issues.length} things are wrong:\n${list}`;
};

/**
 * What to say of a failure of the gateway.
 * @param name turns a field of the request into what the person typed.
 * @param wording does the same inside a sentence.
 * @param isOfFile whether the gateway is that of a file of configuration.
 */
export const gatewayComplaint = (
  error: GatewayError,
  name: (field: string) => string,
  wording: (text: string) => string,
  isOfFile: boolean,
): Complaint => {
  const issues = issuesOf(error);
  const message =
    issues.length === 0
      ? error.message
      : issuesText(
          issues.map((issue) => issueText(issue, name, wording)),
          sourceOf(error),
          issues[0]?.field === 'file' && issues[0].place === undefined,
        );
  const { upstream, receipt } = error;
  const details: (readonly [string, readonly string[]])[] = [
    ['code', [error.code === error.failureClass ? error.code : `${error.code} (${error.failureClass})`]],
  ];
  if (receipt !== undefined && receipt.attempts.length > 0) details.push(['tried', attemptLines(receipt)]);
  if (upstream?.requestId !== undefined) details.push(['request', [`${upstream.requestId} (the upstream's id of it)`]]);
  const remedy = remedyFor(error, isOfFile);
  if (remedy !== undefined) details.push(['to do', [remedy]]);
  return { message, details };
};
