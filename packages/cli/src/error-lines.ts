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

const issueText = (issue: ConfigIssue, name: (field: string) => string, wording: (text: string) => string): string => {
  const remedy = issue.remedy === undefined ? '' : ` ${wording(issue.remedy)}`;
  // "is 3, but …" goes on from the name; a sentence of its own follows a colon.
  const joint = /^[a-z]/.test(issue.message) ? ' ' : ': ';
  const where = issue.place === undefined ? '' : `line ${issue.place.line}:${issue.place.column}, `;
  return `${where}${name(issue.field)}${joint}${wording(issue.message)}${remedy}`;
};

/**
 * What to say of a failure of the gateway.
 * @param name turns a field of the request into what the person typed.
 * @param wording does the same inside a sentence.
 */
export const gatewayComplaint = (
  error: GatewayError,
  name: (field: string) => string,
  wording: (text: string) => string,
): Complaint => {
  const issues = issuesOf(error);
  const message =
    issues.length === 0
      ? error.message
      : issues.length === 1 && issues[0] !== undefined
        ? issueText(issues[0], name, wording)
        : `${issues.length} things are wrong:\n${issues.map((issue) => `- ${issueText(issue, name, wording)}`).join('\n')}`;
  const { upstream, receipt } = error;
  const details: (readonly [string, readonly string[]])[] = [
    ['code', [error.code === error.failureClass ? error.code : `${error.code} (${error.failureClass})`]],
  ];
  if (receipt !== undefined && receipt.attempts.length > 0) details.push(['tried', attemptLines(receipt)]);
  if (upstream?.requestId !== undefined) details.push(['request', [`${upstream.requestId} (the upstream's id of it)`]]);
  const remedy = remedyFor(error);
  if (remedy !== undefined) details.push(['to do', [remedy]]);
  return { message, details };
};
