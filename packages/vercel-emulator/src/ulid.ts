import { type Random, randomText } from './random.js';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: 26 characters of Crockford base32, the first ten of which are `timeMs` (48 bits). */
export function ulid(timeMs: number, random: Random): string {
  let time = '';
  for (let rest = Math.max(0, Math.floor(timeMs)), place = 0; place < 10; place += 1) {
    time = CROCKFORD.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return time + randomText(random, CROCKFORD, 16);
}

/** The id of one reply, as in `id`, `generationId`, the routing record and the generation look-up. */
export function generationId(timeMs: number, random: Random): string {
  return `gen_${ulid(timeMs, random)}`;
}

const GENERATION_ID = /^gen_[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

export function isGenerationId(text: string): boolean {
  return GENERATION_ID.test(text);
}
