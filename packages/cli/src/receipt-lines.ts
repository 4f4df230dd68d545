import type { AttemptRecord, Receipt, TokenUsage } from '@headrace/core';
import { costText, duration, plural } from './figures.js';

const usageText = (usage: TokenUsage): string => {
  const sure = usage.certainty === 'exact' ? '' : usage.certainty === 'at-least' ? 'at least ' : 'about ';
  const cached = usage.input.cacheRead > 0 ? ` (${usage.input.cacheRead} cached)` : '';
  const thought = usage.output.reasoning > 0 ? ` (${usage.output.reasoning} reasoning)` : '';
  return `${sure}${plural(usage.input.total, 'token')} in${cached}, ${usage.output.total} out${thought}`;
};

/** Who was tried behind an attempt, where it was not one who served at once. */
const behindText = ({ upstreamAttempts = [] }: AttemptRecord): string => {
  if (upstreamAttempts.every(({ success }) => success)) return '';
  const tried = upstreamAttempts.map(({ provider, success, status, error }) => {
    const fault = status === undefined ? (error ?? 'failed') : `HTTP ${status}`;
    return `${provider}: ${success ? 'served' : fault}`;
  });
  return ` (${tried.join(', ')})`;
};

const attemptText = (attempt: AttemptRecord, number: number): string => {
  const { failure } = attempt;
  const waited = attempt.waitedMs >= 1 ? `waited ${duration(attempt.waitedMs)}, then ` : '';
  const status = failure?.status === undefined ? '' : ` (HTTP ${failure.status})`;
  const ending = failure === undefined ? attempt.outcome : `${failure.code}${status}`;
  return `${number}. ${waited}${attempt.provider}:${attempt.model}: ${ending} after ${duration(attempt.durationMs)}${behindText(attempt)}`;
};

/** One line for each upstream attempt. */
export const attemptLines = (receipt: Receipt): readonly string[] =>
  receipt.attempts.map((attempt, index) => attemptText(attempt, index + 1));

const ENDINGS: Readonly<Record<string, string>> = {
  length: 'ended at the token limit',
  'content-filter': 'ended by a content filter',
};

/**
 * A receipt for people: one line for who served, tokens, cost and time; one for each attempt when there were several;
 * one for each warning.
 */
export const receiptLines = (receipt: Receipt, verbose = false): readonly string[] => {
  const { servedBy, usage, cost } = receipt;
  const facts = [
    servedBy === undefined ? receipt.outcome : `${servedBy.provider}:${servedBy.model}`,
    usage === undefined ? 'tokens not reported' : usageText(usage),
    cost === undefined ? 'cost not known' : costText(cost),
  ];
  if (receipt.firstContentMs !== undefined) facts.push(`first content after ${duration(receipt.firstContentMs)}`);
  facts.push(`${duration(receipt.durationMs)} in all`);
  if (receipt.attempts.length > 1) facts.push(plural(receipt.attempts.length, 'attempt'));
  if (receipt.recovery?.succeeded === true) facts.push('recovered after a cut');
  const { finishReason } = receipt;
  if (finishReason === 'unknown') facts.push(`ended with ${JSON.stringify(receipt.rawFinishReason ?? '')}`);
  else if (finishReason !== undefined && ENDINGS[finishReason] !== undefined) facts.push(ENDINGS[finishReason]);

  const lines = [facts.join(' · ')];
  if (receipt.attempts.length > 1 || verbose) lines.push(...attemptLines(receipt).map((line) => `  ${line}`));
  for (const warning of receipt.warnings) {
    lines.push(`  warning: ${warning.field === undefined ? '' : `${warning.field}: `}${warning.message}`);
  }
  if (verbose) {
    const ids = [receipt.id, ...(servedBy?.responseId === undefined ? [] : [servedBy.responseId])];
    lines.push(`  ${ids.join(' · ')} · ${receipt.startedAt}`);
  }
  return lines;
};

/** A receipt as labelled facts, for reading at leisure. */
export const receiptFacts = (receipt: Receipt): readonly (readonly [label: string, fact: string])[] => {
  const { servedBy, usage, cost, firstContentMs, finishReason } = receipt;
  const server = servedBy === undefined ? 'nobody' : `${servedBy.provider}:${servedBy.model}`;
  const first = firstContentMs === undefined ? '' : `first content after ${duration(firstContentMs)}, `;
  const end =
    receipt.outcome === 'complete'
      ? `proved by the upstream, reason "${receipt.rawFinishReason ?? finishReason ?? 'not given'}"`
      : 'not reached';
  return [
    ['served by', `${server} in ${plural(receipt.attempts.length, 'attempt')}`],
    ['tokens', usage === undefined ? 'not reported' : usageText(usage).replace(/ tokens? in/, ' in')],
    ['cost', cost === undefined ? 'not known' : costText(cost)],
    ['time', `${first}${duration(receipt.durationMs)} in all`],
    ['end', end],
    ['warnings', receipt.warnings.length === 0 ? 'none' : receipt.warnings.map(({ message }) => message).join('; ')],
  ];
};
