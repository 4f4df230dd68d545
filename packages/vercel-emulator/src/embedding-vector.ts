import { fingerprint } from './random.js';

/** Numbers of a vector that one feature touches. More make features that share one by chance harm less. */
const PLACES_PER_FEATURE = 16;
const WORD_WEIGHT = 1;
const SHORT_WORD_WEIGHT = 0.25;
const SHORT_WORD = 3;
const PART_WEIGHT = 0.3;
const PART_LENGTH = 3;

/** Words by how much they weigh, and the parts of words, which bring `river` and `rivers` together. */
function featuresOf(text: string): ReadonlyMap<string, number> {
  const features = new Map<string, number>();
  const count = (feature: string, weight: number): void => {
    features.set(feature, (features.get(feature) ?? 0) + weight);
  };
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    count(`word ${word}`, word.length <= SHORT_WORD ? SHORT_WORD_WEIGHT : WORD_WEIGHT);
    const bounded = ` ${word} `;
    for (let start = 0; start + PART_LENGTH <= bounded.length; start += 1) {
      count(`part ${bounded.slice(start, start + PART_LENGTH)}`, PART_WEIGHT);
    }
  }
  // A text without a word, such as "!?", still has a direction of its own.
  if (features.size === 0) count(`text ${text}`, WORD_WEIGHT);
  return features;
}

const stepped = (state: number): number => {
  const mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
  return (Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39) ^ mixed) >>> 0;
};

/**
 * A vector of length 1 for a text: the same for the same text and space, near to those of texts that share words, and about
 * at a right angle to all others. It knows nothing of meaning.
 * @param space texts of different spaces, such as models, are not comparable
 */
export function embeddingVector(text: string, dimensions: number, space: string): Float32Array {
  const sums = new Float64Array(dimensions);
  const origin = fingerprint(space);
  for (const [feature, weight] of featuresOf(text)) {
    let state = (fingerprint(feature) ^ origin) >>> 0;
    // What is said often counts more, but not as often as it is said.
    const share = Math.sqrt(weight);
    for (let place = 0; place < PLACES_PER_FEATURE; place += 1) {
      state = stepped((state + 0x9e3779b9) >>> 0);
      const at = (state >>> 1) % dimensions;
      sums[at] = (sums[at] ?? 0) + ((state & 1) === 0 ? share : -share);
    }
  }
  const length = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0));
  // Few numbers can cancel each other out.
  if (length === 0) sums[origin % dimensions] = 1;
  return Float32Array.from(sums, (value) => (length === 0 ? value : value / length));
}

/** The vector as base64 of its 32-bit numbers, little end first. */
export function base64OfVector(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * Float32Array.BYTES_PER_ELEMENT);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * Float32Array.BYTES_PER_ELEMENT);
  return bytes.toString('base64');
}
