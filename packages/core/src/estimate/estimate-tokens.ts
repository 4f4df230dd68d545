import type { ModelInfo } from '../contract/model-info.js';
import type { ModelRequest } from '../contract/request.js';
import type { BillableUnits } from '../contract/usage.js';
import type { Writable } from '../schema/writable.js';
import { ANY_TOKENIZER } from './any-tokenizer.js';
import { type MeasuredRequest, measureRequest } from './measure-request.js';

/** What is taken for the length of an answer that nobody limits, in tokens. */
export const USUAL_OUTPUT_TOKENS = 1_000;
/** No context window of today is larger; stands in for one that is not known. */
const LARGEST_WINDOW = 10_000_000;
/** No published vocabulary has a token that spans two words; one that is not published may. */
const LEAST_TOKENS_PER_WORD = 0.5;

/** What a request comes to before it is sent. Whole numbers of tokens; an estimate, however good. */
export interface TokenEstimate {
  /** The best guess at the input. */
  readonly inputTokens: number;
  /**
   * Not less than this: half a token for each run of letters or digits. No published vocabulary goes below a whole one.
   * Media count nothing.
   */
  readonly inputAtLeast: number;
  /**
   * Not more than this: the bytes of all texts in UTF-8, as a byte-level tokenizer gives no more tokens than bytes, plus
   * an allowance for the frames of messages and tools and for images that no upstream is known to exceed. For a file
   * of unknown length it is the context window.
   */
  readonly inputAtMost: number;
  /** The guess at the output: what the request limits it to, otherwise 1,000 or what the model can do. */
  readonly outputTokens: number;
  /** What request or model limit the output to. Absent: nothing known does. */
  readonly outputAtMost?: number;
  /** The tokenizer it was estimated by; `unknown`: none in particular. */
  readonly family: string;
  /** The real input of texts like those measured, divided by `inputTokens`: the least and the most. */
  readonly error: { readonly low: number; readonly high: number };
  /** What is billed by the piece, as far as the request says. */
  readonly units?: BillableUnits;
}

const isPositive = (value: number | undefined): value is number => value !== undefined && value > 0;

/** Of two limits; one that is absent, or not above 0, is none. */
const smaller = (one: number | undefined, other: number | undefined): number | undefined => {
  if (!isPositive(one)) return isPositive(other) ? other : undefined;
  return isPositive(other) && other < one ? other : one;
};

/** The smallest limit holds; a request may ask for more than the model can do. */
const limitOf = (request: ModelRequest, info: ModelInfo | undefined): number | undefined => {
  if (request.kind === 'embedding' || request.kind === 'reranking') return 0;
  if (request.kind === 'image' || request.outputModalities?.includes('image') === true) return undefined;
  const asked = request.parameters.maxOutputTokens;
  const ofModel = smaller(info?.maxOutputTokens, info?.contextWindow);
  return smaller(asked, ofModel);
};

const outputOf = (request: ModelRequest, limit: number | undefined): number => {
  const asked = request.kind === 'completion' ? request.parameters.maxOutputTokens : undefined;
  const likely = isPositive(asked) ? asked : request.kind === 'image' ? 0 : USUAL_OUTPUT_TOKENS;
  return Math.min(likely, limit ?? likely);
};

const windowOf = (info: ModelInfo | undefined): number =>
  Math.max(info?.contextWindow ?? 0, info?.maxInputTokens ?? 0) || LARGEST_WINDOW;

/** As `estimateTokens`, for a request that is estimated for several models. */
export const estimateMeasured = (
  measured: MeasuredRequest,
  request: ModelRequest,
  info: ModelInfo | undefined,
): TokenEstimate => {
  const tokenizer = info?.tokenizer ?? ANY_TOKENIZER;
  let { likely, most } = measured;
  let least = 0;
  for (const { traits, times } of measured.texts) {
    likely += traits.tokens(tokenizer) * times;
    most += traits.bytes * times;
    least += traits.words * LEAST_TOKENS_PER_WORD;
  }
  const inputAtMost = measured.isOpen ? Math.max(most, windowOf(info)) : most;
  const inputAtLeast = Math.floor(least);
  const outputAtMost = limitOf(request, info);
  const estimate: Writable<TokenEstimate> = {
    inputTokens: Math.min(Math.max(Math.ceil(likely), inputAtLeast), inputAtMost),
    inputAtLeast,
    inputAtMost,
    outputTokens: outputOf(request, outputAtMost),
    family: tokenizer.name,
    error: tokenizer.error,
  };
  if (outputAtMost !== undefined) estimate.outputAtMost = outputAtMost;
  if (measured.units !== undefined) estimate.units = measured.units;
  return estimate;
};

/**
 * Estimates what a request comes to with a model. Reads every text once, about 12 ns a character; nothing is sent.
 * What `providerOptions` make the upstream add, such as the results of its own searches, is not in it.
 * @param info facts about the model; by its `tokenizer`, otherwise by the middle of all that were measured.
 */
export const estimateTokens = (request: ModelRequest, info?: ModelInfo): TokenEstimate =>
  estimateMeasured(measureRequest(request), request, info);
