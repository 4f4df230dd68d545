import { type CanaryKind, canariesIn } from './canary.js';
import { printedError } from './printable.js';

/** Where a secret may come out. */
export type Surface = 'error' | 'log' | 'receipt' | 'event' | 'JSON' | 'file';

/** A canary that came out. */
export interface Leak {
  readonly surface: Surface;
  readonly kind: CanaryKind;
  /** The beginning of what it was seen in. */
  readonly seenIn: string;
}

const HOOK = /[/\\]canaries[/\\]file-hooks/;

/** Prompts belong in requests, and an answer may repeat them. */
const HOLDS_PROMPTS: ReadonlySet<Surface> = new Set<Surface>(['event', 'JSON', 'file']);

/** Where an error was made, innermost first, without the hooks. */
export const framesOf = (error: Error): readonly string[] =>
  (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line) && !HOOK.test(line));

/** Whether a package made it: its users swallow it, or make it the cause of an error of their own. */
const isOfPackage = (error: Error): boolean => /[/\\]node_modules[/\\]/.test(framesOf(error)[0] ?? '');

interface SeenError {
  readonly error: Error;
  readonly said: string;
}

/** Gathers the canaries that come out of the code under test, from hooks that hand it what they see. */
export class CanaryWatch {
  #leaks: Leak[] = [];
  #errors: SeenError[] = [];
  #isLooking = false;
  /** While a leak is planted: the process's own streams and its console print nothing. */
  isQuiet = false;

  /**
   * An error of the code under test. Looked into when the leaks are taken: errors gain fields after they are made.
   * @param said what it was made with: its stack tells that for ever, whatever becomes of its message.
   */
  sees(error: Error, said: string): void {
    if (!this.#isLooking) this.#errors.push({ error, said });
  }

  look(surface: Surface, text: string): void {
    for (const kind of canariesIn(text)) {
      if (kind === 'prompt' && HOLDS_PROMPTS.has(surface)) continue;
      const at = text.indexOf('-canary-');
      this.#leaks.push({ surface, kind, seenIn: text.slice(Math.max(0, at - 200), at + 200).replaceAll('canary', '…') });
    }
  }

  /** The leaks since the last time, which are forgotten. */
  take(): readonly Leak[] {
    const errors = this.#errors;
    this.#errors = [];
    this.#isLooking = true;
    for (const { error, said } of errors) {
      const printed = `${said}\n${printedError(error)}`;
      if (canariesIn(printed).length > 0 && !isOfPackage(error)) this.look('error', printed);
    }
    this.#isLooking = false;
    const leaks = this.#leaks;
    this.#leaks = [];
    return leaks;
  }

  /** What a test lets out on purpose; the test does not fail for it. */
  async planted(leak: () => unknown): Promise<readonly Leak[]> {
    this.assertNone();
    this.isQuiet = true;
    try {
      await leak();
    } finally {
      this.isQuiet = false;
    }
    return this.take();
  }

  /** @throws unless nothing has leaked */
  assertNone(): void {
    const leaks = this.take();
    if (leaks.length === 0) return;
    const told = leaks.slice(0, 5).map(({ surface, kind, seenIn }) => `a ${kind} in this ${surface}: ${seenIn}`);
    this.#isLooking = true;
    const error = new Error(`${leaks.length} secrets came out; ${told.join('\n')}`);
    this.#isLooking = false;
    throw error;
  }
}
