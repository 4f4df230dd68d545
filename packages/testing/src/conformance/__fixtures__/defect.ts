import type { IncomingHttpHeaders } from 'node:http';
import type { CallContext, ModelRequest, Phase, StreamEvent } from '@headrace/core/plugin';

/** A request as it goes out. */
export interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer as far as it has come. */
export interface Heard {
  readonly request: ModelRequest;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** This one included. */
  readonly reads: number;
}

/** How far a call has come. */
export interface Progress {
  readonly request: ModelRequest;
  readonly context: CallContext;
  /** While the phase `headers` is being reported. */
  readonly isTelling: boolean;
  /** Whether the system has taken the whole request. */
  readonly isSent: boolean;
  readonly hasHeaders: boolean;
  /** Whether the upstream is held back until the reader goes on. */
  readonly isPaused: boolean;
  readonly hasBytes: boolean;
  readonly hasEvents: boolean;
  /** All text so far. */
  readonly text: string;
}

/** Places of the reference provider where a mutant puts what is wrong with it. */
export interface Defect {
  readonly id?: string;
  readonly sent?: (sent: Sent, request: ModelRequest, context: CallContext) => Sent;
  /** Bytes of the body, unpacked. */
  readonly read?: (bytes: Buffer, heard: Heard) => Buffer;
  /** What is handed over for an event. */
  readonly said?: (event: StreamEvent, request: ModelRequest, context: CallContext) => readonly StreamEvent[];
  /** The error for a refusal; `undefined`: as it ought to be. */
  readonly refused?: (refusal: Omit<Heard, 'reads'> & { readonly body: string }) => unknown;
  /** The error that is thrown for one that ought to be; not asked when the call was cancelled. */
  readonly failed?: (error: unknown, progress: Progress) => unknown;
  /** Whether the connection is left open although the call is over before its end. */
  readonly keeps?: (progress: Progress) => boolean;
  /** Whether closing the provider leaves its connections open. */
  readonly leavesOpen?: () => boolean;
  /** Whether a phase is reported. */
  readonly tells?: (phase: Phase) => boolean;
  /** Whether a tool call is finished only with arguments that are JSON. */
  readonly checksTools?: (isWhole: boolean) => boolean;
  /** Whether a packed answer is unpacked; asked where it ought to be. */
  readonly unpacks?: (headers: IncomingHttpHeaders) => boolean;
  /** Whether what comes at once is unpacked without what came before. */
  readonly unpacksAlone?: (headers: IncomingHttpHeaders) => boolean;
  /** Whether this JSON is merged into an object, member by member. */
  readonly merges?: (json: string) => boolean;
  /** Whether a content encoding is taken for none. */
  readonly takesCoding?: (coding: string) => boolean;
  /** Whether early hints are taken for the answer. */
  readonly takesHints?: () => boolean;
  /** Whether the upstream is held back for a reader that is slower. */
  readonly pauses?: () => boolean;
  /** Whether the oldest of the batches that wait for such a reader is thrown away. */
  readonly drops?: () => boolean;
  readonly follows?: (status: number, location: string) => boolean;
}
