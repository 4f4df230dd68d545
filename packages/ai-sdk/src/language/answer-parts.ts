import type { LanguageModelV4Citation, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { CitationEvent, FilePart, JsonObject, StreamEvent, ToolResultEvent } from '@headrace/core';
import { jsonOf } from '../shared/json.js';
import { fileContent } from './file-content.js';
import { tracePart } from './reasoning-trace.js';
import { sourcePart } from './source-part.js';

export type Part = LanguageModelV4StreamPart;
export type EndEvent = Extract<StreamEvent, { type: 'response-end' }>;
type CallEvent = Extract<StreamEvent, { type: 'tool-call-start' | 'tool-call-delta' | 'tool-call-end' }>;

/** What the parts of an answer depend on beside its events. */
export interface AnswerSetting {
  /** Names of the tools that the host runs. */
  readonly tools: ReadonlySet<string>;
  /** The documents of the request; asked for with the first citation of one. */
  readonly documents: () => readonly FilePart[];
  readonly includeRaw: boolean;
}

/** A text or a piece of reasoning that is not over. */
interface Block {
  readonly type: 'text' | 'reasoning';
  readonly id: string;
  readonly citations: LanguageModelV4Citation[];
}

/**
 * Turns the events of one answer into parts of the AI SDK. A tool that the host does not have may be the provider's own: it is
 * told when its outcome is there, or else at the end, as a call for the host, which the AI SDK then judges.
 */
export class AnswerParts {
  /** The proof of the end, once it came. */
  end: EndEvent | undefined;
  responseId = '';
  model = '';
  #blocks = 0;
  #sources = 0;
  #open: Block | undefined;
  #details: readonly JsonObject[] | undefined;
  /** Calls of tools that the host does not have, by their position. */
  readonly #held = new Map<number, Extract<CallEvent, { type: 'tool-call-end' }>>();
  readonly #ids = new Map<number, string>();

  constructor(private readonly setting: AnswerSetting) {}

  /** Appends to `parts` what the event says. */
  take(event: StreamEvent, parts: Part[]): void {
    switch (event.type) {
      case 'text-delta':
        if (event.text !== '') parts.push({ type: 'text-delta', id: this.#in('text', parts), delta: event.text });
        return;
      case 'reasoning-delta':
        if (event.details !== undefined) this.#details = event.details;
        if (event.text !== '')
          parts.push({ type: 'reasoning-delta', id: this.#in('reasoning', parts), delta: event.text });
        return;
      case 'tool-call-start':
      case 'tool-call-delta':
      case 'tool-call-end':
        this.#call(event, parts);
        return;
      case 'tool-result':
        this.#result(event, parts);
        return;
      case 'file':
        this.#close(parts);
        parts.push(fileContent(event.mediaType, event.source));
        return;
      case 'citation':
        this.#cite(event, parts);
        return;
      case 'response-start':
        this.#begin(event, parts);
        return;
      case 'raw':
        if (this.setting.includeRaw) parts.push({ type: 'raw', rawValue: event.value });
        return;
      case 'response-end':
        this.#finish(event, parts);
        return;
      case 'warning':
      // In the receipt.
    }
  }

  #begin({ responseId, model }: Extract<StreamEvent, { type: 'response-start' }>, parts: Part[]): void {
    this.responseId = responseId;
    this.model = model;
    parts.push({
      type: 'response-metadata',
      ...(responseId === '' ? {} : { id: responseId }),
      ...(model === '' ? {} : { modelId: model }),
    });
  }

  /** The open block of that type. */
  #in(type: Block['type'], parts: Part[]): string {
    if (this.#open?.type === type) return this.#open.id;
    this.#close(parts);
    this.#blocks += 1;
    const id = `${type}-${this.#blocks}`;
    this.#open = { type, id, citations: [] };
    parts.push({ type: `${type}-start`, id });
    return id;
  }

  #close(parts: Part[]): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const { id, citations } = open;
    if (open.type === 'text') parts.push({ type: 'text-end', id, ...(citations.length === 0 ? {} : { citations }) });
    else parts.push({ type: 'reasoning-end', id });
  }

  #call(event: CallEvent, parts: Part[]): void {
    const { index } = event;
    if (event.type === 'tool-call-start') {
      this.#close(parts);
      if (!this.setting.tools.has(event.name)) return;
      this.#ids.set(index, event.id);
      parts.push({ type: 'tool-input-start', id: event.id, toolName: event.name });
      return;
    }
    const id = this.#ids.get(index);
    if (event.type === 'tool-call-delta') {
      if (id !== undefined) parts.push({ type: 'tool-input-delta', id, delta: event.argumentsJson });
    } else if (id === undefined) this.#held.set(index, event);
    else {
      const { name: toolName, argumentsJson: input } = event;
      parts.push({ type: 'tool-input-end', id }, { type: 'tool-call', toolCallId: id, toolName, input });
    }
  }

  #result({ toolCallId, name, result, isError }: ToolResultEvent, parts: Part[]): void {
    this.#close(parts);
    const [place, call] = [...this.#held].find(([, held]) => held.id === toolCallId) ?? [];
    if (place !== undefined) this.#held.delete(place);
    const toolName = call?.name ?? name;
    const isTold = [...this.#ids.values()].includes(toolCallId);
    const input = call?.argumentsJson ?? '{}';
    if (!isTold) parts.push({ type: 'tool-call', toolCallId, toolName, input, providerExecuted: true, dynamic: true });
    parts.push({
      type: 'tool-result',
      toolCallId,
      toolName,
      // The AI SDK has no place for a result of nothing.
      result: result === null ? '' : (jsonOf({ result })['result'] ?? ''),
      ...(isTold ? {} : { dynamic: true }),
      ...(isError === undefined ? {} : { isError }),
    });
  }

  #cite(citation: CitationEvent, parts: Part[]): void {
    this.#sources += 1;
    const id = `${this.responseId === '' ? 'source' : this.responseId}-${this.#sources}`;
    const source = sourcePart(citation, id, citation.document === undefined ? [] : this.setting.documents());
    const { citedText } = citation;
    if (this.#open?.type === 'text')
      this.#open.citations.push({ source, ...(citedText === undefined ? {} : { citedText }) });
    parts.push(source);
  }

  #finish(event: EndEvent, parts: Part[]): void {
    this.#close(parts);
    for (const { id, name: toolName, argumentsJson: input } of this.#held.values())
      parts.push(
        { type: 'tool-input-start', id, toolName },
        { type: 'tool-input-delta', id, delta: input },
        { type: 'tool-input-end', id },
        { type: 'tool-call', toolCallId: id, toolName, input },
      );
    if (this.#details !== undefined) parts.push(tracePart(this.#details));
    this.end = event;
  }
}
