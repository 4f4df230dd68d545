/**
 * Codecs of everything but chat: OpenAI-style embeddings and images, Cohere-style reranking. An entry of its own, because
 * most processes only chat and every process waits for what an entry loads.
 * @packageDocumentation
 */

export { embeddingReplyDecoder } from './embeddings/embedding-reply-decoder.js';
export { type EmbeddingRequestOptions, encodeEmbeddingRequest } from './embeddings/encode-embedding-request.js';
export {
  encodeImageEdit,
  encodeImageGeneration,
  type ImageEditOptions,
  type ImageGenerationOptions,
} from './images/encode-image-request.js';
export { type ImageReplyDecoderOptions, imageReplyDecoder } from './images/image-reply-decoder.js';
export { type FormField, type MultipartBody, multipartBody } from './images/multipart-body.js';
export { pricedTraits } from './images/priced-traits.js';
export type { ReplyDecoderOptions } from './reply/reply-decoder.js';
export { encodeRerankRequest } from './rerank/encode-rerank-request.js';
export { rerankReplyDecoder } from './rerank/rerank-reply-decoder.js';
