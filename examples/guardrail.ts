import type { Message, Middleware, ModelRequest, StreamEvent } from '@headrace/core';

/** Whether a text may be seen: a word list, a classifier, a moderation service. Obey the signal in what takes time. */
export type Judge = (text: string, signal: AbortSignal) => boolean | Promise<boolean>;

/** A sentence may be judged when it is over, and text without any before it grows too long. */
const SENTENCE = /[.!?\n]\s*$/;
const LONGEST = 400;

/** What people and tools say in a message. */
const askedIn = ({ role, content }: Message): string => {
  if (role !== 'user' && role !== 'tool') return '';
  if (typeof content === 'string') return content;
  const texts = content.map((part) => {
    if (part.type === 'text') return part.text;
    if (part.type !== 'tool-result') return '';
    if (typeof part.content === 'string') return part.content;
    return part.content.map((inner) => (inner.type === 'text' ? inner.text : '')).join('\n');
  });
  return texts.join('\n');
};

const askedBy = (request: ModelRequest): string =>
  request.kind === 'completion' ? request.messages.map(askedIn).join('\n').trim() : '';

const saidBy = (event: StreamEvent): string => {
  if (event.type === 'text-delta' || event.type === 'reasoning-delta') return event.text;
  return event.type === 'tool-call-delta' ? event.argumentsJson : '';
};

/**
 * Shows a conversation to a judge before it is sent, and an answer sentence by sentence, tool calls as a whole, before it is
 * seen. What has not been judged is held back; what the judge does not allow ends the call, and nobody sees it.
 */
export const guardrail = (isAllowed: Judge): Middleware => ({
  name: 'guardrail',
  timeoutMs: 2_000,
  forCall({ signal }) {
    let held: StreamEvent[] = [];
    let sentence = '';
    let openToolCalls = 0;
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
        for (const { type } of events) {
          if (type === 'tool-call-start') openToolCalls += 1;
          if (type === 'tool-call-end') openToolCalls -= 1;
        }
        const isSentence = openToolCalls === 0 && (SENTENCE.test(sentence) || sentence.length > LONGEST);
        if (!isSentence && events.at(-1)?.type !== 'response-end') return { events: [] };
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
