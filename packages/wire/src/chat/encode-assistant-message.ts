import type { AssistantMessage, AssistantPart, CacheMark, JsonObject } from '@headrace/core/plugin';
import { blocksOfDetail } from '../messages/thinking-details.js';
import type { DroppedFields } from './dropped-fields.js';

/** What the parts of an assistant message become: the dialect keeps them in members, not in one list. */
interface Members {
  readonly texts: JsonObject[];
  readonly toolCalls: JsonObject[];
  readonly details: JsonObject[];
  text: string;
  reasoning: string;
  hasReasoning: boolean;
  hasMarkedText: boolean;
  /** Of a tool call: the list of calls takes no mark, the message as a whole does. */
  cache: CacheMark | undefined;
  /** Where that mark stood. */
  marked: string | undefined;
}

const addPart = (part: AssistantPart, field: string, members: Members, dropped: DroppedFields): void => {
  switch (part.type) {
    case 'text':
      members.texts.push(dropped.marked({ type: 'text', text: part.text }, part));
      members.text += part.text;
      members.hasMarkedText ||= part.cache !== undefined;
      return;
    case 'reasoning':
      members.hasReasoning = true;
      members.reasoning += part.text;
      for (const detail of part.details ?? []) {
        // A note of ours for the Messages dialect, which no other reads.
        if (blocksOfDetail(detail) === undefined) members.details.push(detail);
        else
          dropped.drop(
            'reasoning-details-dropped',
            `${field}.details`,
            "What tools of Anthropic's own brought, and where it stood among the thoughts, was left out: the chat dialect has no form for it.",
          );
      }
      if (part.cache !== undefined)
        dropped.drop('cache-mark-dropped', `${field}.cache`, 'The chat dialect takes no cache mark on reasoning.');
      return;
    case 'tool-call': {
      const { id, name, argumentsJson } = part;
      members.toolCalls.push({ id, type: 'function', function: { name, arguments: argumentsJson } });
      if (part.cache === undefined) return;
      if (members.marked !== undefined)
        dropped.drop(
          'cache-mark-dropped',
          `${members.marked}.cache`,
          'The chat dialect takes one cache mark for all tool calls of a message: the last one was kept.',
        );
      members.cache = part.cache;
      members.marked = field;
      return;
    }
    case 'image':
    case 'file': {
      const what = part.type === 'image' ? 'An image' : `A file (${part.mediaType})`;
      dropped.drop('part-dropped', field, `${what} was left out: the chat dialect takes none in an assistant message.`);
    }
  }
};

const contentOf = (members: Members): string | null | readonly JsonObject[] => {
  if (members.hasMarkedText) return members.texts;
  if (members.texts.length === 0) return members.toolCalls.length > 0 ? null : '';
  // Joined, because many servers take nothing but a string here.
  return members.text;
};

/** An earlier answer, reasoning and its opaque details unmodified. */
export const encodeAssistantMessage = (
  message: AssistantMessage,
  field: string,
  dropped: DroppedFields,
): JsonObject => {
  const { content } = message;
  if (typeof content === 'string') return dropped.marked({ role: 'assistant', content }, message);
  const members: Members = {
    texts: [],
    toolCalls: [],
    details: [],
    text: '',
    reasoning: '',
    hasReasoning: false,
    hasMarkedText: false,
    cache: undefined,
    marked: undefined,
  };
  for (const [index, part] of content.entries()) {
    const at = `${field}.content[${index}]`;
    dropped.options(part, at);
    addPart(part, at, members, dropped);
  }
  const cache = message.cache ?? members.cache;
  return dropped.marked(
    {
      role: 'assistant',
      content: contentOf(members),
      ...(members.hasReasoning ? { reasoning: members.reasoning } : {}),
      ...(members.details.length > 0 ? { reasoning_details: members.details } : {}),
      ...(members.toolCalls.length > 0 ? { tool_calls: members.toolCalls } : {}),
    },
    cache === undefined ? {} : { cache },
  );
};
