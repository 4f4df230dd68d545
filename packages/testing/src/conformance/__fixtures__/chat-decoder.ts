import { StringDecoder } from 'node:string_decoder';
import {
  type FinishReason,
  type JsonObject,
  MalformedResponseError,
  type StreamEvent,
  StreamInterruptedError,
  type TokenUsage,
  UpstreamError,
} from '@headrace/core/plugin';

interface WireCall {
  readonly index?: number;
  readonly id?: string;
  readonly function?: { readonly name?: string; readonly arguments?: string };
}

interface WireMessage {
  readonly content?: string | null;
  readonly reasoning?: string;
  readonly reasoning_details?: readonly JsonObject[];
  readonly tool_calls?: readonly WireCall[];
}

interface WireChunk {
  readonly id?: string;
  readonly model?: string;
  readonly error?: { readonly message?: string };
  readonly choices?: readonly {
    readonly delta?: WireMessage;
    readonly message?: WireMessage;
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

const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  content_filter: 'content-filter',
};

const textOf = ({ text }: JsonObject): string => (typeof text === 'string' ? text : '');

/** The one item that the dialect's thoughts have, put together. */
const assembled = (known: JsonObject, piece: JsonObject): JsonObject => ({
  ...known,
  ...piece,
  text: textOf(known) + textOf(piece),
});

const merge = (into: Record<string, unknown>, from: object): void => {
  for (const [name, value] of Object.entries(from) as [string, unknown][]) {
    if (typeof value === 'object' && value !== null) merge((into[name] ??= {}) as Record<string, unknown>, value);
    else into[name] = value;
  }
};

/** Decodes one chat answer, as plainly as can be. */
export class ChatDecoder {
  ended = false;
  #rest = '';
  #started = false;
  #stray: string | undefined;
  #thought: JsonObject = {};
  readonly #lines: string[] = [];
  readonly #decoder = new StringDecoder('utf8');
  readonly #calls = new Map<number, OpenCall>();

  constructor(
    private readonly whole: boolean,
    /** Whether a tool call is finished only with arguments that are JSON. */
    private readonly checksTools: () => boolean,
    /** Whether JSON is merged into an object, as nobody ought to. */
    private readonly merges: (json: string) => boolean,
  ) {}

  write(bytes: Buffer, events: StreamEvent[]): void {
    this.#rest += this.#decoder.write(bytes);
    if (!this.whole) this.#read(events, false);
  }

  end(events: StreamEvent[]): void {
    if (this.ended) return;
    if (this.whole && this.#rest !== '') {
      this.#chunk(this.#parse(this.#rest), events);
      return;
    }
    if (!this.whole) this.#read(events, true);
    if (this.ended) return;
    if (!this.#started && this.#stray !== undefined) throw new MalformedResponseError('the answer is no stream');
    throw new StreamInterruptedError('the answer ended without its end');
  }

  /** A CR at the very end may be half of a line end, unless nothing more can come. */
  #read(events: StreamEvent[], isLast: boolean): void {
    while (!this.ended) {
      const at = this.#rest.search(/[\r\n]/);
      const isPair = this.#rest[at] === '\r' && this.#rest[at + 1] === '\n';
      const isHalf = this.#rest[at] === '\r' && at === this.#rest.length - 1 && !isLast;
      if (at === -1 || isHalf) break;
      const line = this.#rest.slice(0, at);
      this.#rest = this.#rest.slice(at + (isPair ? 2 : 1));
      if (line !== '') this.#lines.push(line);
      else this.#dispatch(this.#lines.splice(0), events);
    }
    if (isLast && this.#rest !== '') this.#stray ??= this.#rest;
  }

  #dispatch(lines: readonly string[], events: StreamEvent[]): void {
    const data = lines
      .map((line, place) => (place === 0 ? line.replace(/^\uFEFF/, '') : line))
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.replace(/^data: ?/, ''))
      .join('\n');
    if (data === '' && lines.length > 0 && !/^(:|id|event|retry|data)/.test(lines[0] ?? '')) this.#stray ??= lines[0];
    if (data === '' || data === '[DONE]') return;
    this.#chunk(this.#parse(data), events);
  }

  #parse(data: string): WireChunk {
    try {
      const value: unknown = JSON.parse(data);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('it is no object');
      if (this.merges(data)) merge({}, value);
      return value;
    } catch {
      throw new MalformedResponseError('the answer is no JSON');
    }
  }

  #chunk(chunk: WireChunk, events: StreamEvent[]): void {
    if (chunk.error !== undefined) throw new UpstreamError('the upstream failed within the answer');
    const choice = chunk.choices?.[0];
    if (choice === undefined) {
      if (this.whole) throw new MalformedResponseError('the answer has no choices');
      return;
    }
    if (!this.#started) {
      this.#started = true;
      events.push({ type: 'response-start', responseId: chunk.id ?? '', model: chunk.model ?? '' });
    }
    const said = choice.delta ?? choice.message ?? {};
    this.#think(said, events);
    if (typeof said.content === 'string' && said.content !== '') {
      events.push({ type: 'text-delta', text: said.content });
    }
    for (const call of said.tool_calls ?? []) this.#toolCall(call, events);
    if (typeof choice.finish_reason === 'string') this.#end(chunk, choice.finish_reason, events);
  }

  #think({ reasoning = '', reasoning_details: [piece] = [] }: WireMessage, events: StreamEvent[]): void {
    if (piece === undefined) return;
    this.#thought = assembled(this.#thought, piece);
    events.push({ type: 'reasoning-delta', text: reasoning, details: [this.#thought] });
  }

  #toolCall(call: WireCall, events: StreamEvent[]): void {
    const index = call.index ?? this.#calls.size;
    let open = this.#calls.get(index);
    if (open === undefined) {
      open = { id: call.id ?? `call_${index}`, name: call.function?.name ?? '', argumentsJson: '' };
      this.#calls.set(index, open);
      events.push({ type: 'tool-call-start', index, id: open.id, name: open.name });
    }
    const fragment = call.function?.arguments ?? '';
    open.argumentsJson += fragment;
    if (fragment !== '') events.push({ type: 'tool-call-delta', index, argumentsJson: fragment });
  }

  #check(argumentsJson: string): void {
    try {
      JSON.parse(argumentsJson);
    } catch {
      throw new MalformedResponseError('the arguments of a tool call are no JSON');
    }
  }

  #end(chunk: WireChunk, rawReason: string, events: StreamEvent[]): void {
    for (const [index, { id, name, argumentsJson }] of this.#calls) {
      if (this.checksTools()) this.#check(argumentsJson);
      events.push({ type: 'tool-call-end', index, id, name, argumentsJson });
    }
    const usage = chunk.usage === undefined ? {} : { usage: this.#usage(chunk.usage) };
    events.push({ type: 'response-end', reason: REASONS[rawReason] ?? 'unknown', rawReason, ...usage });
    this.ended = true;
  }

  #usage(wire: NonNullable<WireChunk['usage']>): TokenUsage {
    const cacheRead = wire.prompt_tokens_details.cached_tokens;
    const cacheWrite = wire.cache_creation_input_tokens;
    const reasoning = wire.completion_tokens_details.reasoning_tokens;
    return {
      certainty: 'exact',
      input: {
        total: wire.prompt_tokens,
        uncached: wire.prompt_tokens - cacheRead - cacheWrite,
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
