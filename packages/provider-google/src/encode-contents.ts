import type { JsonObject, Message, SystemMessage, UserMessage } from '@headrace/core/plugin';
import { encodeAssistant } from './encode-assistant.js';
import { encodeMedia } from './encode-media.js';
import { encodeToolResults } from './encode-tool-results.js';
import type { RequestNotes } from './request-notes.js';

/** The conversation as Gemini takes it. */
export interface EncodedContents {
  readonly systemInstruction: JsonObject | undefined;
  readonly contents: readonly JsonObject[];
}

interface Content {
  readonly role: 'user' | 'model';
  readonly parts: JsonObject[];
  /** Results of one step stand together, whatever messages they come in. */
  readonly isResult: boolean;
}

const encodeSaid = (
  message: UserMessage | SystemMessage,
  model: string,
  field: string,
  notes: RequestNotes,
): JsonObject[] => {
  const { content } = message;
  if (typeof content === 'string') return [{ text: content }];
  return content.map((part, index) => {
    const at = `${field}.content[${index}]`;
    notes.annotations(part, at);
    return part.type === 'text' ? { text: part.text } : encodeMedia(part, model, at, notes);
  });
};

/**
 * Messages as `systemInstruction` and `contents` (https://ai.google.dev/api/generate-content). Gemini has one system text
 * for the whole conversation: a system message further down moves there, with the warning `system-message-moved`.
 * @throws InvalidRequestError
 */
export const encodeContents = (messages: readonly Message[], model: string, notes: RequestNotes): EncodedContents => {
  const system: JsonObject[] = [];
  const contents: Content[] = [];
  const names = new Map<string, string>();
  for (const [index, message] of messages.entries()) {
    const field = `messages[${index}]`;
    notes.annotations(message, field);
    if (message.role === 'system') {
      if (contents.length > 0)
        notes.add('system-message-moved', field, 'Gemini has one system text, at the beginning: it was moved there.');
      system.push(...encodeSaid(message, model, field, notes));
    } else if (message.role === 'user')
      contents.push({ role: 'user', parts: encodeSaid(message, model, field, notes), isResult: false });
    else if (message.role === 'tool') {
      const parts = encodeToolResults(message, names, model, field, notes);
      const last = contents.at(-1);
      if (last?.isResult === true) last.parts.push(...parts);
      else contents.push({ role: 'user', parts, isResult: true });
    } else {
      if (typeof message.content !== 'string')
        for (const part of message.content) if (part.type === 'tool-call') names.set(part.id, part.name);
      const parts = encodeAssistant(message, model, field, notes);
      // A content without parts is refused.
      contents.push({ role: 'model', parts: parts.length === 0 ? [{ text: '' }] : parts, isResult: false });
    }
  }
  return {
    systemInstruction: system.length === 0 ? undefined : { parts: system },
    contents: contents.map(({ role, parts }) => ({ role, parts })),
  };
};
