import type { EventBatch, GatewayError, Phase, StreamEvent, Warning } from '@headrace/core/plugin';
import type { AnswerStep } from './answer-step.js';

/** One step of a scripted provider. Build it with the functions here and in `answer-step`. */
export type ProviderStep =
  | AnswerStep
  | { readonly step: 'batch'; readonly batch: EventBatch }
  | { readonly step: 'throw'; readonly value: unknown }
  | { readonly step: 'phase'; readonly phase: Phase; readonly bytes: number | undefined }
  | { readonly step: 'warn'; readonly warning: Warning }
  | { readonly step: 'ignore-abort' }
  | { readonly step: 'after-end'; readonly steps: readonly ProviderStep[] };

/** What one call of a scripted provider plays. */
export type Attempt = readonly ProviderStep[];

/** One batch with exactly these events. Nothing is added to it: no `response-start`, no end. */
export const batch = (...events: readonly StreamEvent[]): ProviderStep => ({ step: 'batch', batch: { events } });

/** One batch exactly as given, `wire` bytes included. */
export const exactBatch = (whole: EventBatch): ProviderStep => ({ step: 'batch', batch: whole });

/** The attempt fails with this error. */
export const fail = (error: GatewayError): ProviderStep => ({ step: 'throw', value: error });

/** A breach of the contract: the attempt throws something that is no `GatewayError`, and need not even be an `Error`. */
export const throwForeign = (value: unknown): ProviderStep => ({ step: 'throw', value });

/**
 * Reports a phase through `context.onPhase`. Without it a scripted provider reports `connected` and `headers` just before
 * its first batch and `bytes` before each: as an upstream would, but with nothing reported while it waits before that.
 */
export const phase = (reached: Phase, bytes?: number): ProviderStep => ({ step: 'phase', phase: reached, bytes });

/** Tells the caller through `context.warn`. */
export const warn = (warning: Warning): ProviderStep => ({ step: 'warn', warning });

/** A breach of the contract: from here on the provider takes no notice of being cancelled. Leaving the loop still ends it. */
export const ignoreAbort = (): ProviderStep => ({ step: 'ignore-abort' });

/**
 * A breach of the contract: goes on after the end. `[text('a'), end(), afterEnd(text('b'))]` sends text after the end,
 * `[end(), afterEnd(end())]` ends twice, `[end(), afterEnd(hang())]` never lets go.
 * Other breaches need no word of their own: an attempt without `end()` has no end, `toolCall({ arguments: '{"a' })` is no JSON.
 */
export const afterEnd = (...steps: readonly ProviderStep[]): ProviderStep => ({ step: 'after-end', steps });
