import type { JsonObject } from '../contract/json.js';
import type { AssistantPart, FilePart } from '../contract/message.js';
import type { CitationEvent, EventBatch, ResponseEndEvent, ToolResultEvent } from '../contract/stream-event.js';
import { StreamInterruptedError } from '../errors/upstream-errors.js';
import type { Receipt } from '../pipeline/receipt.js';
import { parseJson } from '../schema/parse-json.js';
import type { Completion, ToolCall } from './gateway.js';

/** A completion whose `output` may still be set. */
export type UnvalidatedCompletion<T> = Omit<Completion<T>, 'output'> & { output: T };

/** Gathers the events of one answer into a whole. */
export class CompletionCollector {
  #text = '';
  #reasoning = '';
  #details: readonly JsonObject[] | undefined;
  #responseId = '';
  #end: ResponseEndEvent | undefined;
  /** By index: calls may end in another order than they began. */
  #toolCalls: Map<number, ToolCall> | undefined;
  // Made when they are needed: most answers hold text alone.
  #toolResults: ToolResultEvent[] | undefined;
  #files: FilePart[] | undefined;
  #citations: CitationEvent[] | undefined;

  onBatch(batch: EventBatch): void {
    for (const event of batch.events) {
      switch (event.type) {
        case 'text-delta':
          this.#text += event.text;
          break;
        case 'reasoning-delta':
          this.#reasoning += event.text;
          if (event.details !== undefined) this.#details = event.details;
          break;
        case 'tool-call-end': {
          const { index, id, name, argumentsJson } = event;
          this.#toolCalls ??= new Map();
          this.#toolCalls.set(index, { id, name, argumentsJson, arguments: parseJson(argumentsJson) });
          break;
        }
        case 'file':
          this.#files ??= [];
          this.#files.push({ type: 'file', source: event.source, mediaType: event.mediaType });
          break;
        case 'tool-result':
          this.#toolResults ??= [];
          this.#toolResults.push(event);
          break;
        case 'citation':
          this.#citations ??= [];
          this.#citations.push(event);
          break;
        case 'response-start':
          this.#responseId = event.responseId;
          break;
        case 'response-end':
          this.#end = event;
          break;
        case 'tool-call-start':
        case 'tool-call-delta':
        case 'warning':
        case 'raw':
          break;
      }
    }
  }

  /** The answer, its validated value still to be set. @throws StreamInterruptedError when the proof of the end is missing */
  whole<T>(receipt: Receipt): UnvalidatedCompletion<T> {
    const end = this.#end;
    if (end === undefined) throw new StreamInterruptedError('The answer ended without proof that it is whole.');
    return {
      text: this.#text,
      reasoning: this.#reasoning,
      toolCalls: this.#calls(),
      toolResults: this.#toolResults ?? [],
      files: this.#files ?? [],
      citations: this.#citations ?? [],
      message: { role: 'assistant', content: this.#parts() },
      finishReason: end.reason,
      rawFinishReason: end.rawReason,
      usage: receipt.recovery === undefined ? end.usage : receipt.usage,
      cost: receipt.cost,
      responseId: receipt.recovery === undefined ? this.#responseId : (receipt.servedBy?.responseId ?? ''),
      provider: receipt.servedBy?.provider ?? '',
      model: receipt.servedBy?.model ?? '',
      warnings: receipt.warnings,
      providerMetadata: end.providerMetadata,
      output: undefined as T,
      receipt,
    };
  }

  #calls(): readonly ToolCall[] {
    if (this.#toolCalls === undefined) return [];
    const run = new Set(this.#toolResults?.map(({ toolCallId }) => toolCallId));
    const calls = [...this.#toolCalls].sort(([a], [b]) => a - b).map(([, call]) => call);
    return calls.filter(({ id }) => !run.has(id));
  }

  #parts(): AssistantPart[] {
    const parts: AssistantPart[] = [];
    if (this.#reasoning !== '' || this.#details !== undefined) {
      const details = this.#details === undefined ? {} : { details: this.#details };
      parts.push({ type: 'reasoning', text: this.#reasoning, ...details });
    }
    if (this.#text !== '') parts.push({ type: 'text', text: this.#text });
    if (this.#files !== undefined) parts.push(...this.#files);
    for (const { id, name, argumentsJson } of this.#calls()) parts.push({ type: 'tool-call', id, name, argumentsJson });
    return parts;
  }
}
