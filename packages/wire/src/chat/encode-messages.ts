import type { AssistantMessage, JsonObject, Message, TextPart, ToolResultPart, UserPart } from '@headrace/core/plugin';
import type { DroppedFields } from './dropped-fields.js';
import { encodeAssistantMessage } from './encode-assistant-message.js';
import { encodeFilePart, encodeImagePart, type FileForm } from './encode-media.js';

const encodePart = (part: UserPart, field: string, dropped: DroppedFields, fileForm: FileForm): JsonObject => {
  dropped.options(part, field);
  if (part.type === 'text') return dropped.marked({ type: 'text', text: part.text }, part);
  if (part.type === 'file' && part.filename !== undefined && part.mediaType.startsWith('image/'))
    dropped.drop('filename-dropped', `${field}.filename`, 'The chat dialect has no file name for an image.');
  return dropped.marked(
    part.type === 'image' ? encodeImagePart(part, field) : encodeFilePart(part, field, fileForm),
    part,
  );
};

const encodeParts = (
  parts: readonly UserPart[],
  field: string,
  dropped: DroppedFields,
  fileForm: FileForm,
): JsonObject[] => parts.map((part, index) => encodePart(part, `${field}.content[${index}]`, dropped, fileForm));

const encodeToolContent = (part: ToolResultPart, field: string, dropped: DroppedFields): string | JsonObject[] => {
  if (typeof part.content === 'string') return part.content;
  const texts: JsonObject[] = [];
  let marked = false;
  for (const [index, inner] of part.content.entries()) {
    const at = `${field}.content[${index}]`;
    dropped.options(inner, at);
    if (inner.type === 'text') {
      texts.push(dropped.marked({ type: 'text', text: inner.text }, inner));
      marked ||= inner.cache !== undefined;
    } else {
      const what =
        inner.type === 'image' ? `An image (${inner.mediaType ?? 'no type given'})` : `A file (${inner.mediaType})`;
      dropped.drop(
        'part-dropped',
        at,
        `${what} in a tool result was left out: the chat dialect takes text only there.`,
      );
    }
  }
  // Most servers take a string only; parts are needed to keep several texts apart, or a cache mark.
  if (texts.length > 1 || marked) return texts;
  return typeof texts[0]?.['text'] === 'string' ? texts[0]['text'] : '';
};

const encodeToolResult = (part: ToolResultPart, field: string, dropped: DroppedFields): JsonObject => {
  dropped.options(part, field);
  if (part.isError === true)
    dropped.drop(
      'tool-error-flag-dropped',
      `${field}.isError`,
      'The chat dialect cannot mark a tool result as failed.',
    );
  const content = encodeToolContent(part, field, dropped);
  return dropped.marked({ role: 'tool', tool_call_id: part.toolCallId, content }, part);
};

const isPlain = (message: Message): message is Message & { readonly content: string } =>
  typeof message.content === 'string' && message.cache === undefined && message.providerOptions === undefined;

const encodeOne = (
  message: Message,
  field: string,
  dropped: DroppedFields,
  fileForm: FileForm,
  encoded: JsonObject[],
): void => {
  dropped.options(message, field);
  switch (message.role) {
    case 'assistant':
      encoded.push(encodeAssistantMessage(message satisfies AssistantMessage, field, dropped));
      return;
    case 'tool': {
      const first = encoded.length;
      for (const [index, part] of message.content.entries())
        encoded.push(encodeToolResult(part, `${field}.content[${index}]`, dropped));
      // The mark ends a prefix, so of several results it belongs to the last.
      const last = encoded.at(-1);
      if (last !== undefined && encoded.length > first) encoded[encoded.length - 1] = dropped.marked(last, message);
      return;
    }
    default: {
      const parts: string | readonly (TextPart | UserPart)[] = message.content;
      const content = typeof parts === 'string' ? parts : encodeParts(parts, field, dropped, fileForm);
      encoded.push(dropped.marked({ role: message.role, content }, message));
    }
  }
};

/** The `messages` of a chat request. One tool message may become several: the dialect has one for each result. */
export const encodeMessages = (
  messages: readonly Message[],
  dropped: DroppedFields,
  fileForm: FileForm = 'file_data',
): JsonObject[] => {
  const encoded: JsonObject[] = [];
  for (const [index, message] of messages.entries()) {
    if (isPlain(message)) encoded.push({ role: message.role, content: message.content });
    else encodeOne(message, `messages[${index}]`, dropped, fileForm, encoded);
  }
  return encoded;
};
