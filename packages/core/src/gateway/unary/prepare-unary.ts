import type { TraceContext } from '../../contract/call-context.js';
import type { ModelRequest } from '../../contract/request.js';
import type { EmbeddingRequest, ImageRequest, RerankingRequest } from '../../contract/unary-request.js';
import { type InputIssue, InvalidRequestError } from '../../errors/caller-errors.js';
import type { ClockLimits } from '../../pipeline/clock-limits.js';
import { issuesOf } from '../../schema/zod-issues.js';
import type * as z from '../../zod.js';
import { checkFields } from '../check-fields.js';
import type { PreparedCall } from '../prepared-call.js';
import type { EmbedOptions, ImageOptions, RerankDocument, RerankOptions, UnaryOptions } from '../unary-options.js';
import { type CheckedEmbed, type CheckedImage, embedSchema, imageSchema, rerankSchema } from './unary-schemas.js';

/** The fields of one kind of options. */
interface Form {
  readonly schema: z.ZodObject;
  readonly required: readonly string[];
}

const EMBED: Form = { schema: embedSchema, required: ['model', 'input'] };
const RERANK: Form = { schema: rerankSchema, required: ['model', 'query', 'documents'] };
const IMAGE: Form = { schema: imageSchema, required: ['model', 'prompt'] };

const inWords = (names: readonly string[]): string =>
  `${names
    .slice(0, -1)
    .map((name) => `\`${name}\``)
    .join(', ')} and \`${names.at(-1)}\``;

/** @throws InvalidRequestError naming every field that is wrong */
const checked = (options: unknown, { schema, required }: Form): Readonly<Record<string, unknown>> => {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new InvalidRequestError([{ field: 'request', message: `must be an object with ${inWords(required)}.` }]);
  const { data, issues } = checkFields(schema.shape as Record<string, z.ZodType>, required, options);
  if (issues.length > 0) throw new InvalidRequestError(issuesOf({ issues }, Object.keys(schema.shape), 'request'));
  return data;
};

/** The members of an object that are there: the contract knows no `undefined`. */
const present = <T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;

const prepared = <R extends ModelRequest>(
  request: R,
  options: UnaryOptions,
  maxParallelCalls?: number,
): PreparedCall<R> => ({
  request,
  signal: options.signal,
  timeoutMs: options.timeoutMs,
  maxAttempts: options.maxAttempts,
  clocks: options.clocks as Partial<ClockLimits> | undefined,
  strict: options.strict,
  cache: options.cache,
  tenant: options.tenant,
  trace: options.trace as TraceContext | undefined,
  onReceipt: options.onReceipt,
  maxParallelCalls,
});

/** Checks what can be checked without a model. @throws InvalidRequestError naming every field that is wrong */
export const prepareEmbedding = (options: EmbedOptions): PreparedCall<EmbeddingRequest> => {
  const { model, input, dimensions, endUser, providerOptions, maxParallelCalls } = checked(
    options,
    EMBED,
  ) as CheckedEmbed;
  const inputs = typeof input === 'string' ? [input] : input;
  const request = present({ dimensions, endUser, providerOptions });
  return prepared({ kind: 'embedding', delivery: 'whole', model, inputs, ...request }, options, maxParallelCalls);
};

/** Checks what can be checked without a model. @throws InvalidRequestError naming every field that is wrong */
export const prepareReranking = <D extends RerankDocument>(
  options: RerankOptions<D>,
): PreparedCall<RerankingRequest> => {
  checked(options, RERANK);
  const { model, query, documents, topN, maxTokensPerDocument, rankFields, endUser, providerOptions } = options;
  const request = present({ topN, maxTokensPerDocument, rankFields, endUser, providerOptions });
  return prepared(
    { kind: 'reranking', delivery: 'whole', model, query, documents: [...documents], ...request },
    options,
  );
};

const imageIssues = ({ images, mask }: CheckedImage): InputIssue[] =>
  mask !== undefined && images === undefined
    ? [{ field: 'mask', message: 'needs `images`: it says what of the first one is to be changed.' }]
    : [];

/** Checks what can be checked without a model. @throws InvalidRequestError naming every field that is wrong */
export const prepareImage = (options: ImageOptions): PreparedCall<ImageRequest> => {
  const issues = imageIssues(checked(options, IMAGE) as CheckedImage);
  if (issues.length > 0) throw new InvalidRequestError(issues);
  const { model, prompt, n, size, images, mask, endUser, providerOptions } = options;
  const request = present({ n, size, images, mask, endUser, providerOptions });
  return prepared({ kind: 'image', delivery: 'whole', model, prompt, ...request }, options);
};
