import type { Delivery } from '@headrace/core/plugin';
import type { Evidence } from './evidence.js';
import type { Fault, Outlook, Setting, Verdict } from './fault.js';
import { FAULTS } from './faults.js';
import { forEachOf } from './for-each-of.js';
import { judge } from './judge.js';
import type { LabSubject } from './lab-subject.js';
import { playFault } from './play-fault.js';
import { StallWatch } from './stall-watch.js';

/** Cases that are played at the same time: those that take little work, and those that take time only. */
const MOST_AT_ONCE = 6;
const MOST_WAITING = 24;

/** One fault in one delivery, played and judged. */
export interface FaultResult {
  readonly fault: string;
  readonly title: string;
  readonly delivery: Delivery;
  readonly verdict: Verdict;
  /** What a sound gateway makes of it in this setting. */
  readonly expected: Exclude<Verdict, 'failed'>;
  /** For `failed`: what was wrong. For `honest`: what the caller was told. */
  readonly reason?: string;
  /** Requests that the upstreams saw. */
  readonly requests: { readonly primary: number; readonly fallback: number };
  /** From the start of the first call to the end of the last, in ms. */
  readonly durationMs: number;
  /** For each setting, so that a reader sees what would help. */
  readonly outlook: Outlook;
}

/** What a subject made of the faults. */
export interface Scorecard {
  readonly setting: Setting;
  /** In the order of the catalogue, streamed before whole. */
  readonly results: readonly FaultResult[];
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly durationMs: number;
}

export interface FaultLabOptions {
  readonly subject: LabSubject;
  /** Default: the whole catalogue. */
  readonly faults?: readonly Fault[];
  /**
   * How often a case is played again, alone, that came out worse than expected while this process stood still: clocks that
   * ran out then say nothing. Default 3.
   */
  readonly repeats?: number;
  /** Gives up the faults under way once it is aborted, and rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Told of each result, in the order in which they come. */
  readonly onResult?: (result: FaultResult) => void;
}

interface FaultCase {
  readonly index: number;
  readonly fault: Fault;
  readonly delivery: Delivery;
  readonly outlook: Outlook;
}

/** The setting that a subject is in. */
export const settingOf = ({ hasFallback, recovers }: Pick<LabSubject, 'hasFallback' | 'recovers'>): Setting => {
  if (!hasFallback) return 'alone';
  return recovers ? 'recovery' : 'fallback';
};

const resultOf = (evidence: Evidence, outlook: Outlook, setting: Setting): FaultResult => {
  const { fault, delivery, calls, requests } = evidence;
  const counted = (name: 'primary' | 'fallback'): number => requests.filter(({ target }) => target === name).length;
  return {
    fault: fault.name,
    title: fault.title,
    delivery,
    ...judge(evidence),
    expected: outlook[setting],
    requests: { primary: counted('primary'), fallback: counted('fallback') },
    durationMs: (calls.at(-1)?.endedAtMs ?? 0) - (calls[0]?.startedAtMs ?? 0),
    outlook,
  };
};

const casesOf = (faults: readonly Fault[]): readonly FaultCase[] =>
  faults
    .flatMap((fault) =>
      (['stream', 'whole'] as const).map((delivery) => ({ fault, delivery, outlook: fault.expected[delivery] })),
    )
    .filter((one): one is Omit<FaultCase, 'index'> => one.outlook !== undefined)
    .map((one, index) => ({ ...one, index }));

const isWorse = ({ verdict, expected }: FaultResult): boolean =>
  verdict === 'failed' || (verdict === 'honest' && expected === 'rescued');

class FaultLabRun {
  readonly results: FaultResult[] = [];
  readonly #again: FaultCase[] = [];
  readonly #setting: Setting;
  readonly #signal: AbortSignal;
  readonly #repeats: number;

  constructor(
    private readonly options: FaultLabOptions,
    private readonly stopped: Promise<undefined>,
    signal: AbortSignal,
  ) {
    this.#setting = settingOf(options.subject);
    this.#signal = signal;
    this.#repeats = options.repeats ?? 3;
  }

  async playAll(cases: readonly FaultCase[]): Promise<void> {
    const of = (effort: Fault['effort']): FaultCase[] => cases.filter(({ fault }) => fault.effort === effort);
    const play = (one: FaultCase): Promise<void> => this.#playBeside(one);
    // Side by side, and each to its end although another rejects: nothing is left running.
    const ended = await Promise.allSettled([
      forEachOf(of('waiting'), MOST_WAITING, play),
      forEachOf(of(undefined), MOST_AT_ONCE, play),
    ]);
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
    await forEachOf(of('heavy'), 1, play);
    await forEachOf(this.#again, 1, (one) => this.#playAgain(one));
  }

  async #playBeside(one: FaultCase): Promise<void> {
    const { result, wasStalled } = await this.#play(one);
    if (this.#repeats > 0 && wasStalled && isWorse(result)) this.#again.push(one);
    else this.#keep(one, result);
  }

  async #playAgain(one: FaultCase): Promise<void> {
    for (let left = this.#repeats; ; left -= 1) {
      const { result, wasStalled } = await this.#play(one);
      if (left > 1 && wasStalled && isWorse(result)) continue;
      this.#keep(one, result);
      return;
    }
  }

  async #play({ fault, delivery, outlook }: FaultCase): Promise<{ result: FaultResult; wasStalled: boolean }> {
    this.#signal.throwIfAborted();
    const watch = new StallWatch();
    const evidence = await playFault(fault, delivery, this.options.subject, this.stopped).finally(() => watch.end());
    this.#signal.throwIfAborted();
    return { result: resultOf(evidence, outlook, this.#setting), wasStalled: watch.wasStalled };
  }

  #keep({ index }: FaultCase, result: FaultResult): void {
    this.results[index] = result;
    this.options.onResult?.(result);
  }
}

/**
 * Plays faults to a client on 127.0.0.1, several at a time, each with upstreams and a client of its own. Takes as long as
 * the clocks of the client: they are real.
 */
export const runFaultLab = async (options: FaultLabOptions): Promise<Scorecard> => {
  const { subject, faults = FAULTS, signal = new AbortController().signal } = options;
  const startedAt = performance.now();
  // One listener for all calls.
  let stop: () => void = () => undefined;
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
  });
  signal.addEventListener('abort', stop);
  const run = new FaultLabRun(options, stopped, signal);
  await run.playAll(casesOf(faults)).finally(() => signal.removeEventListener('abort', stop));
  const { results } = run;
  const count = (verdict: Verdict): number => results.filter((result) => result.verdict === verdict).length;
  return {
    setting: settingOf(subject),
    results,
    counts: { rescued: count('rescued'), honest: count('honest'), failed: count('failed') },
    durationMs: performance.now() - startedAt,
  };
};
