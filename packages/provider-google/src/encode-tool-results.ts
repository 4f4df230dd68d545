import { InvalidRequestError, type JsonObject, type ToolMessage, type ToolResultPart } from '@headrace/core/plugin';
import { encodeMedia } from './encode-media.js';
import { isGemini3 } from './gemini-model.js';
import type { RequestNotes } from './request-notes.js';

const responseOf = (
  part: ToolResultPart,
  model: string,
  field: string,
  notes: RequestNotes,
): { readonly response: JsonObject; readonly parts: readonly JsonObject[] } => {
  const key = part.isError === true ? 'error' : 'output';
  if (typeof part.content === 'string') return { response: { [key]: part.content }, parts: [] };
  const texts: string[] = [];
  const parts: JsonObject[] = [];
  for (const [index, inner] of part.content.entries()) {
    const at = `${field}.content[${index}]`;
    notes.annotations(inner, at);
    if (inner.type === 'text') texts.push(inner.text);
    else if (isGemini3(model)) parts.push(encodeMedia(inner, model, at, notes));
    else
      notes.add(
        'part-dropped',
        at,
        `${inner.type === 'image' ? 'An image' : `A file (${inner.mediaType})`} in a tool result was left out: only Gemini 3 and later take one there.`,
      );
  }
  return { response: { [key]: texts.length === 1 ? (texts[0] ?? '') : texts }, parts };
};

/**
 * The parts for the results of tools (https://ai.google.dev/api/caching#FunctionResponse): a result stands under `output`,
 * the report of a failure under `error`.
 * @param names of the tools by the ids of their calls, as the conversation so far has them.
 * @throws InvalidRequestError for a result whose call is not there.
 */
export const encodeToolResults = (
  message: ToolMessage,
  names: ReadonlyMap<string, string>,
  model: string,
  field: string,
  notes: RequestNotes,
): JsonObject[] =>
  message.content.map((part, index) => {
    const at = `${field}.content[${index}]`;
    notes.annotations(part, at);
    const name = names.get(part.toolCallId);
    if (name === undefined)
      throw new InvalidRequestError([
        {
          field: `${at}.toolCallId`,
          message: 'is the id of no tool call in the messages before.',
          remedy: 'Keep the assistant message with the call: Gemini must be told which tool answers.',
        },
      ]);
    const { response, parts } = responseOf(part, model, at, notes);
    return {
      functionResponse: { id: part.toolCallId, name, response, ...(parts.length === 0 ? {} : { parts }) },
    };
  });
