import type { JsonObject } from '@headrace/core/plugin';

/**
 * The form in which thinking travels in `ReasoningPart.details`: that of `reasoning_details` in OpenAI-style chat, which
 * gateways speak too, so that a signature survives a change between them and this dialect, in either direction.
 * Source: https://vercel.com/docs/ai-gateway (reasoning) and https://openrouter.ai/docs (reasoning tokens)
 */
export const THINKING_FORMAT = 'anthropic-claude-v1';

/** An item that holds all blocks of an answer whose order its parts cannot tell. */
const BLOCKS_TYPE = 'anthropic.content';

const isOurs = (item: JsonObject): boolean => item['format'] === THINKING_FORMAT;

/** A thinking block of an answer as an item of `details`. @param index its place among them */
export const detailOfThinking = (block: JsonObject, index: number): JsonObject =>
  block['type'] === 'redacted_thinking'
    ? { type: 'reasoning.encrypted', data: block['data'] ?? '', format: THINKING_FORMAT, index }
    : {
        type: 'reasoning.text',
        text: block['thinking'] ?? '',
        ...(block['signature'] === undefined ? {} : { signature: block['signature'] }),
        format: THINKING_FORMAT,
        index,
      };

/** All blocks of an answer as one item of `details`. */
export const detailOfBlocks = (blocks: readonly JsonObject[], index: number): JsonObject => ({
  type: BLOCKS_TYPE,
  blocks,
  format: THINKING_FORMAT,
  index,
});

/**
 * The thinking block that an item stands for, exactly as it came: signature and data untouched. Undefined for items of
 * another maker, and for thinking without a signature, which the upstream refuses.
 */
export const thinkingOfDetail = (item: JsonObject): JsonObject | undefined => {
  const { type, text, thinking, signature, data } = item;
  if (type === 'thinking' && typeof thinking === 'string' && typeof signature === 'string')
    return { type, thinking, signature };
  if (type === 'redacted_thinking' && typeof data === 'string') return { type, data };
  if (!isOurs(item)) return undefined;
  if (type === 'reasoning.encrypted' && typeof data === 'string') return { type: 'redacted_thinking', data };
  if (type === 'reasoning.text' && typeof signature === 'string' && signature !== '')
    return { type: 'thinking', thinking: typeof text === 'string' ? text : '', signature };
  return undefined;
};

/** The blocks that an item holds; undefined for every other item. */
export const blocksOfDetail = (item: JsonObject): readonly JsonObject[] | undefined => {
  const { blocks } = item;
  if (item['type'] !== BLOCKS_TYPE || !isOurs(item) || !Array.isArray(blocks)) return undefined;
  const list = blocks as readonly unknown[];
  const isBlock = (block: unknown): block is JsonObject =>
    typeof block === 'object' && block !== null && !Array.isArray(block);
  return list.every(isBlock) ? list : undefined;
};
