import type { StreamEvent, TextDeltaEvent } from '../contract/stream-event.js';
import { isJsonText } from '../schema/is-json.js';
import { memberFault } from './event-members.js';

/** What the contract says about events and their order, for one answer. Types do not hold a plugin written without them. */
export class EventRules {
  /** Content has been seen. */
  committed = false;
  /** The proof of the end has been seen. */
  ended = false;
  #started = false;
  /** Made with the first tool call: most answers have none. */
  #openTools: Set<number> | undefined;

  /** What is wrong with the events, if anything. */
  fault(events: readonly StreamEvent[]): string | undefined {
    for (const event of events) {
      if (this.ended) return `it sent \`${event.type}\` after \`response-end\`.`;
      const wrong = this.#take(event);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  #take(event: StreamEvent): string | undefined {
    // Most events by far: nothing else is looked at.
    if (event.type === 'text-delta') {
      if (typeof event.text !== 'string') return 'a `text-delta` has no text.';
      if (event.text !== '') this.committed = true;
      return undefined;
    }
    return memberFault(event) ?? this.#inOrder(event);
  }

  #inOrder(event: Exclude<StreamEvent, TextDeltaEvent>): string | undefined {
    switch (event.type) {
      case 'reasoning-delta':
      case 'tool-result':
      case 'file':
      case 'citation':
        this.committed = true;
        return undefined;
      case 'tool-call-start':
        this.committed = true;
        this.#openTools ??= new Set();
        if (this.#openTools.has(event.index)) return `it started tool call ${event.index} twice.`;
        this.#openTools.add(event.index);
        return undefined;
      case 'tool-call-delta':
        return this.#openTools?.has(event.index) === true
          ? undefined
          : `it went on with tool call ${event.index}, which is not open.`;
      case 'tool-call-end':
        if (this.#openTools?.delete(event.index) !== true)
          return `it ended tool call ${event.index}, which was not open.`;
        return isJsonText(event.argumentsJson)
          ? undefined
          : `the arguments of its call of tool "${event.name}" are not JSON.`;
      case 'response-end':
        this.ended = true;
        return (this.#openTools?.size ?? 0) > 0 ? 'it ended its answer with a tool call open.' : undefined;
      case 'response-start':
        if (this.#started) return 'it sent `response-start` twice.';
        this.#started = true;
        return undefined;
      case 'warning':
      case 'raw':
        return undefined;
      default:
        return unknownEvent(event);
    }
  }
}

/** The compiler sees to it that no type of the contract gets here; a plugin may. */
const unknownEvent = (event: never): string =>
  `it sent an event of the unknown type ${JSON.stringify((event as StreamEvent).type)}.`;
