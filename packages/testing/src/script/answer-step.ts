import type {
  BillableUnits,
  Cost,
  FinishReason,
  JsonObject,
  JsonValue,
  ModelResult,
  TokenUsage,
} from '@headrace/core/plugin';
import { type TokenCounts, tokenUsage } from './token-counts.js';

/** How an answer ends. */
export interface AnswerEnd {
  /** Default: `tool-calls` after a tool call, otherwise `stop`. */
  readonly reason?: FinishReason;
  /** The upstream's own word. Default: the usual word for `reason`. */
  readonly rawReason?: string;
  /** Default: the answer reports no usage. */
  readonly usage?: TokenCounts | TokenUsage;
  /** US dollars, or a whole record. Default: the answer reports no cost. */
  readonly cost?: number | Cost;
  /** What is billed by the piece. Default: the answer reports none. */
  readonly units?: BillableUnits;
  /** The answer to a request of any kind but a completion; `embeddingResult` and its like make one. A scripted upstream has no use for it. */
  readonly result?: ModelResult;
  /** What the upstream says of itself. Default: nothing. A scripted upstream has no use for it. */
  readonly providerMetadata?: JsonObject;
}

/** One tool call of an answer. */
export interface ScriptedToolCall {
  readonly id: string;
  readonly name: string;
  /** A text is sent as it is, valid JSON or not; anything else as JSON. */
  readonly arguments: JsonValue;
}

/** What both a scripted provider and a scripted upstream can play. Build them with the functions of this file. */
export type AnswerStep =
  | { readonly step: 'text'; readonly text: string }
  | { readonly step: 'reasoning'; readonly text: string }
  | { readonly step: 'tool-call'; readonly id: string; readonly name: string; readonly argumentsJson: string }
  | {
      readonly step: 'end';
      readonly reason?: FinishReason;
      readonly rawReason?: string;
      readonly usage?: TokenUsage;
      readonly cost?: Cost;
      readonly units?: BillableUnits;
      readonly result?: ModelResult;
      readonly providerMetadata?: JsonObject;
    }
  | { readonly step: 'wait'; readonly until: Promise<unknown> }
  | { readonly step: 'hang' };

/** A piece of the answer's text. */
export const text = (piece: string): AnswerStep => ({ step: 'text', text: piece });

/** A piece of the model's reasoning. */
export const reasoning = (piece: string): AnswerStep => ({ step: 'reasoning', text: piece });

/** A whole tool call: its start, its arguments and, where the dialect has one, its end. */
export const toolCall = (call: ScriptedToolCall): AnswerStep => ({
  step: 'tool-call',
  id: call.id,
  name: call.name,
  argumentsJson: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
});

const exactCost = (cost: number | Cost): Cost =>
  typeof cost === 'number' ? { usd: cost, certainty: 'exact', source: 'provider' } : cost;

/** The proof that the answer is whole. An answer without it is a cut one. @throws RangeError for impossible counts. */
export const end = ({ usage, cost, ...rest }: AnswerEnd = {}): AnswerStep => ({
  step: 'end',
  ...rest,
  ...(usage === undefined ? {} : { usage: 'certainty' in usage ? usage : tokenUsage(usage) }),
  ...(cost === undefined ? {} : { cost: exactCost(cost) }),
});

/**
 * Plays on when the promise settles. A scripted provider stops waiting when it is cancelled, and throws what the
 * promise rejects with; a scripted upstream breaks the connection then.
 */
export const wait = (until: PromiseLike<unknown>): AnswerStep => {
  const promise = Promise.resolve(until);
  // It may reject long before the step is reached: not an unhandled rejection.
  promise.catch(() => undefined);
  return { step: 'wait', until: promise };
};

/** Says nothing more: a provider until it is cancelled or left, an upstream until the client closes the connection. */
export const hang = (): AnswerStep => ({ step: 'hang' });

const RAW_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  unknown: 'unknown',
};

/** The word most upstreams use for a reason. */
export const rawReasonOf = (reason: FinishReason): string => RAW_REASONS[reason];
