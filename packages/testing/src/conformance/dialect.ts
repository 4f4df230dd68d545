import type { FailureClass, FinishReason } from '@headrace/core/plugin';
import type { TokenCounts } from '../script/token-counts.js';

/** A tool call that an upstream is to send. */
export interface DialectToolCall {
  readonly id: string;
  readonly name: string;
  /** Fragments of JSON text, to be sent apart where the dialect streams arguments. */
  readonly argumentsJson: readonly string[];
}

/** A streamed answer on the wire. */
export interface RenderedStream {
  /** Headers of the 200, such as `content-type`. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the answer says: one piece for each frame, in order, separators included. At least one for each piece of text. */
  readonly content: readonly string[];
  /** The frames that prove the answer whole: its end reason, usage and end mark. Without them it is a cut answer. */
  readonly proof: readonly string[];
}

/** A complete body on the wire. */
export interface RenderedReply {
  /** Headers, such as `content-type`. `content-length` is added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer that thinks before it speaks. */
export interface DialectReasoning {
  /** Pieces of the thought, to be sent apart where the dialect streams them. */
  readonly reasoning: readonly string[];
  /** The opaque proof of the thought, such as a signature, in the field where the dialect has it. */
  readonly signature: string;
  readonly text: readonly string[];
  readonly usage: TokenCounts;
}

/** A refusal whose body says more than its status. */
export interface DialectError {
  /** Names it in the report, such as `insufficient_quota`. */
  readonly name: string;
  readonly status: number;
  readonly reply: RenderedReply;
  readonly failureClass: FailureClass;
}

/** Members that a dialect may be without. */
export type OptionalMember = Exclude<
  keyof Dialect,
  'name' | 'lacks' | 'openEnd' | 'textStream' | 'wholeText' | 'errorBody'
>;

/**
 * How an upstream speaks, so that one suite can test providers of every wire format. Answers carry the usage they are
 * given. Optional members: what is absent the dialect cannot say, and the cases for it
 * are skipped.
 */
export interface Dialect {
  /** Such as `openai-chat`. */
  readonly name: string;
  /** Why its upstream cannot say what an absent member would, as a fact of the API: told with each case that is skipped. */
  readonly lacks?: Readonly<Partial<Record<OptionalMember, string>>>;
  /** Why more of the answer may come after the frames that prove its end. Default: nothing of it does. */
  readonly openEnd?: string;
  /** An answer that ends as `ending` says, one of `endings`; without it in the ordinary way (`stop`). */
  textStream(pieces: readonly string[], usage: TokenCounts, ending?: string): RenderedStream;
  /** The same answer complete. */
  wholeText(text: string, usage: TokenCounts, ending?: string): RenderedReply;
  /** Words of the wire for how an answer without tool calls ends, and what they mean; an invented one means `unknown`. */
  readonly endings?: Readonly<Record<string, FinishReason>>;
  /** Parts of a sum that its usage does not tell, such as `reasoning`; they are then expected to be 0. */
  readonly uncounted?: readonly ('cacheRead' | 'cacheWrite' | 'reasoning' | 'image')[];
  /** An answer that consists of these tool calls and ends because of them. */
  toolCallStream?(calls: readonly DialectToolCall[], usage: TokenCounts): RenderedStream;
  wholeToolCalls?(calls: readonly DialectToolCall[], usage: TokenCounts): RenderedReply;
  /** As `toolCallStream`, with the fragments of all calls in turns: the first of each, then the second of each. */
  interleavedToolCalls?(calls: readonly DialectToolCall[], usage: TokenCounts): RenderedStream;
  /** As `toolCallStream`, from an upstream that gives its calls no ids. */
  toolCallsWithoutIds?(calls: readonly DialectToolCall[], usage: TokenCounts): RenderedStream;
  /** As `textStream`, from an upstream that counts no tokens. */
  textStreamWithoutUsage?(pieces: readonly string[]): RenderedStream;
  reasoningStream?(answer: DialectReasoning): RenderedStream;
  wholeReasoning?(answer: DialectReasoning): RenderedReply;
  /** The body of a refusal with this status; it quotes `message`. */
  errorBody(status: number, message: string): RenderedReply;
  /** A frame that reports a failure in the middle of a stream whose status was 200. */
  inBandError?(message: string): string;
  /** A frame that breaks the dialect's own rules, such as JSON that is none. */
  readonly malformedFrame?: string;
  /** A sound frame of a kind that the dialect does not have, as an upstream may add one. */
  readonly unknownFrame?: string;
  /** Refusals that the body tells apart where the status does not. */
  readonly errors?: readonly DialectError[];
  /** Bytes between two frames that mean nothing, such as a comment. */
  readonly keepAlive?: string;
  /** A list of these models, complete: there is no next page. They are asked for as models for text. */
  models?(ids: readonly string[]): RenderedReply;
  /** The answer to an embedding request: one vector for each text, in their order. */
  embeddings?(vectors: readonly (readonly number[])[], usage: TokenCounts): RenderedReply;
  /** The answer to a reranking: indexes of documents and their scores, in this order. */
  ranking?(ranking: readonly (readonly [index: number, score: number])[]): RenderedReply;
  /** The answer to an image request. */
  images?(images: readonly Uint8Array[]): RenderedReply;
}
