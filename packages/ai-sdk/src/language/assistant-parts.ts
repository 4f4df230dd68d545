import type { LanguageModelV4Message } from '@ai-sdk/provider';
import type { Annotations, AssistantPart, JsonObject } from '@headrace/core';
import { readAnnotations } from '../shared/annotations.js';
import type { Notes } from '../shared/notes.js';
import { mediaPart } from './media-part.js';
import { detailsOf } from './reasoning-trace.js';

type Content = Extract<LanguageModelV4Message, { role: 'assistant' }>['content'];
type ContentPart = Content[number];

const BY_PROVIDER =
  'A tool that a provider ran has no place of its own in a history; the opaque items of the reasoning hold what the provider needs of it.';

/**
 * The parts of one message of the AI SDK. It keeps reasoning in pieces where they stood; upstreams want it whole and before
 * the rest of its answer. The opaque items end an answer: a message may hold several.
 */
class Answers {
  readonly parts: AssistantPart[] = [];
  #rest: AssistantPart[] = [];
  #reasoning: string | undefined;
  #annotations: Annotations = {};

  constructor(private readonly notes: Notes) {}

  take(part: ContentPart, place: string): void {
    switch (part.type) {
      case 'text':
        this.#rest.push({ type: 'text', text: part.text, ...readAnnotations(part.providerOptions, place).annotations });
        return;
      case 'file':
        this.#rest.push(mediaPart(part, place, this.notes));
        return;
      case 'reasoning':
        this.#reasoning = (this.#reasoning ?? '') + part.text;
        this.#annotations = { ...this.#annotations, ...readAnnotations(part.providerOptions, place).annotations };
        return;
      case 'tool-call':
        this.#call(part, place);
        return;
      case 'tool-result':
        this.notes.leftOut('provider-executed tool call in the prompt', BY_PROVIDER);
        return;
      case 'reasoning-file':
        this.notes.leftOut('reasoning file in the prompt', 'Files that came with reasoning are not sent back.');
        return;
      case 'custom': {
        const details = detailsOf(part, place);
        if (details !== undefined) this.end(details);
        else
          this.notes.leftOut(`custom part "${part.kind}" in the prompt`, 'It is for another provider of the AI SDK.');
      }
    }
  }

  /** Ends the answer that the parts so far belong to. */
  end(details?: readonly JsonObject[]): void {
    if (this.#reasoning !== undefined || details !== undefined)
      this.parts.push({
        type: 'reasoning',
        text: this.#reasoning ?? '',
        ...(details === undefined ? {} : { details }),
        ...this.#annotations,
      });
    this.parts.push(...this.#rest);
    this.#rest = [];
    this.#reasoning = undefined;
    this.#annotations = {};
  }

  #call(part: Extract<ContentPart, { type: 'tool-call' }>, place: string): void {
    if (part.providerExecuted === true) {
      this.notes.leftOut('provider-executed tool call in the prompt', BY_PROVIDER);
      return;
    }
    const { toolCallId: id, toolName: name, input } = part;
    const { annotations } = readAnnotations(part.providerOptions, place);
    this.#rest.push({ type: 'tool-call', id, name, argumentsJson: JSON.stringify(input ?? {}), ...annotations });
  }
}

/** An earlier answer of the model. */
export const assistantParts = (content: Content, place: string, notes: Notes): readonly AssistantPart[] => {
  const answers = new Answers(notes);
  for (const [index, part] of content.entries()) answers.take(part, `${place}.content[${index}]`);
  answers.end();
  return answers.parts;
};
