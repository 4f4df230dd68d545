import { createHash } from 'node:crypto';
import type { AssistantPart, Message, ToolResultPart } from '@headrace/core/plugin';

const SHORT = /^[A-Za-z0-9]{9}$/;

/** Always the same for the same id, so that a result still finds its call, in later calls too. */
const shortIdOf = (id: string): string =>
  SHORT.test(id)
    ? id
    : BigInt(`0x${createHash('sha256').update(id).digest('hex')}`)
        .toString(36)
        .slice(-9);

const shortened = (part: AssistantPart | ToolResultPart): AssistantPart | ToolResultPart => {
  if (part.type === 'tool-call') return { ...part, id: shortIdOf(part.id) };
  return part.type === 'tool-result' ? { ...part, toolCallId: shortIdOf(part.toolCallId) } : part;
};

const partsOf = ({ role, content }: Message): readonly (AssistantPart | ToolResultPart)[] =>
  (role === 'assistant' || role === 'tool') && typeof content !== 'string' ? content : [];

const hasLongId = (message: Message): boolean =>
  partsOf(message).some(
    (part) =>
      (part.type === 'tool-call' && !SHORT.test(part.id)) ||
      (part.type === 'tool-result' && !SHORT.test(part.toolCallId)),
  );

const shortenedIn = (message: Message): Message => {
  const parts = partsOf(message);
  return parts.length === 0 ? message : ({ ...message, content: parts.map(shortened) } as Message);
};

/**
 * The conversation with ids of tool calls of nine letters and digits, as Mistral has them: it refuses those of other
 * makers. Its own are kept; others become a hash (46 bits) of themselves, in calls and results alike. The list itself where
 * there is nothing to rewrite.
 */
export const withShortCallIds = (messages: readonly Message[]): readonly Message[] =>
  messages.some(hasLongId) ? messages.map(shortenedIn) : messages;
