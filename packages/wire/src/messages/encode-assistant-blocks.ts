import { isDeepStrictEqual } from 'node:util';
import {
  type AssistantMessage,
  type AssistantPart,
  type FilePart,
  type ImagePart,
  InvalidRequestError,
  type JsonObject,
  type JsonValue,
  parseJson,
  type ReasoningPart,
  type ToolCallPart,
} from '@headrace/core/plugin';
import { isObject } from '../chat/json-object.js';
import type { Block } from './cache-marks.js';
import { encodeTextBlock } from './encode-text-block.js';
import type { RequestDraft } from './request-draft.js';
import { blocksOfDetail, thinkingOfDetail } from './thinking-details.js';

/** The arguments of a call; undefined where they are no JSON object. */
const readInput = ({ argumentsJson }: ToolCallPart): JsonObject | undefined => {
  try {
    const input = argumentsJson.trim() === '' ? {} : parseJson(argumentsJson);
    return isObject(input) ? (input as JsonObject) : undefined;
  } catch {
    return undefined;
  }
};

/** @throws InvalidRequestError for arguments that are no JSON object: the dialect carries nothing else */
const inputOf = (part: ToolCallPart, field: string): JsonObject => {
  const input = readInput(part);
  if (input !== undefined) return input;
  const message = 'is not the text of a JSON object, which is all that this upstream takes.';
  throw new InvalidRequestError([{ field: `${field}.argumentsJson`, message }]);
};

const encodeCall = (part: ToolCallPart, field: string, draft: RequestDraft): Block => {
  draft.options(part, field);
  const { name } = part;
  return draft.block({ type: 'tool_use', id: draft.ids.of(part.id), name, input: inputOf(part, field) }, part, field);
};

/** Thinking that the upstream can check, as it came. The rest cannot be sent back. */
const encodeThinking = (part: ReasoningPart, field: string, draft: RequestDraft): Block[] => {
  draft.options(part, field);
  if (part.cache !== undefined)
    draft.drop('cache-mark-dropped', `${field}.cache`, 'The Messages dialect takes no cache mark on thinking.');
  const details = (part.details ?? []).filter((item) => blocksOfDetail(item) === undefined);
  const blocks = details.map(thinkingOfDetail).filter((block) => block !== undefined);
  if (blocks.length < details.length || (blocks.length === 0 && part.text.trim() !== ''))
    draft.drop(
      'reasoning-dropped',
      field,
      'Reasoning without a signature of this upstream was left out: it takes no other.',
    );
  return blocks.map((block) => ({ ...block }));
};

const dropMedia = (part: ImagePart | FilePart, field: string, draft: RequestDraft): void => {
  const what = part.type === 'image' ? 'An image' : `A file (${part.mediaType})`;
  draft.drop('part-dropped', field, `${what} was left out: the upstream takes none in an assistant message.`);
};

const encodePart = (part: AssistantPart, field: string, draft: RequestDraft): Block[] => {
  switch (part.type) {
    case 'text': {
      const block = encodeTextBlock(part, field, draft);
      return block === undefined ? [] : [block];
    }
    case 'reasoning':
      return encodeThinking(part, field, draft);
    case 'tool-call':
      return [encodeCall(part, field, draft)];
    case 'image':
    case 'file':
      dropMedia(part, field, draft);
      return [];
  }
};

const joinedText = (texts: readonly (JsonValue | undefined)[]): string =>
  texts.map((text) => (typeof text === 'string' ? text : '')).join('');

const isSameCall = (call: ToolCallPart, block: JsonObject | undefined): boolean =>
  call.id === block?.['id'] && call.name === block['name'] && isDeepStrictEqual(readInput(call), block['input']);

/** The blocks that an answer consisted of, as long as nobody has changed what it says. */
const originalBlocks = (parts: readonly AssistantPart[]): readonly JsonObject[] | undefined => {
  const kept = parts.flatMap((part) =>
    part.type === 'reasoning' ? (part.details ?? []).flatMap((item) => [blocksOfDetail(item) ?? []]) : [],
  );
  const blocks = kept.find((list) => list.length > 0);
  if (blocks === undefined) return undefined;
  const said = joinedText(parts.map((part) => (part.type === 'text' ? part.text : '')));
  const calls = parts.filter((part) => part.type === 'tool-call');
  const told = blocks.filter(({ type }) => type === 'tool_use');
  const isSame =
    said === joinedText(blocks.map(({ type, text }) => (type === 'text' ? text : ''))) &&
    calls.length === told.length &&
    calls.every((call, index) => isSameCall(call, told[index]));
  return isSame ? blocks : undefined;
};

/** Marks of parts go to the block that says the same; a part that no answer has is told as everywhere. */
const markOriginals = (
  blocks: readonly Block[],
  parts: readonly AssistantPart[],
  field: string,
  draft: RequestDraft,
) => {
  for (const [index, part] of parts.entries()) {
    const at = `${field}.content[${index}]`;
    if (part.type === 'image' || part.type === 'file') {
      dropMedia(part, at, draft);
      continue;
    }
    draft.options(part, at);
    if (part.cache === undefined) continue;
    const target =
      part.type === 'tool-call'
        ? blocks.find(({ type, id }) => type === 'tool_use' && id === part.id)
        : part.type === 'text'
          ? blocks.findLast(({ type }) => type === 'text')
          : undefined;
    if (target === undefined)
      draft.drop('cache-mark-dropped', `${at}.cache`, 'The Messages dialect takes no cache mark on this part.');
    else draft.block(target, part, at);
  }
};

/**
 * The content of an earlier answer. Signatures, redacted thinking and what tools of the upstream's own brought go back
 * unchanged and in their order; where a host has changed an answer whose order matters, its thinking is left out.
 * Source: https://platform.claude.com/docs/en/build-with-claude/extended-thinking
 */
export const encodeAssistantBlocks = (message: AssistantMessage, field: string, draft: RequestDraft): Block[] => {
  const parts: readonly AssistantPart[] =
    typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
  const originals = originalBlocks(parts);
  if (originals !== undefined) {
    const blocks = originals.map((block): Block => ({ ...block }));
    markOriginals(blocks, parts, field, draft);
    return blocks.filter(({ type, text }) => type !== 'text' || (typeof text === 'string' && text.trim() !== ''));
  }
  const wasOrdered = parts.some(
    (part) => part.type === 'reasoning' && part.details?.some((item) => blocksOfDetail(item) !== undefined) === true,
  );
  return parts.flatMap((part, index) => {
    const at = `${field}.content[${index}]`;
    if (!wasOrdered || part.type !== 'reasoning') return encodePart(part, at, draft);
    draft.drop(
      'reasoning-dropped',
      at,
      'The answer was changed: the order of its thinking is lost, and it was left out.',
    );
    return [];
  });
};
