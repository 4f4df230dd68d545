import { InvalidRequestError, type Message, type MessagePart } from '@headrace/core/plugin';

const ROLES = ['system', 'user', 'assistant'] as const;
type SpokenRole = (typeof ROLES)[number];

/** A message of a conversation prompt: text alone. */
export interface SpokenMessage {
  readonly role: SpokenRole;
  readonly content: string;
}

const isSpoken = (role: string): role is SpokenRole => (ROLES as readonly string[]).includes(role);

const textOf = (content: string | readonly MessagePart[], place: string): string => {
  if (typeof content === 'string') return content;
  return content
    .map((part, index) => {
      if (part.type === 'text') return part.text;
      if (part.type === 'reasoning') return '';
      throw new InvalidRequestError([
        {
          field: `${place}.content[${index}]`,
          message: `is a part of type "${part.type}", which a text cannot carry.`,
          remedy: 'Send the conversation as messages.',
        },
      ]);
    })
    .join('');
};

/**
 * One text for a conversation, for models and tools that take a single prompt. Every message begins with its role, a
 * colon and a space at the start of a line; the further lines of its text are indented by two spaces, so that nothing
 * a message says can pass for another message. Unless the assistant spoke last, a line `assistant:` ends the text and
 * asks it to go on.
 *
 * ```text
 * system: Be brief.
 * user: Two lines:
 *   the second
 * assistant:
 * ```
 * Earlier reasoning is left out. `messagesOfPrompt` reads the text back.
 * @throws InvalidRequestError for images, files, tool calls and tool results.
 */
export const conversationPrompt = (messages: readonly Message[]): string => {
  const lines = messages.map((message, index) => {
    const place = `messages[${index}]`;
    const { role } = message;
    if (!isSpoken(role))
      throw new InvalidRequestError([
        {
          field: place,
          message: `has the role "${role}", which a text cannot carry.`,
          remedy: 'Send the conversation as messages.',
        },
      ]);
    return `${role}: ${textOf(message.content, place).replaceAll('\n', '\n  ')}`;
  });
  if (messages.at(-1)?.role !== 'assistant') lines.push('assistant:');
  return lines.join('\n');
};

/**
 * The messages of a text that `conversationPrompt` made.
 * @throws InvalidRequestError when a line belongs to no message.
 */
export const messagesOfPrompt = (prompt: string): readonly SpokenMessage[] => {
  const messages: { role: SpokenRole; content: string }[] = [];
  const lines = prompt.split('\n');
  if (lines.at(-1) === 'assistant:') lines.pop();
  for (const [index, line] of lines.entries()) {
    const last = messages.at(-1);
    const colon = line.indexOf(': ');
    const role = line.slice(0, Math.max(0, colon));
    if (line.startsWith('  ') && last !== undefined) last.content += `\n${line.slice(2)}`;
    else if (isSpoken(role)) messages.push({ role, content: line.slice(colon + 2) });
    else
      throw new InvalidRequestError([
        {
          field: 'prompt',
          message: `has a line ${index + 1} that belongs to no message.`,
          remedy: 'Lines begin with a role and a colon, or with two spaces.',
        },
      ]);
  }
  return messages;
};
