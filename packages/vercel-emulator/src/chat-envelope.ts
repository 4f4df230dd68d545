import type { Completion } from './completion-route.js';
import { fingerprint, randomText, seededRandom } from './random.js';

const LOWER_ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Members that every frame of a chat completion, and the whole body, start with. */
export function envelope(completion: Completion, object: string): Record<string, unknown> {
  return {
    id: completion.id,
    object,
    created: Math.floor(completion.startTime / 1000),
    model: completion.askedModel,
  };
}

/** `fp_` and ten lower-case characters, another one for each request. */
export function systemFingerprint({ id }: Completion): string {
  return `fp_${randomText(seededRandom(fingerprint(id)), LOWER_ALPHANUMERIC, 10)}`;
}
