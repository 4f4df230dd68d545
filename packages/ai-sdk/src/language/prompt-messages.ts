import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { Message, ToolResultPart, UserPart } from '@headrace/core';
import { readAnnotations } from '../shared/annotations.js';
import type { Notes } from '../shared/notes.js';
import { assistantParts } from './assistant-parts.js';
import { mediaPart } from './media-part.js';
import { toolResultPart } from './tool-result-part.js';

type Of<R extends LanguageModelV4Message['role']> = Extract<LanguageModelV4Message, { role: R }>;

const userParts = ({ content }: Of<'user'>, place: string, notes: Notes): UserPart[] =>
  content.map((part, index): UserPart => {
    const at = `${place}.content[${index}]`;
    if (part.type === 'file') return mediaPart(part, at, notes);
    return { type: 'text', text: part.text, ...readAnnotations(part.providerOptions, at).annotations };
  });

/** Plain text as a text: many servers take nothing else, and a cache knows it for the same prompt. */
const userContent = (message: Of<'user'>, place: string, notes: Notes): string | UserPart[] => {
  const parts = userParts(message, place, notes);
  const [only] = parts;
  const isPlain = parts.length === 1 && only?.type === 'text' && Object.keys(only).length === 2;
  return isPlain ? only.text : parts;
};

const toolParts = ({ content }: Of<'tool'>, place: string, notes: Notes): ToolResultPart[] =>
  content.flatMap((part, index) => {
    if (part.type === 'tool-result') return [toolResultPart(part, `${place}.content[${index}]`, notes)];
    notes.leftOut('tool approval for a provider', 'No provider behind the gateway asks for approval of its own tools.');
    return [];
  });

const messageOf = (message: LanguageModelV4Message, place: string, notes: Notes): Message | undefined => {
  const { annotations } = readAnnotations(message.providerOptions, place);
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.content, ...annotations };
    case 'user':
      return { role: 'user', content: userContent(message, place, notes), ...annotations };
    case 'assistant': {
      const content = assistantParts(message.content, place, notes);
      // Nothing is left of a message that was all of what has no place.
      return content.length === 0 && message.content.length > 0
        ? undefined
        : { role: 'assistant', content, ...annotations };
    }
    case 'tool': {
      const content = toolParts(message, place, notes);
      return content.length === 0 ? undefined : { role: 'tool', content, ...annotations };
    }
  }
};

/** The prompt as messages of the contract. */
export const promptMessages = (prompt: LanguageModelV4Prompt, notes: Notes): Message[] =>
  prompt.flatMap((message, index) => messageOf(message, `prompt[${index}]`, notes) ?? []);
