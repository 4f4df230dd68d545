import type { ModelRequest, StreamEvent } from '@headrace/core/plugin';
import { type AnswerStep, rawReasonOf } from './answer-step.js';

type EventStep = Extract<AnswerStep, { step: 'text' | 'reasoning' | 'tool-call' | 'end' }>;

/** Turns the steps of one answer into the contract's events, and remembers what an answer needs to remember. */
export class AnswerEvents {
  #started = false;
  #toolCalls = 0;

  constructor(
    private readonly responseId: string,
    private readonly request: ModelRequest,
  ) {}

  /** Takes note of events that did not come from here. */
  seen(events: readonly StreamEvent[]): void {
    for (const event of events) {
      if (event.type === 'response-start') this.#started = true;
      else if (event.type === 'tool-call-start') this.#toolCalls = Math.max(this.#toolCalls, event.index + 1);
    }
  }

  /** The events of a step; the first step of all brings `response-start` with it. */
  of(step: EventStep): readonly StreamEvent[] {
    if (this.#started) return this.#own(step);
    this.#started = true;
    return [{ type: 'response-start', responseId: this.responseId, model: this.request.model }, ...this.#own(step)];
  }

  #own(step: EventStep): readonly StreamEvent[] {
    switch (step.step) {
      case 'text':
        return [{ type: 'text-delta', text: step.text }];
      case 'reasoning':
        return [{ type: 'reasoning-delta', text: step.text }];
      case 'tool-call': {
        const { id, name, argumentsJson } = step;
        const index = this.#toolCalls;
        this.#toolCalls += 1;
        return [
          { type: 'tool-call-start', index, id, name },
          { type: 'tool-call-delta', index, argumentsJson },
          { type: 'tool-call-end', index, id, name, argumentsJson },
        ];
      }
      case 'end': {
        const reason = step.reason ?? (this.#toolCalls > 0 ? 'tool-calls' : 'stop');
        return [
          {
            type: 'response-end',
            reason,
            rawReason: step.rawReason ?? rawReasonOf(reason),
            ...(step.usage === undefined ? {} : { usage: step.usage }),
            ...(step.cost === undefined ? {} : { cost: step.cost }),
            ...(step.units === undefined ? {} : { units: step.units }),
            ...(step.result === undefined ? {} : { result: step.result }),
            ...(step.providerMetadata === undefined ? {} : { providerMetadata: step.providerMetadata }),
          },
        ];
      }
    }
  }
}
