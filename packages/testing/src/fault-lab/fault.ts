import type { Delivery, FailureClass } from '@headrace/core/plugin';
import type { RecordedRequest } from '../upstream/recorded-request.js';
import type { UpstreamStep } from '../upstream/upstream-step.js';
import type { LabAnswer } from './lab-answer.js';

/**
 * How a call under a fault came out for its caller.
 *
 * - `rescued`: the caller has the complete answer, and nothing else.
 * - `honest`: the caller knows that it is not: by one error that tells the truth, or by a finish reason that says so.
 * - `failed`: anything less, such as a cut answer that passes for a whole one, a call without end, or too many requests.
 */
export type Verdict = 'rescued' | 'honest' | 'failed';

/** What a fault is played against. `recovery`: with a fallback, and a new start of answers that broke off. */
export type Setting = 'alone' | 'fallback' | 'recovery';

/** The verdict that is expected in each setting. */
export type Outlook = Readonly<Record<Setting, Exclude<Verdict, 'failed'>>>;

/** Where a script is played, and for whom. */
export interface Scene {
  readonly request: RecordedRequest;
  readonly delivery: Delivery;
  /** Requests that reached this target, this one included. */
  readonly nth: number;
  /** The answer that every healthy upstream of the lab gives. */
  readonly answer: LabAnswer;
  /** Another origin, which no target names. It answers too, and must not be asked. */
  readonly elsewhereUrl: string;
  /** Resolves when the caller has seen so much of the text (UTF-16 code units), or a second later. */
  seen(length: number): Promise<void>;
}

/** What a target plays for one request. */
export type FaultScript = (scene: Scene) => readonly UpstreamStep[];

/** One way to fail. */
export interface Fault {
  /** Lower-case kebab, unique. */
  readonly name: string;
  /** What the upstream does, as half a sentence. */
  readonly title: string;
  /** By delivery; one that is absent is not played, because the fault has no meaning there. */
  readonly expected: Readonly<Partial<Record<Delivery, Outlook>>>;
  /** What an error may say that it was. Empty: no error tells the truth. */
  readonly causes: readonly FailureClass[];
  /** What the answer is of. Default `text`. */
  readonly asks?: 'text' | 'tools';
  /** Calls one after the other. Default 1. */
  readonly calls?: number;
  /** True for what no repetition mends: a call then asks each target once. Default false. */
  readonly isFinal?: boolean;
  /** What the upstream asked to wait at least, in ms, before it is asked again. */
  readonly hintMs?: number;
  /**
   * What it takes to play it. `waiting`: time and hardly any work. `heavy`: so much work that clocks of faults beside it
   * would run out. Default: little of either.
   */
  readonly effort?: 'waiting' | 'heavy';
  /** What the first target plays. `refused`: nothing listens there. `no-handshake`: its TLS handshake never ends. */
  readonly primary: FaultScript | 'refused' | 'no-handshake';
  /** Default: the answer, complete. */
  readonly fallback?: FaultScript;
}
