import { StringDecoder } from 'node:string_decoder';
import {
  type FinishReason,
  MalformedResponseError,
  type StreamEvent,
  StreamInterruptedError,
  type TokenUsage,
  UpstreamError,
} from '@headrace/core/plugin';
import type { Breach } from './breach.js';

interface WireCall {
  readonly index?: number;
  readonly id?: string;
  readonly function?: { readonly name?: string; readonly arguments?: string };
}

interface WireChunk {
  readonly id?: string;
  readonly model?: string;
  readonly error?: { readonly message?: string };
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string | null; readonly tool_calls?: readonly WireCall[] };
    readonly message?: { readonly content?: string | null; readonly tool_calls?: readonly WireCall[] };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly prompt_tokens_details: { readonly cached_tokens: number };
    readonly completion_tokens_details: { readonly reasoning_tokens: number };
    readonly cache_creation_input_tokens: number;
  };
}

interface OpenCall {
  readonly id: string;
  readonly name: string;
  argumentsJson: string;
}

const REASONS: Readonly<Record<string, FinishReason>> = { stop: 'stop', length: 'length', tool_calls: 'tool-calls' };

/** Text that the breach `shared-text` keeps for all calls together. */
let everybodysText = '';

/** Decodes one chat answer, as plainly as can be, and wrongly on demand. */
export class ChatDecoder {
  ended = false;
  #rest = '';
  #started = false;
  readonly #decoder = new StringDecoder('utf8');
  readonly #calls = new Map<number, OpenCall>();
  readonly #breaches: ReadonlySet<Breach>;
  #text = '';

  constructor(
    private readonly whole: boolean,
    breaches: ReadonlySet<Breach>,
  ) {
    this.#breaches = breaches;
  }

  write(bytes: Buffer, events: StreamEvent[]): void {
    const piece = this.#breaches.has('characters-split') ? bytes.toString('utf8') : this.#decoder.write(bytes);
    this.#rest += piece;
    if (this.whole) return;
    if (this.#breaches.has('frames-split')) {
      this.#frame(this.#rest, events);
      this.#rest = '';
      return;
    }
    for (let cut = this.#rest.indexOf('\n\n'); cut !== -1; cut = this.#rest.indexOf('\n\n')) {
      const frame = this.#rest.slice(0, cut);
      this.#rest = this.#rest.slice(cut + 2);
      this.#frame(frame, events);
      if (this.#breaches.has('one-frame-per-read')) {
        this.#rest = '';
        return;
      }
    }
  }

  end(events: StreamEvent[]): void {
    if (this.whole && this.#rest !== '') {
      this.#chunk(this.#parse(this.#rest), events);
      return;
    }
    if (this.ended) return;
    if (this.#breaches.has('end-of-input-is-the-end')) {
      this.#end({}, 'stop', events);
      return;
    }
    throw new StreamInterruptedError('the answer ended without its end');
  }

  #frame(frame: string, events: StreamEvent[]): void {
    const data = frame
      .split('\n')
      .filter((line) => line.startsWith('data:') || this.#breaches.has('comments-are-frames'))
      .map((line) => line.replace(/^data: ?/, ''))
      .join('\n');
    if (data === '' || data === '[DONE]') return;
    this.#chunk(this.#parse(data), events);
  }

  #parse(data: string): WireChunk {
    try {
      return JSON.parse(data) as WireChunk;
    } catch {
      if (this.#breaches.has('anything-is-an-answer')) return {};
      const quote = this.#breaches.has('answer-quoted') ? `: ${data}` : '';
      throw new MalformedResponseError(`the answer is no JSON${quote}`);
    }
  }

  #chunk(chunk: WireChunk, events: StreamEvent[]): void {
    if (chunk.error !== undefined && !this.#breaches.has('errors-passed-over')) {
      throw new UpstreamError('the upstream failed within the answer');
    }
    const choice = chunk.choices?.[0];
    if (choice === undefined) {
      if (this.whole && !this.#breaches.has('anything-is-an-answer')) {
        throw new MalformedResponseError('the answer has no choices');
      }
      return;
    }
    if (!this.#started) {
      this.#started = true;
      events.push({ type: 'response-start', responseId: chunk.id ?? '', model: chunk.model ?? '' });
    }
    const said = choice.delta ?? choice.message ?? {};
    if (typeof said.content === 'string' && said.content !== '') {
      const text = this.#breaches.has('wrong-text') ? said.content.toUpperCase() : said.content;
      events.push({ type: 'text-delta', text: this.#remember(text) });
    }
    for (const call of said.tool_calls ?? []) this.#toolCall(call, events);
    if (typeof choice.finish_reason === 'string') this.#end(chunk, choice.finish_reason, events);
  }

  #remember(text: string): string {
    this.#text += text;
    if (!this.#breaches.has('shared-text')) return text;
    everybodysText += text;
    return everybodysText;
  }

  #toolCall(call: WireCall, events: StreamEvent[]): void {
    const index = this.#breaches.has('one-tool-index') ? 0 : (call.index ?? this.#calls.size);
    let open = this.#calls.get(index);
    if (open === undefined) {
      open = { id: call.id ?? '', name: call.function?.name ?? '', argumentsJson: '' };
      this.#calls.set(index, open);
      events.push({ type: 'tool-call-start', index, id: open.id, name: open.name });
    }
    const fragment = call.function?.arguments ?? '';
    open.argumentsJson += fragment;
    if (fragment !== '') events.push({ type: 'tool-call-delta', index, argumentsJson: fragment });
  }

  #end(chunk: WireChunk, rawReason: string, events: StreamEvent[]): void {
    for (const [index, { id, name, argumentsJson }] of this.#calls) {
      if (!this.#breaches.has('tool-json-unchecked')) this.#parse(argumentsJson);
      events.push({ type: 'tool-call-end', index, id, name, argumentsJson });
    }
    if (this.#breaches.has('no-end-without-text') && this.#text === '') return;
    const usage = chunk.usage === undefined ? {} : { usage: this.#usage(chunk.usage) };
    events.push({ type: 'response-end', reason: REASONS[rawReason] ?? 'unknown', rawReason, ...usage });
    if (this.#breaches.has('end-twice')) events.push({ type: 'response-end', reason: 'stop', rawReason });
    this.ended = true;
  }

  #usage(wire: NonNullable<WireChunk['usage']>): TokenUsage {
    const cacheRead = wire.prompt_tokens_details.cached_tokens;
    const cacheWrite = wire.cache_creation_input_tokens;
    const reasoning = wire.completion_tokens_details.reasoning_tokens;
    const twice = this.#breaches.has('cached-counted-twice');
    return {
      certainty: 'exact',
      input: {
        total: wire.prompt_tokens,
        uncached: wire.prompt_tokens - (twice ? 0 : cacheRead + cacheWrite),
        cacheRead,
        cacheWrite,
      },
      output: {
        total: wire.completion_tokens,
        text: wire.completion_tokens - reasoning,
        reasoning,
        image: 0,
      },
      totalTokens: wire.prompt_tokens + wire.completion_tokens,
    };
  }
}
