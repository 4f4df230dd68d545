import { createHash } from 'node:crypto';
import type { SeedModel } from './catalogue-seed.js';
import { drawImage, drawnSize } from './drawn-image.js';
import type { Made, Serving } from './generating-route.js';
import { type ImageTraits, imageBill } from './image-bill.js';
import { countTokens } from './token-count.js';

/** Images to be made, whatever dialect they were asked for in. */
export interface AskedImages {
  readonly prompt: string;
  readonly n: number;
  readonly size?: string | undefined;
  /** Such as `16:9`; the size says it too where there is one. */
  readonly aspectRatio?: string | undefined;
  readonly seed?: number | undefined;
  readonly quality?: string | undefined;
  readonly style?: string | undefined;
  /** To be edited, the mask among them. */
  readonly sources: readonly Buffer[];
}

const INPUT_TOKENS_PER_IMAGE = 258;
/** Tokens of an image of 1024 by 1024 pixels. */
const TOKENS_BY_QUALITY: ReadonlyMap<string, number> = new Map([
  ['low', 272],
  ['medium', 1056],
  ['high', 4160],
]);
const USUAL_TOKENS = 1056;
const USUAL_PIXELS = 1024 * 1024;

export const sourceTokens = ({ sources }: AskedImages): number => sources.length * INPUT_TOKENS_PER_IMAGE;

/** Makers that bill images by the token report tokens; the others do not. */
export const reportsTokens = ({ pricing, creator }: SeedModel): boolean =>
  pricing?.output !== undefined || (pricing === undefined && creator === 'openai');

function tokensOf({ n, size, quality }: AskedImages): number {
  const [, width = '1024', height = '1024'] = /^(\d{1,5})x(\d{1,5})$/.exec(size ?? '') ?? [];
  const usual = TOKENS_BY_QUALITY.get(quality ?? '') ?? USUAL_TOKENS;
  return n * Math.max(1, Math.round((usual * Number(width) * Number(height)) / USUAL_PIXELS));
}

/** PNGs as base64: patterns that come from the prompt, and from the bytes of what is edited. */
export function makeImages(asked: AskedImages, { model }: Serving): Made<readonly string[]> {
  const { prompt, n, sources, size, quality, style } = asked;
  const marks = sources.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
  const mark = [model.id, prompt, asked.seed ?? '', ...marks].join('\n');
  const drawn = drawnSize(size ?? asked.aspectRatio);
  const image = reportsTokens(model) ? tokensOf(asked) : 0;
  const traits: ImageTraits = { size, quality, style, operation: sources.length === 0 ? 'generate' : 'edit' };
  const counts = {
    prompt: countTokens(prompt) + sourceTokens(asked),
    cached: 0,
    cacheWritten: 0,
    completion: image,
    reasoning: 0,
    image,
  };
  return {
    answer: Array.from({ length: n }, (_, index) => drawImage(`${mark}\n${index}`, drawn).toString('base64')),
    counts,
    finishReason: 'stop',
    bill: (isByok) => imageBill(counts, model.pricing ?? {}, { images: n, traits, isByok }),
  };
}
