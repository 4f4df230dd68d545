import {
  type AssistantMessage,
  InvalidRequestError,
  type JsonObject,
  type ReasoningPart,
  type ToolCallPart,
} from '@headrace/core/plugin';
import { encodeMedia } from './encode-media.js';
import { isGemini3 } from './gemini-model.js';
import type { RequestNotes } from './request-notes.js';
import { NO_SIGNATURE, SIGNATURE_FORMAT, SIGNATURE_TYPE } from './wire-names.js';

type Part = Record<string, JsonObject[string]>;

/** Signatures of one earlier answer: those of tool calls by the call's id, the others in their order. */
class Signatures {
  readonly ofCalls = new Map<string, string>();
  readonly others: string[] = [];

  take({ details = [] }: ReasoningPart, field: string, notes: RequestNotes): void {
    let foreign = 0;
    for (const { type, format, data, id } of details) {
      if (type !== SIGNATURE_TYPE || format !== SIGNATURE_FORMAT || typeof data !== 'string') foreign += 1;
      else if (typeof id === 'string') this.ofCalls.set(id, data);
      else this.others.push(data);
    }
    if (foreign > 0)
      notes.add(
        'reasoning-details-dropped',
        `${field}.details`,
        `${foreign} of the opaque items of the reasoning are another model's: Gemini cannot read them.`,
      );
  }
}

const argumentsOf = ({ argumentsJson }: ToolCallPart, field: string): JsonObject => {
  try {
    const value: unknown = JSON.parse(argumentsJson);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // The parser's own message quotes the arguments.
  }
  throw new InvalidRequestError([
    {
      field: `${field}.argumentsJson`,
      message: 'is not a JSON object.',
      remedy: 'Replay the arguments as the model wrote them.',
    },
  ]);
};

/**
 * The parts of an earlier answer, thoughts and their signatures unchanged and on the parts that they came with
 * (https://ai.google.dev/gemini-api/docs/thought-signatures). A signature whose part is not known stands on the last text.
 */
export const encodeAssistant = (
  message: AssistantMessage,
  model: string,
  field: string,
  notes: RequestNotes,
): JsonObject[] => {
  const { content } = message;
  if (typeof content === 'string') return content === '' ? [] : [{ text: content }];
  const signatures = new Signatures();
  for (const [index, part] of content.entries())
    if (part.type === 'reasoning') signatures.take(part, `${field}.content[${index}]`, notes);
  const parts: Part[] = [];
  let lastText: Part | undefined;
  let isSigned = false;
  let calls = 0;
  for (const [index, part] of content.entries()) {
    const at = `${field}.content[${index}]`;
    notes.annotations(part, at);
    if (part.type === 'reasoning') {
      if (part.text !== '') parts.push({ text: part.text, thought: true });
    } else if (part.type === 'text') {
      lastText = { text: part.text };
      parts.push(lastText);
    } else if (part.type === 'tool-call') {
      const signature = signatures.ofCalls.get(part.id);
      isSigned ||= signature !== undefined;
      const made: Part = { functionCall: { id: part.id, name: part.name, args: argumentsOf(part, at) } };
      if (signature !== undefined) made['thoughtSignature'] = signature;
      // Parallel calls have one signature, on the first of them.
      else if (calls === 0 && isGemini3(model)) made['thoughtSignature'] = NO_SIGNATURE;
      calls += 1;
      parts.push(made);
    } else parts.push({ ...encodeMedia(part, model, at, notes) });
  }
  if (calls > 0 && !isSigned && isGemini3(model))
    notes.note(
      'reasoning-signature-missing',
      field,
      'The tool calls have no thought signature of Gemini, as when another model made them: it was told not to ask for one.',
    );
  const last = signatures.others.pop();
  if (last !== undefined && lastText !== undefined) lastText['thoughtSignature'] = last;
  else if (last !== undefined) signatures.others.push(last);
  return [...signatures.others.map((thoughtSignature) => ({ text: '', thoughtSignature })), ...parts];
};
