import type { JsonValue } from '../contract/json.js';
import type { Message, MessagePart } from '../contract/message.js';
import type { ModelRequest } from '../contract/request.js';
import type { TokenUsage } from '../contract/usage.js';

/** In UTF-8: near in all common scripts, where characters for one token are from 1 to 4. See decision 0019. */
const BYTES_PER_TOKEN = 4;
/** What the upstream writes around each message and each tool. */
const TOKENS_AROUND = 4;

const tokensOf = (bytes: number): number => Math.ceil(bytes / BYTES_PER_TOKEN);

const bytesOf = (text: string): number => Buffer.byteLength(text);
const jsonBytes = (value: JsonValue | object): number => bytesOf(JSON.stringify(value));

/** Pictures and files are not counted: what they cost in tokens no size tells. */
const partBytes = (part: MessagePart): number => {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return bytesOf(part.text);
    case 'tool-call':
      return bytesOf(part.name) + bytesOf(part.argumentsJson);
    case 'tool-result':
      return contentBytes(part.content);
    case 'image':
    case 'file':
      return 0;
  }
};

const contentBytes = (content: string | readonly MessagePart[]): number =>
  typeof content === 'string' ? bytesOf(content) : content.reduce((sum, part) => sum + partBytes(part), 0);

const messageTokens = ({ content }: Message): number => tokensOf(contentBytes(content)) + TOKENS_AROUND;

const inputTokens = (request: ModelRequest): number | undefined => {
  switch (request.kind) {
    case 'completion': {
      const { messages, tools = [], outputFormat } = request;
      const ofMessages = messages.reduce((sum, message) => sum + messageTokens(message), 0);
      const ofTools = tools.reduce((sum, tool) => sum + tokensOf(jsonBytes(tool)) + TOKENS_AROUND, 0);
      return ofMessages + ofTools + (outputFormat === undefined ? 0 : tokensOf(jsonBytes(outputFormat)));
    }
    case 'embedding':
      return request.inputs.reduce((sum, input) => sum + tokensOf(bytesOf(input)), 0);
    case 'reranking': {
      const ofQuery = tokensOf(bytesOf(request.query));
      return request.documents.reduce<number>(
        (sum, one) => sum + ofQuery + tokensOf(typeof one === 'string' ? bytesOf(one) : jsonBytes(one)),
        0,
      );
    }
    case 'image':
      return undefined;
  }
};

/** What an attempt that ended early has given, in bytes of UTF-8. */
export interface DeliveredBytes {
  readonly text: number;
  readonly reasoning: number;
}

/**
 * What an attempt probably used whose upstream did not live to say it: the input, and what came of the output. Undefined
 * for images, of which nothing is known before they are there.
 */
export const interruptedUsage = (request: ModelRequest, delivered: DeliveredBytes): TokenUsage | undefined => {
  const input = inputTokens(request);
  if (input === undefined) return undefined;
  const text = tokensOf(delivered.text);
  const reasoning = tokensOf(delivered.reasoning);
  return {
    certainty: 'estimated',
    input: { total: input, uncached: input, cacheRead: 0, cacheWrite: 0 },
    output: { total: text + reasoning, text, reasoning, image: 0 },
    totalTokens: input + text + reasoning,
  };
};
