import type { Message, MessagePart } from '../contract/message.js';
import type { ModelInfo } from '../contract/model-info.js';
import type { CompletionRequest } from '../contract/request.js';
import type { InputIssue } from '../errors/caller-errors.js';

/** A low estimate gives half a token for a word and the character that ends it. */
const LEAST_CHARACTERS_PER_TOKEN = 4;

const NONE: readonly never[] = [];

const needOf = (mediaType: string): string => {
  if (mediaType === 'application/pdf') return 'pdf';
  return mediaType.slice(0, Math.max(0, mediaType.indexOf('/')));
};

const partIssue = (part: MessagePart, field: string, taken: readonly string[], info: ModelInfo): InputIssue[] => {
  if (part.type === 'tool-result') return partsIssues(part.content, `${field}.content`, taken, info);
  if (part.type !== 'image' && part.type !== 'file') return [];
  const need = part.type === 'image' ? 'image' : needOf(part.mediaType);
  const known = need === 'image' || need === 'pdf' || need === 'audio' || need === 'video';
  if (!known || taken.includes(need)) return [];
  return [{ field, message: `is ${need} input, which ${info.id} does not take (it takes ${taken.join(', ')}).` }];
};

const partsIssues = (
  content: string | readonly MessagePart[],
  field: string,
  taken: readonly string[],
  info: ModelInfo,
): InputIssue[] =>
  typeof content === 'string' ? [] : content.flatMap((part, at) => partIssue(part, `${field}[${at}]`, taken, info));

const isParted = ({ content }: Message): boolean => typeof content !== 'string';

const modalityIssues = (request: CompletionRequest, info: ModelInfo): readonly InputIssue[] => {
  const taken = info.modalities?.input;
  if (taken === undefined || !request.messages.some(isParted)) return NONE;
  return request.messages.flatMap(({ content }, at) => partsIssues(content, `messages[${at}].content`, taken, info));
};

const lengthOf = (request: CompletionRequest): number => {
  let characters = 0;
  for (const { content } of request.messages) {
    if (typeof content === 'string') characters += content.length;
    else for (const part of content) if (part.type === 'text') characters += part.text.length;
  }
  return characters;
};

/** Tokens of input that the model takes, as far as is known. */
export const windowOf = (info: ModelInfo | undefined): number | undefined =>
  info?.maxInputTokens ?? info?.contextWindow;

/** Whether a look at the words could show that the input does not fit, with so many tokens kept free beside it. */
export const mayNotFit = (request: CompletionRequest, info: ModelInfo, output = 0): boolean => {
  const window = windowOf(info);
  return window !== undefined && lengthOf(request) / LEAST_CHARACTERS_PER_TOKEN + 1 + output > window;
};

/** What the language model is known not to do. Unknown is never a no. */
export const capabilityIssues = (request: CompletionRequest, info: ModelInfo): readonly InputIssue[] => {
  const issues = modalityIssues(request, info);
  if (request.tools === undefined || info.capabilities?.toolCall !== false) return issues;
  return [...issues, { field: 'tools', message: `${info.id} does not call tools.` }];
};
