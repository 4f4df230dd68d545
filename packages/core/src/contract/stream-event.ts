import type { JsonObject, JsonValue } from './json.js';
import type { MediaSource } from './message.js';
import type { ModelResult } from './result.js';
import type { UpstreamAttempt } from './upstream-attempt.js';
import type { BillableUnits, Cost, TokenUsage } from './usage.js';
import type { Warning } from './warning.js';

/** Why the answer ended. `unknown`: the upstream gave a reason this library does not know; read `rawReason`. */
export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'unknown';

/** Once, before the first content. */
export interface ResponseStartEvent {
  readonly type: 'response-start';
  readonly responseId: string;
  /** The model as the upstream names it. */
  readonly model: string;
}

export interface TextDeltaEvent {
  readonly type: 'text-delta';
  readonly text: string;
}

export interface ReasoningDeltaEvent {
  readonly type: 'reasoning-delta';
  /** May be empty when only `details` has news. */
  readonly text: string;
  /** All opaque items of the reasoning so far, assembled, to be replayed verbatim. The last one seen replaces the others. */
  readonly details?: readonly JsonObject[];
}

export interface ToolCallStartEvent {
  readonly type: 'tool-call-start';
  /** Position among the tool calls of this answer, from 0; ties the events of one call together. */
  readonly index: number;
  readonly id: string;
  readonly name: string;
}

export interface ToolCallDeltaEvent {
  readonly type: 'tool-call-delta';
  readonly index: number;
  /** A fragment; only the fragments of one index joined are JSON. */
  readonly argumentsJson: string;
}

export interface ToolCallEndEvent {
  readonly type: 'tool-call-end';
  readonly index: number;
  readonly id: string;
  readonly name: string;
  /** The whole arguments: valid JSON. */
  readonly argumentsJson: string;
}

/** The outcome of a tool that the provider itself ran. */
export interface ToolResultEvent {
  readonly type: 'tool-result';
  readonly toolCallId: string;
  readonly name: string;
  readonly result: JsonValue;
  readonly isError?: boolean;
}

export interface FileEvent {
  readonly type: 'file';
  readonly mediaType: string;
  readonly source: MediaSource;
}

export interface CitationEvent {
  readonly type: 'citation';
  /** Web address of what is cited. Absent: a passage of a document of the request, told by `document`. */
  readonly url?: string;
  readonly title?: string;
  /** The words cited, where the upstream repeats them. */
  readonly citedText?: string;
  /** Which document of the request, from 0 in the order in which they stand there, and where in it. */
  readonly document?: {
    readonly index: number;
    readonly unit: 'character' | 'page' | 'block';
    /** In the upstream's count: characters and blocks from 0, pages from 1. */
    readonly start: number;
    /** Behind the last one. */
    readonly end: number;
  };
}

export interface WarningEvent {
  readonly type: 'warning';
  readonly warning: Warning;
}

/** A frame that has no place in the contract, verbatim. */
export interface RawEvent {
  readonly type: 'raw';
  readonly value: unknown;
}

/** The proof that the answer is whole. Exactly one, and nothing after it. */
export interface ResponseEndEvent {
  readonly type: 'response-end';
  readonly reason: FinishReason;
  /** The upstream's own word. */
  readonly rawReason: string;
  /** Absent when the upstream reported none. */
  readonly usage?: TokenUsage;
  /** What is billed by the piece. Absent when nothing is, or the upstream does not say. */
  readonly units?: BillableUnits;
  /** Absent when the upstream reported none; the pipeline may then compute it from list prices. */
  readonly cost?: Cost;
  /** Whatever the upstream says about routing and the like, keyed by its own names. */
  readonly providerMetadata?: JsonObject;
  /** The upstream's own tries behind this answer, first to last, where it lists them. */
  readonly upstreamAttempts?: readonly UpstreamAttempt[];
  /** The answer itself, of the kind of the request. Absent for completions. */
  readonly result?: ModelResult;
}

export type StreamEvent =
  | ResponseStartEvent
  | TextDeltaEvent
  | ReasoningDeltaEvent
  | ToolCallStartEvent
  | ToolCallDeltaEvent
  | ToolCallEndEvent
  | ToolResultEvent
  | FileEvent
  | CitationEvent
  | WarningEvent
  | RawEvent
  | ResponseEndEvent;

/** All events decoded from one network read, in order: a stage then costs once per read, not once per token. */
export interface EventBatch {
  readonly events: readonly StreamEvent[];
  /** The very bytes, for a server face of the same dialect. */
  readonly wire?: { readonly dialect: string; readonly bytes: Uint8Array };
}

const content: Record<StreamEvent['type'], boolean> = {
  'response-start': false,
  'text-delta': true,
  'reasoning-delta': true,
  'tool-call-start': true,
  'tool-call-delta': true,
  'tool-call-end': true,
  'tool-result': true,
  file: true,
  citation: true,
  warning: false,
  raw: false,
  'response-end': false,
};

/** True for what a caller may already have shown; after the first one a retry would repeat itself. An empty text shows nothing. */
export const isContent = (event: StreamEvent): boolean =>
  event.type === 'text-delta' ? event.text !== '' : content[event.type];
