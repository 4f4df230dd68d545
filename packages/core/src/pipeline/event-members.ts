import type {
  CitationEvent,
  FileEvent,
  FinishReason,
  ResponseEndEvent,
  StreamEvent,
} from '../contract/stream-event.js';
import type { Certainty, Cost, TokenUsage } from '../contract/usage.js';
import { isObject } from '../schema/is-object.js';

// Keyed by the unions: a member that is added to one of them has to be added here.
const REASONS: Readonly<Record<FinishReason, true>> = {
  stop: true,
  length: true,
  'tool-calls': true,
  'content-filter': true,
  unknown: true,
};
const CERTAINTIES: Readonly<Record<Certainty, true>> = { exact: true, 'at-least': true, estimated: true };

/** Of somebody else's code: the type does not hold it. */
type Unchecked<T> = { readonly [K in keyof T]?: unknown };

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrAbsent = (value: unknown): boolean => value === undefined || typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isFinite(value);
const isOneOf = (words: Readonly<Record<string, true>>, word: unknown): boolean =>
  typeof word === 'string' && Object.hasOwn(words, word);

const isUsage = ({ certainty, input, output, totalTokens }: Unchecked<TokenUsage>): boolean => {
  if (!isOneOf(CERTAINTIES, certainty) || !isCount(totalTokens) || !isObject(input) || !isObject(output)) return false;
  const read = input as Unchecked<TokenUsage['input']>;
  const made = output as Unchecked<TokenUsage['output']>;
  return (
    isCount(read.total) &&
    isCount(read.uncached) &&
    isCount(read.cacheRead) &&
    isCount(read.cacheWrite) &&
    isCount(made.total) &&
    isCount(made.text) &&
    isCount(made.reasoning) &&
    isCount(made.image)
  );
};

const isCost = ({ usd, usdText, certainty }: Unchecked<Cost>): boolean =>
  isCount(usd) && isTextOrAbsent(usdText) && isOneOf(CERTAINTIES, certainty);

const endFault = ({ reason, rawReason, usage, cost }: Unchecked<ResponseEndEvent>): string | undefined => {
  if (!isOneOf(REASONS, reason)) return 'its `response-end` has no reason that there is.';
  if (!isText(rawReason)) return 'its `response-end` has no `rawReason`.';
  if (usage !== undefined && !(isObject(usage) && isUsage(usage)))
    return 'its `response-end` has a `usage` that is none.';
  if (cost !== undefined && !(isObject(cost) && isCost(cost))) return 'its `response-end` has a `cost` that is none.';
  return undefined;
};

const isFile = ({ mediaType, source }: Unchecked<FileEvent>): boolean => isText(mediaType) && isObject(source);

const isCitation = ({ url, title, citedText, document }: Unchecked<CitationEvent>): boolean =>
  isTextOrAbsent(url) &&
  isTextOrAbsent(title) &&
  isTextOrAbsent(citedText) &&
  (document === undefined || isObject(document));

/**
 * What is wrong with the types of an event's members, if anything: a plugin written without types may send any. Members
 * are looked at one level deep, usage two. Texts of `text-delta` are the caller's to look at.
 */
export const memberFault = (event: StreamEvent): string | undefined => {
  switch (event.type) {
    case 'reasoning-delta':
      if (!isText(event.text)) return 'a `reasoning-delta` has no text.';
      return event.details === undefined || Array.isArray(event.details)
        ? undefined
        : 'the `details` of a `reasoning-delta` are no list.';
    case 'tool-call-start':
      return isCount(event.index) && isText(event.id) && isText(event.name)
        ? undefined
        : 'a `tool-call-start` has no index, id or name.';
    case 'tool-call-delta':
      return isText(event.argumentsJson) ? undefined : 'a `tool-call-delta` has no text of arguments.';
    case 'tool-call-end':
      return isText(event.id) && isText(event.name) && isText(event.argumentsJson)
        ? undefined
        : 'a `tool-call-end` has no id, name or text of arguments.';
    case 'tool-result':
      return isText(event.toolCallId) && isText(event.name) ? undefined : 'a `tool-result` has no call or name.';
    case 'file':
      return isFile(event) ? undefined : 'a `file` has no media type or source.';
    case 'citation':
      return isCitation(event) ? undefined : 'a `citation` has members of other types than it should.';
    case 'warning': {
      const warning: unknown = event.warning;
      if (!isObject(warning)) return 'a `warning` has no warning.';
      return isText(event.warning.code) && isText(event.warning.message)
        ? undefined
        : 'a `warning` has no code or message.';
    }
    case 'response-start':
      return isText(event.responseId) && isText(event.model) ? undefined : 'a `response-start` has no id or model.';
    case 'response-end':
      return endFault(event);
    default:
      return undefined;
  }
};
