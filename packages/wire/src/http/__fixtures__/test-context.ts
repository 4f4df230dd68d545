import type { CallContext, Phase, Warning } from '@headrace/core/plugin';

/** A context that tests can cancel and whose record they can read. */
export class TestContext implements CallContext {
  readonly phases: string[] = [];
  readonly warnings: Warning[] = [];
  bytes = 0;
  cancelled = false;
  cancelReason: unknown;
  readonly deadline = Number.POSITIVE_INFINITY;
  readonly attempts = { limit: 1, spent: 0, spend: () => {} };
  readonly #listeners = new Set<(reason: unknown) => void>();
  readonly #awaited = new Map<Phase, () => void>();

  get signal(): AbortSignal {
    throw new Error('the transport must not read `signal`: it costs more than `onCancel`');
  }

  /** Listeners not taken back. */
  get listeners(): number {
    return this.#listeners.size;
  }

  onCancel(listener: (reason: unknown) => void): () => void {
    if (this.cancelled) listener(this.cancelReason);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onPhase(phase: Phase, bytes = 0): void {
    if (this.phases.at(-1) !== phase) this.phases.push(phase);
    this.bytes += bytes;
    this.#awaited.get(phase)?.();
  }

  warn(warning: Warning): void {
    this.warnings.push(warning);
  }

  cancel(reason: unknown): void {
    this.cancelled = true;
    this.cancelReason = reason;
    for (const listener of this.#listeners) listener(reason);
    this.#listeners.clear();
  }

  /** Resolves when the phase is told for the next time. */
  reached(phase: Phase): Promise<void> {
    return new Promise((resolve) => this.#awaited.set(phase, resolve));
  }
}
