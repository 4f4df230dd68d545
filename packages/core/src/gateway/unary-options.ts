import type { JsonObject } from '../contract/json.js';
import type { ModelReference } from '../contract/known-models.js';
import type { GeneratedImage, RankedDocument } from '../contract/result.js';
import type { ImageInput } from '../contract/unary-request.js';
import type { BillableUnits, Cost, TokenUsage } from '../contract/usage.js';
import type { Warning } from '../contract/warning.js';
import type { Receipt } from '../pipeline/receipt.js';
import type { CallOptions } from './call-options.js';

/** What every call but a completion takes beside its own input. Closed: an unknown field is refused. */
export interface UnaryOptions extends CallOptions {
  /** `provider:model`; or a bare model when the gateway has a default provider. */
  readonly model: ModelReference;
}

/** What every answer but a completion has beside its own. */
export interface UnaryAnswer {
  /** Absent when the upstream reported none. */
  readonly usage: TokenUsage | undefined;
  readonly cost: Cost | undefined;
  /** Empty when the upstream gave none, or several upstream calls made the answer: `receipt.attempts` has theirs. */
  readonly responseId: string;
  /** Provider and model that served. */
  readonly provider: string;
  readonly model: string;
  readonly warnings: readonly Warning[];
  readonly providerMetadata: JsonObject | undefined;
  readonly receipt: Receipt;
}

export interface EmbedOptions extends UnaryOptions {
  readonly model: ModelReference<'embedding'>;
  /** One text or several, none of them empty. More than the model takes in one upstream call are sent in several. */
  readonly input: string | readonly string[];
  /** Numbers in each vector, checked against the model's facts and against the answer. Default: the model's own. */
  readonly dimensions?: number;
  /**
   * Upstream calls at one time, where several are needed: integer 1–32. Default 4. Each has its first try for itself;
   * what `maxAttempts` leaves for more, all of them share. If one fails for good the others are stopped.
   */
  readonly maxParallelCalls?: number;
}

/** Vectors for texts. Of several upstream calls usage and cost are summed up, and `providerMetadata` is `{ calls: […] }`. */
export interface EmbeddingAnswer extends UnaryAnswer {
  /** One for each text, in the order of the texts, all equally long. `Array.from` makes a plain list of one, for JSON. */
  readonly embeddings: readonly Float32Array[];
  /** The first of them: the only one when one text was given. */
  readonly embedding: Float32Array;
}

/** What is ranked: a text, or an object with texts in it where the model takes such. */
export type RerankDocument = string | JsonObject;

export interface RerankOptions<D extends RerankDocument = RerankDocument> extends UnaryOptions {
  readonly model: ModelReference<'reranking'>;
  readonly query: string;
  /** At least one. */
  readonly documents: readonly D[];
  /** How many of the best are wanted: an integer >= 1. Default: all. */
  readonly topN?: number;
  /** What is longer than this many tokens is cut off: an integer >= 1. Default: the upstream's. */
  readonly maxTokensPerDocument?: number;
  /** Members that count, of documents that are objects. Default: the upstream's, mostly one called `text`. */
  readonly rankFields?: readonly string[];
}

/** A document in its place. */
export interface RankedResult<D extends RerankDocument = RerankDocument> extends RankedDocument {
  /** The document itself, as it was given. */
  readonly document: D;
}

/** Documents in order. */
export interface RerankingAnswer<D extends RerankDocument = RerankDocument> extends UnaryAnswer {
  /** The best first; no document twice. */
  readonly results: readonly RankedResult<D>[];
  readonly units: BillableUnits | undefined;
}

export interface ImageOptions extends UnaryOptions {
  readonly model: ModelReference<'image'>;
  readonly prompt: string;
  /** How many: an integer >= 1. Default: the upstream's, mostly one. */
  readonly n?: number;
  /** `1024x1024`, `auto`, …: in the upstream's words. */
  readonly size?: string;
  /** Images to be edited, or put together. At least one, or left out. */
  readonly images?: readonly ImageInput[];
  /** Its transparent parts say what is to be changed. As large as the first image; only beside `images`. */
  readonly mask?: ImageInput;
}

/** Images that were made. */
export interface ImageAnswer extends UnaryAnswer {
  /** At least one. As bytes where the upstream sent them; a URL of the upstream's is not fetched. */
  readonly images: readonly GeneratedImage[];
  readonly units: BillableUnits | undefined;
}
