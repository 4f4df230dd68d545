import type { ModelRequest } from '../contract/request.js';
import type { StreamEvent } from '../contract/stream-event.js';
import { EventRules } from '../pipeline/event-rules.js';
import { resultFault } from '../pipeline/result-rules.js';
import { isObject } from '../schema/is-object.js';

const isEvent = (event: unknown): boolean => isObject(event) && 'type' in event;

/** Holds the answer that one middleware hands on to the contract, as the guard does with that of a provider. */
export class AnswerCheck {
  readonly #rules = new EventRules();

  constructor(private readonly request: ModelRequest) {}

  /** Takes note of events that were handed on as they were. */
  pass(events: readonly StreamEvent[]): void {
    this.#rules.fault(events);
  }

  /** The events to hand on, or what is wrong with them. */
  changed(given: readonly unknown[], before: readonly StreamEvent[]): readonly StreamEvent[] | string {
    if (!given.every(isEvent)) return 'one of them is no event.';
    const events = given as readonly StreamEvent[];
    const fault = this.#rules.fault(events);
    if (fault !== undefined) return fault;
    const end = before.at(-1);
    const last = events.at(-1);
    const isLast = end?.type === 'response-end';
    if (isLast !== (last?.type === 'response-end'))
      return isLast ? 'the `response-end` is missing at their end.' : 'there is a `response-end` where none was.';
    if (!isLast || last?.type !== 'response-end') return events;
    // What the upstream says of its end, its usage above all, is not the host's to change.
    const { result } = last;
    const whole = [...events.slice(0, -1), result === undefined ? end : { ...end, result }];
    if (this.request.kind === 'completion') return whole;
    return resultFault(this.request, [{ events: whole }]) ?? whole;
  }
}
