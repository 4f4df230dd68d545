import type { EventBatch, ResponseStartEvent } from '../../contract/stream-event.js';
import { GatewayError } from '../../errors/gateway-error.js';
import { BudgetExhaustedError, LimitReachedError } from '../../errors/limit-errors.js';
import { RecoveryFailedError } from '../../errors/recovery-error.js';
import type { Target } from '../../registry/target.js';
import type { Writable } from '../../schema/writable.js';
import { leaveIterator } from '../leave-iterator.js';
import type { AnswerPart } from '../receipt.js';
import type { Ending, OpenStream, StreamTap } from '../stage.js';
import { DeliveredText } from './delivered-text.js';
import { beginningsOf, splitPrefill } from './prefill.js';
import { PrefilledSeam } from './prefilled-seam.js';
import type { RecoveryWay } from './recovery-mode.js';
import { type RecoverableCall, Reopening } from './reopened-answer.js';
import { ResumedAnswer } from './resumed-answer.js';
import { ExactSeam, SeamMismatch } from './seam.js';

type Step = IteratorResult<EventBatch, undefined>;

const isStart = (event: { readonly type: string }): event is ResponseStartEvent => event.type === 'response-start';

const DONE: Step = { done: true, value: undefined };

/** What an attempt is stopped with whose answer is of no use. Nobody sees it but the taps. */
const MISMATCH = Symbol('another answer than the one that was begun');

/** One target's part of the answer. */
interface Part {
  readonly target: Target | undefined;
  /** Of the whole text, where it begins. */
  readonly from: number;
  readonly responseId: string | undefined;
}

/**
 * The rest of an answer, whichever attempt it comes from. It stands between the taps of one attempt and those of the call:
 * the taps of an attempt that was cut end with its failure, and those of the next one see its own batches.
 */
export class RecoverableStream implements AsyncIterator<EventBatch, undefined>, StreamTap {
  readonly #delivered = new DeliveredText();
  readonly #reopening: Reopening;
  readonly #parts: Part[];
  /** The attempt under way; undefined between two of them. */
  #open: OpenStream | undefined;
  #heldIndex = 0;
  /** Absent while the first answer goes on. */
  #answer: ResumedAnswer | undefined;
  /** What cut the answer, until it goes on. */
  #cut: GatewayError | undefined;
  /** How recovery was tried last. */
  #way: RecoveryWay | undefined;

  constructor(
    private readonly call: RecoverableCall,
    open: OpenStream,
  ) {
    const { scope } = call;
    this.#open = open;
    this.#reopening = new Reopening(call, open.targets);
    const start = open.held.flatMap(({ events }) => events).find(isStart);
    this.#parts = [{ target: scope.target, from: 0, responseId: start?.responseId }];
    for (const batch of open.held) {
      this.#tell(batch);
      this.#delivered.add(batch.events);
    }
  }

  next(): Promise<Step> {
    const rest = this.#open?.rest;
    if (this.#answer !== undefined || rest === undefined) return this.#goOn();
    this.#pull();
    return rest.next().then(this.#onStep, this.#onFailure);
  }

  return(): Promise<Step> {
    leaveIterator(this.#open?.rest);
    return Promise.resolve(DONE);
  }

  /** The call is over. */
  onEnd(ending: Ending): void {
    this.#end(ending);
    const mode = this.#way ?? (this.#cut === undefined ? undefined : this.call.mode);
    const served = this.#parts.at(-1)?.target;
    if (mode === undefined || served === undefined) return;
    const succeeded = this.#cut === undefined;
    this.call.scope.facts.record.recovered({ mode, succeeded, parts: this.#partRecords() }, served);
  }

  readonly #onStep = (step: IteratorResult<EventBatch, unknown>): Step => {
    if (step.done === true) return DONE;
    this.#tell(step.value);
    this.#delivered.add(step.value.events);
    return step;
  };

  readonly #onFailure = async (error: unknown): Promise<Step> => {
    await this.#recover(error);
    return this.#goOn();
  };

  /** The next batch of an answer that goes on from another one. */
  async #goOn(): Promise<Step> {
    for (;;) {
      let batch: EventBatch | undefined;
      try {
        batch = await this.#read();
      } catch (error) {
        await this.#recover(error);
        continue;
      }
      if (batch === undefined) return DONE;
      const events = this.#accept(batch);
      // Without its bytes: they are those of an answer that the caller sees only a part of.
      if (events.length > 0) return { done: false, value: { events } };
    }
  }

  async #read(): Promise<EventBatch | undefined> {
    const open = this.#open;
    const held = open?.held[this.#heldIndex];
    if (held !== undefined) {
      this.#heldIndex += 1;
      this.#tell(held);
      return held;
    }
    if (open?.rest === undefined) return undefined;
    this.#pull();
    const step: IteratorResult<EventBatch, unknown> = await open.rest.next();
    if (step.done === true) return undefined;
    this.#tell(step.value);
    return step.value;
  }

  #accept({ events }: EventBatch): EventBatch['events'] {
    const answer = this.#answer;
    if (answer === undefined) return events;
    let fresh: EventBatch['events'];
    try {
      fresh = answer.take(events);
    } catch (mismatch) {
      if (!(mismatch instanceof SeamMismatch) || this.#cut === undefined) throw mismatch;
      this.#end({ outcome: 'cancelled', reason: MISMATCH });
      throw this.#failed(this.#cut, mismatch.what);
    }
    if (fresh.length === 0) return fresh;
    if (this.#cut !== undefined) {
      this.#cut = undefined;
      const { characters: from } = this.#delivered;
      this.#parts.push({ target: this.call.scope.target, from, responseId: answer.responseId });
    }
    this.#delivered.add(fresh);
    return fresh;
  }

  /** Opens another answer in the place of the one that failed. @throws what ends the call */
  async #recover(error: unknown): Promise<void> {
    const { scope } = this.call;
    if (scope.cancelled || !GatewayError.is(error)) throw error;
    const isCut = this.#cut === undefined;
    if (isCut) error.delivered = true;
    this.#end({ outcome: 'failed', error });
    const obstacle = this.#obstacle(error);
    if (obstacle !== undefined)
      throw this.#cut === undefined ? this.#untried(error, obstacle) : this.#failed(this.#cut, error);
    const cut = this.#cut ?? error;
    this.#cut = cut;
    const { spent } = scope.attempts;
    let open: OpenStream;
    try {
      open = await this.#reopening.after(error, this.#delivered.text);
    } catch (failure) {
      if (scope.cancelled) throw scope.cancelReason;
      if (!GatewayError.is(failure)) throw failure;
      if (!isCut || scope.attempts.spent > spent) throw this.#failed(cut, failure);
      this.#cut = undefined;
      const isUnpaid = failure instanceof BudgetExhaustedError || failure instanceof LimitReachedError;
      throw this.#untried(
        error,
        isUnpaid
          ? failure.message.replace(/\.$/, '')
          : 'no other target was left, and the same one was not to be asked again',
      );
    }
    this.#begin(open);
  }

  #begin(open: OpenStream): void {
    const { scope } = this.call;
    this.#open = open;
    this.#heldIndex = 0;
    if (scope.cancelled) {
      // The reader left while the answer was opening.
      this.#end({ outcome: 'cancelled', reason: scope.cancelReason });
      throw scope.cancelReason;
    }
    const { text } = this.#delivered;
    this.#way = open.isContinued === true ? 'continue' : 'verify';
    this.#answer = new ResumedAnswer({
      seam:
        open.isContinued === true
          ? new PrefilledSeam(beginningsOf(this.call.request, text), splitPrefill(text).space)
          : new ExactSeam(text),
      warn: (warning) => scope.facts.record.warn(warning),
    });
  }

  /** Why nothing is to be tried, as far as that is known beforehand. */
  #obstacle({ failureClass }: GatewayError): string | undefined {
    const { scope, table, clock } = this.call;
    const { sameTarget, nextTarget } = table[failureClass];
    if (!sameTarget && !nextTarget) return `a failure of the class "${failureClass}" leads to no other attempt`;
    const { obstacle } = this.#delivered;
    if (obstacle !== undefined) return obstacle;
    const { spent, limit } = scope.attempts;
    if (spent >= limit) return `all ${limit} attempts of the call were used up (\`maxAttempts\`)`;
    return clock.now() >= scope.deadline ? 'the deadline of the call had passed' : undefined;
  }

  #untried(error: GatewayError, obstacle: string): GatewayError {
    this.call.scope.warn({
      code: 'not-recovered',
      message: `The answer was cut, and recovery was not tried: ${obstacle}.`,
    });
    return error;
  }

  #failed(cut: GatewayError, end: GatewayError | string): RecoveryFailedError {
    this.#way ??= this.call.mode;
    return new RecoveryFailedError({ cut, way: this.#way, delivered: this.#delivered.characters, end });
  }

  #pull(): void {
    for (const tap of this.#open?.taps ?? []) tap.onPull?.();
  }

  #tell(batch: EventBatch): void {
    for (const tap of this.#open?.taps ?? []) tap.onBatch?.(batch);
  }

  /** Ends the attempt under way, if there is one. */
  #end(ending: Ending): void {
    const open = this.#open;
    this.#open = undefined;
    if (ending.outcome !== 'complete') leaveIterator(open?.rest);
    for (const tap of open?.taps ?? []) tap.onEnd?.(ending);
  }

  #partRecords(): readonly AnswerPart[] {
    return this.#parts.flatMap(({ target, from, responseId }, at) => {
      if (target === undefined) return [];
      const characters = (this.#parts[at + 1]?.from ?? this.#delivered.characters) - from;
      const part: Writable<AnswerPart> = { provider: target.provider.id, model: target.model, characters };
      if (responseId !== undefined) part.responseId = responseId;
      return part;
    });
  }
}

/** The same answer, which goes on elsewhere when it is cut. */
export const recoverable = (call: RecoverableCall, open: OpenStream): OpenStream => {
  const stream = new RecoverableStream(call, open);
  return { held: open.held, rest: stream, taps: [stream] };
};
