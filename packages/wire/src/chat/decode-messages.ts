import type {
  Annotations,
  AssistantMessage,
  AssistantPart,
  FilePart,
  ImagePart,
  JsonObject,
  Message,
  TextPart,
  ToolResultPart,
} from '@headrace/core/plugin';
import type * as z from '@headrace/core/zod';
import { parseDataUrl } from './decode-media.js';
import { isSet } from './json-object.js';
import type {
  assistantMessageSchema,
  filePartSchema,
  imagePartSchema,
  textPartSchema,
  toolMessageSchema,
  WireCacheControl,
  WireMessage,
} from './request-schema.js';

type WireAssistant = z.infer<typeof assistantMessageSchema>;
type WireTool = z.infer<typeof toolMessageSchema>;
type WirePart = z.infer<typeof textPartSchema> | z.infer<typeof imagePartSchema> | z.infer<typeof filePartSchema>;

/** The cache mark of a message, part or tool. */
export const decodeMark = (mark: WireCacheControl | null | undefined): Pick<Annotations, 'cache'> => {
  if (!isSet(mark)) return {};
  return { cache: isSet(mark.ttl) ? { type: mark.type, ttl: mark.ttl } : { type: mark.type } };
};

const decodeText = (part: z.infer<typeof textPartSchema>): TextPart => ({
  type: 'text',
  text: part.text,
  ...decodeMark(part.cache_control),
});

const decodeImage = (part: z.infer<typeof imagePartSchema>): ImagePart => {
  const { url, detail } = part.image_url;
  const data = parseDataUrl(url);
  return {
    type: 'image',
    source: data === undefined ? { type: 'url', url } : { type: 'base64', data: data.base64 },
    ...(data?.mediaType === undefined ? {} : { mediaType: data.mediaType }),
    ...(isSet(detail) ? { detail } : {}),
    ...decodeMark(part.cache_control),
  };
};

const decodeFile = (part: z.infer<typeof filePartSchema>): FilePart => {
  const { file_data: url, data, media_type: told, filename } = part.file;
  const parsed = isSet(url) ? parseDataUrl(url) : undefined;
  return {
    type: 'file',
    // Bare base64 in `file_data` is what some clients send.
    source: { type: 'base64', data: parsed?.base64 ?? url ?? data ?? '' },
    mediaType: parsed?.mediaType ?? told ?? 'application/octet-stream',
    ...(isSet(filename) ? { filename } : {}),
    ...decodeMark(part.cache_control),
  };
};

const decodePart = (part: WirePart): TextPart | ImagePart | FilePart => {
  if (part.type === 'text') return decodeText(part);
  return part.type === 'image_url' ? decodeImage(part) : decodeFile(part);
};

const assistantTexts = (message: WireAssistant): TextPart[] => {
  const { content, refusal } = message;
  const texts: TextPart[] = [];
  if (typeof content === 'string' && content !== '') texts.push({ type: 'text', text: content });
  else if (Array.isArray(content)) {
    for (const part of content)
      texts.push(
        part.type === 'text'
          ? decodeText(part)
          : { type: 'text', text: part.refusal, ...decodeMark(part.cache_control) },
      );
  }
  if (isSet(refusal) && refusal !== '') texts.push({ type: 'text', text: refusal });
  return texts;
};

const decodeAssistant = (message: WireAssistant): AssistantMessage => {
  const mark = decodeMark(message.cache_control);
  const reasoning = message.reasoning ?? message.reasoning_content;
  const details = message.reasoning_details as readonly JsonObject[] | null | undefined;
  const calls = message.tool_calls ?? [];
  const parts: AssistantPart[] = [];
  if (isSet(reasoning) || (isSet(details) && details.length > 0))
    parts.push({ type: 'reasoning', text: reasoning ?? '', ...(isSet(details) ? { details } : {}) });
  parts.push(...assistantTexts(message));
  for (const call of calls)
    parts.push({ type: 'tool-call', id: call.id, name: call.function.name, argumentsJson: call.function.arguments });
  if (parts.length === 0) return { role: 'assistant', content: '', ...mark };
  const { content } = message;
  const isPlain = typeof content === 'string' && parts.length === 1 && parts[0]?.type === 'text';
  return { role: 'assistant', content: isPlain ? content : parts, ...mark };
};

const decodeToolResult = (message: WireTool): ToolResultPart => ({
  type: 'tool-result',
  toolCallId: message.tool_call_id,
  content: typeof message.content === 'string' ? message.content : message.content.map(decodeText),
  ...decodeMark(message.cache_control),
});

const decodeOne = (message: Exclude<WireMessage, WireTool>): Message => {
  if (message.role === 'assistant') return decodeAssistant(message);
  const mark = decodeMark(message.cache_control);
  if (message.role === 'user') {
    const { content } = message;
    return { role: 'user', content: typeof content === 'string' ? content : content.map(decodePart), ...mark };
  }
  const { content } = message;
  return { role: 'system', content: typeof content === 'string' ? content : content.map(decodeText), ...mark };
};

/** The contract's messages. Neighbouring tool results become one message: the contract keeps one for each round. */
export const decodeMessages = (messages: readonly WireMessage[]): Message[] => {
  const decoded: Message[] = [];
  let results: ToolResultPart[] | undefined;
  for (const message of messages) {
    if (message.role === 'tool') {
      if (results === undefined) {
        results = [];
        decoded.push({ role: 'tool', content: results });
      }
      results.push(decodeToolResult(message));
      continue;
    }
    results = undefined;
    decoded.push(decodeOne(message));
  }
  return decoded;
};
