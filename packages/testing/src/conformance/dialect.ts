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

/**
 * How an upstream speaks, so that one suite can test providers of every wire format. Answers carry the usage they are
 * given. Optional members: what is absent the dialect cannot say, and the cases for it are left out.
 */
export interface Dialect {
  /** Such as `openai-chat`. */
  readonly name: string;
  /** An answer that ends in the ordinary way (`stop`). */
  textStream(pieces: readonly string[], usage: TokenCounts): RenderedStream;
  /** The same answer complete. */
  wholeText(text: string, usage: TokenCounts): RenderedReply;
  /** An answer that consists of these tool calls and ends because of them. */
  toolCallStream?(calls: readonly DialectToolCall[], usage: TokenCounts): RenderedStream;
  wholeToolCalls?(calls: readonly DialectToolCall[], usage: TokenCounts): RenderedReply;
  /** The body of a refusal with this status; it quotes `message`. */
  errorBody(status: number, message: string): RenderedReply;
  /** A frame that reports a failure in the middle of a stream whose status was 200. */
  inBandError?(message: string): string;
  /** A frame that breaks the dialect's own rules, such as JSON that is none. */
  readonly malformedFrame?: string;
  /** Bytes between two frames that mean nothing, such as a comment. */
  readonly keepAlive?: string;
  /** The answer to an embedding request: one vector for each text, in their order. */
  embeddings?(vectors: readonly (readonly number[])[], usage: TokenCounts): RenderedReply;
  /** The answer to a reranking: indexes of documents and their scores, in this order. */
  ranking?(ranking: readonly (readonly [index: number, score: number])[]): RenderedReply;
  /** The answer to an image request. */
  images?(images: readonly Uint8Array[]): RenderedReply;
}
