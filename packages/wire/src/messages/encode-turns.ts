import type {
  AssistantMessage,
  JsonObject,
  Message,
  SystemMessage,
  ToolMessage,
  ToolResultPart,
  UserMessage,
  UserPart,
} from '@headrace/core/plugin';
import type { Block } from './cache-marks.js';
import { encodeAssistantBlocks } from './encode-assistant-blocks.js';
import { encodeFileBlock, encodeImageBlock } from './encode-media-block.js';
import { encodeTextBlock } from './encode-text-block.js';
import type { RequestDraft } from './request-draft.js';

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string | Block[];
}

/** The conversation in the dialect's form. */
export interface EncodedTurns {
  /** Absent without instructions. */
  readonly system: string | readonly Block[] | undefined;
  readonly messages: readonly JsonObject[];
}

const encodeUserPart = (part: UserPart, field: string, draft: RequestDraft): Block | undefined => {
  if (part.type === 'text') return encodeTextBlock(part, field, draft);
  return part.type === 'image' ? encodeImageBlock(part, field, draft) : encodeFileBlock(part, field, draft);
};

const encodeUserParts = (parts: readonly UserPart[], field: string, draft: RequestDraft): Block[] =>
  parts
    .map((part, index) => encodeUserPart(part, `${field}.content[${index}]`, draft))
    .filter((block) => block !== undefined);

/** The parts of a message, and its own mark on the last of them. */
const marked = (blocks: Block[], message: Message, field: string, draft: RequestDraft): Block[] => {
  const last = blocks.at(-1);
  if (message.cache === undefined) return blocks;
  if (last === undefined || last['type'] === 'thinking' || last['type'] === 'redacted_thinking')
    draft.drop('cache-mark-dropped', `${field}.cache`, 'There is no block in this message that takes a cache mark.');
  else draft.block(last, message, field);
  return blocks;
};

const encodeToolResult = (part: ToolResultPart, field: string, draft: RequestDraft): Block => {
  draft.options(part, field);
  const content = typeof part.content === 'string' ? part.content : encodeUserParts(part.content, field, draft);
  return draft.block(
    {
      type: 'tool_result',
      tool_use_id: draft.ids.of(part.toolCallId),
      ...(content.length === 0 ? {} : { content }),
      ...(part.isError === true ? { is_error: true } : {}),
    },
    part,
    field,
  );
};

const encodeUser = (message: UserMessage | SystemMessage, field: string, draft: RequestDraft): string | Block[] => {
  const { content } = message;
  if (typeof content !== 'string') return marked(encodeUserParts(content, field, draft), message, field, draft);
  if (message.cache === undefined) return content;
  return marked(encodeUserParts([{ type: 'text', text: content }], field, draft), message, field, draft);
};

const encodeTool = (message: ToolMessage, field: string, draft: RequestDraft): Block[] => {
  const results = message.content.map((part, index) => encodeToolResult(part, `${field}.content[${index}]`, draft));
  return marked(results, message, field, draft);
};

const encodeAssistant = (message: AssistantMessage, field: string, draft: RequestDraft): string | Block[] => {
  if (typeof message.content === 'string' && message.cache === undefined) return message.content;
  return marked(encodeAssistantBlocks(message, field, draft), message, field, draft);
};

const isResults = (content: string | Block[]): content is Block[] =>
  typeof content !== 'string' && content[0]?.['type'] === 'tool_result';

const asBlocks = (content: string | Block[]): Block[] =>
  typeof content !== 'string' ? content : content.trim() === '' ? [] : [{ type: 'text', text: content }];

/** The results of one turn's calls have to stand in one message, before anything that the user adds. */
const addTurn = (turns: Turn[], turn: Turn): void => {
  const last = turns.at(-1);
  if (last?.role === 'user' && turn.role === 'user' && isResults(last.content)) {
    last.content.push(...asBlocks(turn.content));
    return;
  }
  turns.push(turn);
};

const encodeSystem = (
  messages: readonly (readonly [SystemMessage, number])[],
  draft: RequestDraft,
): string | readonly Block[] | undefined => {
  const [only, ...others] = messages;
  if (only === undefined) return undefined;
  const encoded = messages.map(([message, index]) => encodeUser(message, `messages[${index}]`, draft));
  const [text] = encoded;
  if (others.length === 0 && typeof text === 'string') return text.trim() === '' ? undefined : text;
  const blocks = encoded.flatMap(asBlocks);
  return blocks.length === 0 ? undefined : blocks;
};

/**
 * The `system` and `messages` of a request. Instructions that stand within the conversation are moved to its beginning,
 * with a warning: only there has the dialect a place for them with every model.
 */
export const encodeTurns = (messages: readonly Message[], draft: RequestDraft): EncodedTurns => {
  const instructions = messages.flatMap((message, index): (readonly [SystemMessage, number])[] =>
    message.role === 'system' ? [[message, index]] : [],
  );
  const system = encodeSystem(instructions, draft);
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    const field = `messages[${index}]`;
    draft.options(message, field);
    if (message.role === 'system') {
      if (turns.length > 0)
        draft.drop('system-message-moved', field, 'The instructions were moved before the conversation.');
      continue;
    }
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const content =
      message.role === 'assistant'
        ? encodeAssistant(message, field, draft)
        : message.role === 'tool'
          ? encodeTool(message, field, draft)
          : encodeUser(message, field, draft);
    if (role === 'assistant' && (typeof content === 'string' ? content.trim() === '' : content.length === 0))
      draft.note('message-dropped', field, 'An answer without content was left out: the upstream takes none.');
    else addTurn(turns, { role, content });
  }
  return { system, messages: turns.map(({ role, content }) => ({ role, content })) };
};
