import type { Clock } from '../contract/clock.js';
import { LinkedList, type ListPlace } from './linked-list.js';

const NEVER = Number.POSITIVE_INFINITY;

/** Something that is told when its time has come. Who is one itself spares an object and two functions for each time. */
export abstract class Alarm implements ListPlace<Alarm> {
  before: Alarm | undefined = undefined;
  after: Alarm | undefined = undefined;
  /** Set by the timer alone. */
  dueAt = NEVER;

  abstract onDue(): void;
}

class CallbackAlarm extends Alarm {
  constructor(private readonly callback: () => void) {
    super();
  }

  override onDue(): void {
    this.callback();
  }
}

/**
 * A clock whose alarms share one timer of another clock. Nearly every alarm of a gateway is called off long before it is
 * due: here that costs a few assignments, while a timer of its own costs more than a stage of the pipeline.
 * The one timer runs to the earliest alarm seen and then to the earliest left; without alarms there is none.
 */
export class SharedTimer implements Clock {
  readonly #alarms = new LinkedList<Alarm>();
  #armedFor = NEVER;
  #disarm: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  now(): number {
    return this.clock.now();
  }

  epochMs(): number {
    return this.clock.epochMs();
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const alarm = new CallbackAlarm(callback);
    const now = this.clock.now();
    this.set(alarm, now + delayMs, now);
    return () => this.callOff(alarm);
  }

  /** Sets an alarm, anew if it is set already. @param now as `now()` says, for who has asked already */
  set(alarm: Alarm, dueAt: number, now: number): void {
    alarm.dueAt = dueAt;
    if (!this.#alarms.has(alarm)) this.#alarms.add(alarm);
    if (dueAt < this.#armedFor) this.#arm(dueAt, dueAt - now);
  }

  /** Idempotent. */
  callOff(alarm: Alarm): void {
    this.#alarms.remove(alarm);
    if (this.#alarms.first === undefined) this.#rest();
  }

  #arm(dueAt: number, delayMs: number): void {
    this.#disarm?.();
    this.#armedFor = dueAt;
    this.#disarm = this.clock.schedule(Math.max(0, delayMs), this.#onTimer);
  }

  /** No timer may keep a process alive that waits for nothing. */
  #rest(): void {
    this.#disarm?.();
    this.#disarm = undefined;
    this.#armedFor = NEVER;
  }

  readonly #onTimer = (): void => {
    this.#disarm = undefined;
    this.#armedFor = NEVER;
    const now = this.clock.now();
    const due: Alarm[] = [];
    let earliest = NEVER;
    for (let alarm = this.#alarms.first; alarm !== undefined; alarm = alarm.after) {
      if (alarm.dueAt <= now) due.push(alarm);
      else if (alarm.dueAt < earliest) earliest = alarm.dueAt;
    }
    // Before the callbacks: they may set alarms of their own.
    if (earliest !== NEVER) this.#arm(earliest, earliest - now);
    due.sort((one, other) => one.dueAt - other.dueAt);
    for (const alarm of due) {
      // One that an earlier callback called off stays silent, and so does one that it set anew.
      if (!this.#alarms.has(alarm) || alarm.dueAt > now) continue;
      this.#alarms.remove(alarm);
      alarm.onDue();
    }
    if (this.#alarms.first === undefined) this.#rest();
  };
}
