import type { LanguageModelV4ToolResultOutput, LanguageModelV4ToolResultPart } from '@ai-sdk/provider';
import type { TextPart, ToolResultPart } from '@headrace/core';
import { readAnnotations } from '../shared/annotations.js';
import type { Notes } from '../shared/notes.js';
import { mediaPart } from './media-part.js';

type Content = Pick<ToolResultPart, 'content' | 'isError'>;
type Parts = Exclude<ToolResultPart['content'], string>;

const DENIED = 'The call of the tool was denied.';

const contentParts = (
  value: Extract<LanguageModelV4ToolResultOutput, { type: 'content' }>['value'],
  place: string,
  notes: Notes,
): Parts =>
  value.flatMap((part, index): Parts => {
    const at = `${place}[${index}]`;
    if (part.type === 'file') return [mediaPart(part, at, notes)];
    if (part.type === 'custom') {
      notes.leftOut('custom part of a tool result', 'It is for one provider of the AI SDK only.');
      return [];
    }
    const text: TextPart = { type: 'text', text: part.text, ...readAnnotations(part.providerOptions, at).annotations };
    return [text];
  });

const contentOf = (output: LanguageModelV4ToolResultOutput, place: string, notes: Notes): Content => {
  switch (output.type) {
    case 'text':
      return { content: output.value };
    case 'json':
      return { content: JSON.stringify(output.value) };
    case 'error-text':
      return { content: output.value, isError: true };
    case 'error-json':
      return { content: JSON.stringify(output.value), isError: true };
    case 'execution-denied':
      return { content: output.reason === undefined ? DENIED : `${DENIED} ${output.reason}`, isError: true };
    case 'content': {
      const parts = contentParts(output.value, place, notes);
      return { content: parts.length === 0 ? '' : parts };
    }
  }
};

/** The outcome of a tool that the host ran, or would not run. */
export const toolResultPart = (part: LanguageModelV4ToolResultPart, place: string, notes: Notes): ToolResultPart => {
  const { output } = part;
  // The AI SDK has options on the part and on most forms of its output.
  const options = part.providerOptions ?? ('providerOptions' in output ? output.providerOptions : undefined);
  return {
    type: 'tool-result',
    toolCallId: part.toolCallId,
    ...contentOf(output, `${place}.output.value`, notes),
    ...readAnnotations(options, place).annotations,
  };
};
