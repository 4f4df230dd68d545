/**
 * One try that an upstream made by itself behind one attempt of ours: a gateway that falls back among its providers
 * makes several. For reading only: nothing is decided by it.
 */
export interface UpstreamAttempt {
  /** Who was tried, by the upstream's name for it. */
  readonly provider: string;
  /** The model, by the upstream's name for it. */
  readonly model?: string;
  readonly success: boolean;
  /** HTTP status that the upstream was answered with. */
  readonly status?: number;
  /** What went wrong, in the upstream's words. */
  readonly error?: string;
  readonly durationMs?: number;
  /** True: made with a key of the caller's own. */
  readonly ownKey?: boolean;
  /** The id of the try, for the support desk of who was tried. */
  readonly requestId?: string;
}
