import type { Middleware, ModelRequest, StreamEvent } from '@headrace/core';

/** Whether a text may be seen: a word list, a classifier, a moderation service. Obey the signal in what takes time. */
export type Judge = (text: string, signal: AbortSignal) => boolean | Promise<boolean>;

/** A sentence may be judged when it is over, and text without any before it grows too long. */
const SENTENCE = /[.!?\n]\s*$/;
const LONGEST = 400;

const askedBy = (request: ModelRequest): string => {
  if (request.kind !== 'completion') return '';
  const last = request.messages.at(-1);
  if (last === undefined || last.role !== 'user') return '';
  if (typeof last.content === 'string') return last.content;
  return last.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
};

const saidBy = (event: StreamEvent): string => {
  if (event.type === 'text-delta' || event.type === 'reasoning-delta') return event.text;
  return event.type === 'tool-call-end' ? event.argumentsJson : '';
};

/**
 * Shows a question to a judge before it is asked, and an answer sentence by sentence before it is seen. What has not been
 * judged is held back; what the judge does not allow ends the call, and nobody sees it.
 */
export const guardrail = (isAllowed: Judge): Middleware => ({
  name: 'guardrail',
  timeoutMs: 2_000,
  forCall({ signal }) {
    let held: StreamEvent[] = [];
    let sentence = '';
    return {
      async onRequest(request) {
        const text = askedBy(request);
        return text === '' || (await isAllowed(text, signal))
          ? undefined
          : { refuse: 'The question is not allowed here.' };
      },
      async onEvents(events) {
        held.push(...events);
        sentence += events.map(saidBy).join('');
        const isOver = events.at(-1)?.type === 'response-end' || SENTENCE.test(sentence) || sentence.length > LONGEST;
        if (!isOver) return { events: [] };
        if (sentence !== '' && !(await isAllowed(sentence, signal)))
          return { refuse: 'The answer is not allowed here.' };
        const judged = held;
        held = [];
        sentence = '';
        return { events: judged };
      },
    };
  },
});
