import type { ModelRequest } from '../contract/request.js';
import type { EventBatch } from '../contract/stream-event.js';
import type { GatewayError } from '../errors/gateway-error.js';
import type { CallScope } from './call-scope.js';

/** How a call or an attempt ended. */
export type Ending =
  | { readonly outcome: 'complete' }
  | { readonly outcome: 'failed'; readonly error: unknown }
  | { readonly outcome: 'cancelled'; readonly reason: unknown };

export const COMPLETE: Ending = { outcome: 'complete' };

/** What a stage may watch once content flows. Synchronous: no stage stands in the stream. */
export interface StreamTap {
  /** The reader is about to wait for the next read. */
  onPull?(): void;
  onBatch?(batch: EventBatch): void;
  /** Exactly once. */
  onEnd?(ending: Ending): void;
}

/** An answer at its commit point: what was held back up to the first content, and the rest unless it is complete. */
export interface OpenStream {
  readonly held: readonly EventBatch[];
  readonly rest?: AsyncIterator<EventBatch>;
  /** Innermost first. They see `held` too, when the reader takes it. */
  readonly taps: readonly StreamTap[];
  /** Where the answer of a route came from: who must ask again behind the commit point asks here. */
  readonly targets?: FurtherTargets;
  /** It goes on from the text that it was given, rather than from the beginning of an answer. */
  readonly isContinued?: boolean;
}

/** The targets of a route, behind one whose answer was cut. Each is asked through the source that is given. */
export interface FurtherTargets {
  /** Of the target asked last. */
  readonly failure: GatewayError | undefined;
  /** The answer of the next one that can serve; undefined when none is left. @throws what ends the call */
  next(cut: GatewayError, source: Source): Promise<OpenStream | undefined>;
  /** The answer of the one that was cut, once more. @throws GatewayError */
  again(source: Source, waitedMs: number): Promise<OpenStream>;
}

/** Resolves at the commit point; before it a failure is an ordinary rejection. */
export type Source = (request: ModelRequest, scope: CallScope) => Promise<OpenStream>;
export type Stage = (next: Source) => Source;

/** The first stage listed sees the request first. */
export const compose = (source: Source, ...stages: readonly Stage[]): Source =>
  stages.reduceRight((next, stage) => stage(next), source);

export const withTap = (open: OpenStream, tap: StreamTap): OpenStream => ({ ...open, taps: [...open.taps, tap] });
