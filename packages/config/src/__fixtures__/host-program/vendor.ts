import type { UpstreamScript } from '@headrace/testing';
import type { z } from 'zod';

/** One upstream as the test plays it, and how its vendor documents a request. */
export interface Vendor {
  /** The provider's id in the file. */
  readonly id: string;
  readonly use: string;
  readonly model: string;
  /** The options in the file. */
  options(url: string): Readonly<Record<string, unknown>>;
  /** Where completions go, streamed and whole. */
  readonly paths: readonly [stream: string, whole: string];
  /** A request body as the vendor documents it; nothing else may be in it. */
  readonly request: z.ZodType;
  /** The proof of a thought, where it sends one. */
  readonly signature: string | undefined;
  readonly takesCacheMarks: boolean;
  /** Whose proofs it can be sent back: vendors by their ids. */
  readonly takesSignaturesOf: readonly string[];
  /** Thinks and asks for the weather of Ulm, as a stream. */
  readonly thinking: UpstreamScript;
  /** Says it, as a stream. */
  saying(text: string): UpstreamScript;
  /** Says it, as a whole answer. */
  whole(text: string): UpstreamScript;
}

/** Options that keep every provider of a test to its upstream. */
export const quiet = (baseUrl: string): Readonly<Record<string, unknown>> => ({
  apiKey: '${TEST_KEY}',
  baseUrl,
  catalogue: { refresh: false },
  proxy: false,
});

export const THOUGHT = 'That is the minster of Ulm.';
