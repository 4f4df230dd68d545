import type { JsonObject } from './json.js';
import type { MediaSource, ProviderOptions } from './message.js';

/** What requests of every kind but completions have in common: one plain upstream call, whose answer arrives complete. */
interface UnaryRequest {
  /** The provider's own id of the model, without our provider prefix. */
  readonly model: string;
  readonly delivery: 'whole';
  /** An opaque id of the person behind the call, for the upstream's abuse checks. At most 256 characters. */
  readonly endUser?: string;
  readonly providerOptions?: ProviderOptions;
}

/** Texts to be turned into vectors, as many as one upstream call takes: the pipeline makes several calls of more. */
export interface EmbeddingRequest extends UnaryRequest {
  readonly kind: 'embedding';
  /** At least one, none of them empty. */
  readonly inputs: readonly string[];
  /** Numbers in each vector: an integer >= 1. Absent: as many as the model gives by itself. */
  readonly dimensions?: number;
}

/** Documents to be put in order by how much they have to do with a query. */
export interface RerankingRequest extends UnaryRequest {
  readonly kind: 'reranking';
  /** Not empty. */
  readonly query: string;
  /** At least one. */
  readonly documents: readonly (string | JsonObject)[];
  /** How many of the best are wanted: an integer >= 1. Absent: all. */
  readonly topN?: number;
  /** What is longer than this many tokens is cut off: an integer >= 1. Absent: the upstream decides. */
  readonly maxTokensPerDocument?: number;
  /** Members that count, of documents that are objects. Absent: the upstream decides, mostly one called `text`. */
  readonly rankFields?: readonly string[];
}

/** An image that is given to be changed. */
export interface ImageInput {
  readonly source: MediaSource;
  /** IANA media type, such as `image/png`. Absent: as the bytes tell. */
  readonly mediaType?: string;
}

/** Images to be made from words, or from words and other images. */
export interface ImageRequest extends UnaryRequest {
  readonly kind: 'image';
  /** Not empty. */
  readonly prompt: string;
  /** How many: an integer >= 1. Absent: the upstream decides, mostly one. */
  readonly n?: number;
  /** `1024x1024`, `auto`, …: in the upstream's words. */
  readonly size?: string;
  /** To be edited, or put together. At least one, or absent. */
  readonly images?: readonly ImageInput[];
  /** Its transparent parts say what is to be changed. As large as the first image; only beside `images`. */
  readonly mask?: ImageInput;
}
