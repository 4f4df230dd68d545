import type { JsonValue } from '../contract/json.js';
import type { Message, MessagePart } from '../contract/message.js';
import type { ModelRequest } from '../contract/request.js';
import type { TokenUsage } from '../contract/usage.js';

/** Of European languages and of code. Others have fewer, so that their tokens are counted too low. */
const CHARACTERS_PER_TOKEN = 4;
/** What the upstream writes around each message and each tool. */
const TOKENS_AROUND = 4;

const tokensOf = (characters: number): number => Math.ceil(characters / CHARACTERS_PER_TOKEN);

const jsonLength = (value: JsonValue | object): number => JSON.stringify(value).length;

/** Pictures and files are not counted: what they cost in tokens no length tells. */
const partLength = (part: MessagePart): number => {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return part.text.length;
    case 'tool-call':
      return part.name.length + part.argumentsJson.length;
    case 'tool-result':
      return contentLength(part.content);
    case 'image':
    case 'file':
      return 0;
  }
};

const contentLength = (content: string | readonly MessagePart[]): number =>
  typeof content === 'string' ? content.length : content.reduce((sum, part) => sum + partLength(part), 0);

const messageTokens = ({ content }: Message): number => tokensOf(contentLength(content)) + TOKENS_AROUND;

const inputTokens = (request: ModelRequest): number | undefined => {
  switch (request.kind) {
    case 'completion': {
      const { messages, tools = [], outputFormat } = request;
      const ofMessages = messages.reduce((sum, message) => sum + messageTokens(message), 0);
      const ofTools = tools.reduce((sum, tool) => sum + tokensOf(jsonLength(tool)) + TOKENS_AROUND, 0);
      return ofMessages + ofTools + (outputFormat === undefined ? 0 : tokensOf(jsonLength(outputFormat)));
    }
    case 'embedding':
      return request.inputs.reduce((sum, input) => sum + tokensOf(input.length), 0);
    case 'reranking': {
      const ofQuery = tokensOf(request.query.length);
      return request.documents.reduce<number>(
        (sum, one) => sum + ofQuery + tokensOf(typeof one === 'string' ? one.length : jsonLength(one)),
        0,
      );
    }
    case 'image':
      return undefined;
  }
};

/** What an attempt that ended early has given. */
export interface DeliveredText {
  readonly textCharacters: number;
  readonly reasoningCharacters: number;
}

/**
 * What an attempt probably used whose upstream did not live to say it: the input, and what came of the output. Undefined
 * for images, of which nothing is known before they are there.
 */
export const interruptedUsage = (request: ModelRequest, delivered: DeliveredText): TokenUsage | undefined => {
  const input = inputTokens(request);
  if (input === undefined) return undefined;
  const text = tokensOf(delivered.textCharacters);
  const reasoning = tokensOf(delivered.reasoningCharacters);
  return {
    certainty: 'estimated',
    input: { total: input, uncached: input, cacheRead: 0, cacheWrite: 0 },
    output: { total: text + reasoning, text, reasoning, image: 0 },
    totalTokens: input + text + reasoning,
  };
};
