import {
  type JsonObject,
  type JsonValue,
  MalformedResponseError,
  parseJson,
  type StreamEvent,
  type Warning,
} from '@headrace/core/plugin';
import { isObject, nonEmptyString, type WireObject } from '../chat/json-object.js';
import { safeJson, safeObject } from '../chat/safe-json.js';
import { AnswerBlock } from './answer-block.js';
import { decodeDocumentCitation } from './decode-citation.js';
import { unreadable } from './not-a-message.js';
import { detailOfBlocks, detailOfThinking } from './thinking-details.js';

/** Longest tool name that is repeated in a message. */
const NAME_CHARS = 100;

const parsed = (text: string): JsonValue | undefined => {
  try {
    return parseJson(text) as JsonValue;
  } catch {
    return undefined;
  }
};

/** The member that holds what a piece of a block says, by the type of the piece. */
const SAYS: ReadonlyMap<unknown, string> = new Map([
  ['text_delta', 'text'],
  ['thinking_delta', 'thinking'],
  ['signature_delta', 'signature'],
  ['input_json_delta', 'partial_json'],
]);

const isFailure = (block: WireObject): boolean => {
  const { content } = block;
  const type = isObject(content) ? content['type'] : undefined;
  return block['is_error'] === true || (typeof type === 'string' && type.endsWith('_error'));
};

/** The content blocks of one answer: their events as they come, and what is to be sent back of them. */
export class AnswerBlocks {
  textChars = 0;
  /** Tool calls told so far. */
  calls = 0;
  readonly #warn: (warning: Warning) => void;
  readonly #all: AnswerBlock[] = [];
  readonly #byIndex = new Map<number, AnswerBlock>();
  /** Of the first tool whose arguments are no JSON. */
  #broken: string | undefined;
  #warned = false;
  #hasSpoken = false;
  /** The order of the blocks says more than the parts of a message can. */
  #isOrdered = false;

  constructor(warn: (warning: Warning) => void) {
    this.#warn = warn;
  }

  begin(index: number, begun: WireObject, events: StreamEvent[]): void {
    if (this.#byIndex.get(index)?.isDone === false) this.end(index, events);
    const block = new AnswerBlock(begun);
    const fault = block.fault();
    if (fault !== undefined) throw unreadable(fault);
    this.#all.push(block);
    this.#byIndex.set(index, block);
    switch (block.kind) {
      case 'text':
        this.#text(block.text, events);
        if (Array.isArray(begun['citations'])) for (const item of begun['citations']) this.#cite(block, item, events);
        return;
      case 'thinking':
      case 'redacted':
        if (this.#hasSpoken) this.#isOrdered = true;
        this.#think(block.text, events);
        return;
      case 'tool':
        this.#hasSpoken = true;
        this.#start(block, events);
        return;
      case 'server-tool':
      case 'server-result':
        this.#isOrdered = true;
        return;
      case 'other':
        this.#isOrdered = true;
        events.push({ type: 'raw', value: safeObject(begun) });
    }
  }

  /** @throws MalformedResponseError for a piece of a block that never began: its beginning is lost */
  add(index: number, delta: WireObject, events: StreamEvent[]): void {
    const block = this.#byIndex.get(index);
    if (block === undefined || block.isDone)
      throw new MalformedResponseError('The answer goes on with a content block that is not open.');
    const { text, thinking, signature, partial_json: json, citation } = delta;
    if (typeof text === 'string' && block.kind === 'text') {
      block.text += text;
      this.#text(text, events);
    } else if (typeof thinking === 'string' && block.kind === 'thinking') {
      block.text += thinking;
      this.#think(thinking, events);
    } else if (typeof signature === 'string' && block.kind === 'thinking') block.signature += signature;
    else if (typeof json === 'string' && (block.kind === 'tool' || block.kind === 'server-tool')) {
      block.inputJson += json;
      if (block.kind === 'tool' && json !== '')
        events.push({ type: 'tool-call-delta', index: block.ordinal, argumentsJson: json });
    } else if (citation !== undefined && block.kind === 'text') this.#cite(block, citation, events);
    else {
      const member = SAYS.get(delta['type']);
      if (member !== undefined && typeof delta[member] !== 'string') throw unreadable(member);
      events.push({ type: 'raw', value: safeObject(delta) });
    }
  }

  end(index: number, events: StreamEvent[]): void {
    const block = this.#byIndex.get(index);
    if (block === undefined || block.isDone) return;
    block.isDone = true;
    if (block.kind === 'tool') this.#endCall(block, events);
    else if (block.kind === 'server-result') this.#tellResult(block, events);
  }

  /**
   * The message is over: ends what is open.
   * @throws MalformedResponseError naming a tool whose arguments are no JSON; never showing the arguments.
   */
  finish(stopReason: string, events: StreamEvent[]): void {
    for (const index of this.#byIndex.keys()) this.end(index, events);
    if (this.#broken === undefined) return;
    const why = stopReason === 'max_tokens' ? ' The answer was cut at its token limit: allow more output tokens.' : '';
    throw new MalformedResponseError(
      `The arguments of the tool call "${this.#broken.slice(0, NAME_CHARS)}" are not valid JSON ` +
        `(stop reason "${stopReason}").${why}`,
    );
  }

  /** What is to be sent back unchanged with the next request. */
  details(): readonly JsonObject[] {
    const details: JsonObject[] = [];
    for (const block of this.#all)
      if (block.kind === 'thinking' || block.kind === 'redacted')
        details.push(detailOfThinking(block.value(undefined), details.length));
    if (!this.#isOrdered) return details;
    const blocks = this.#all.map((block) =>
      block.value(block.kind === 'tool' || block.kind === 'server-tool' ? parsed(block.inputText()) : undefined),
    );
    return [...details, detailOfBlocks(blocks, details.length)];
  }

  #text(text: string, events: StreamEvent[]): void {
    if (text === '') return;
    this.#hasSpoken = true;
    this.textChars += text.length;
    events.push({ type: 'text-delta', text });
  }

  #think(text: string, events: StreamEvent[]): void {
    if (text !== '') events.push({ type: 'reasoning-delta', text });
  }

  #cite(block: AnswerBlock, item: unknown, events: StreamEvent[]): void {
    block.cite(item);
    const citation = decodeDocumentCitation(item);
    if (citation !== undefined) events.push(citation);
    else if (!this.#warned) {
      this.#warned = true;
      this.#warn({ code: 'citation-skipped', message: 'A citation of the answer has a form that is not known.' });
    }
  }

  #start(block: AnswerBlock, events: StreamEvent[]): void {
    if (block.name === '') throw new MalformedResponseError('The answer holds a tool call without a name.');
    block.ordinal = this.calls;
    this.calls += 1;
    events.push({ type: 'tool-call-start', index: block.ordinal, id: this.#idOf(block), name: block.name });
  }

  #endCall(block: AnswerBlock, events: StreamEvent[]): void {
    const argumentsJson = block.inputText();
    if (parsed(argumentsJson) === undefined) {
      this.#broken ??= block.name;
      return;
    }
    const { ordinal: index, name } = block;
    // Of a server's tool nothing was told as it came.
    if (block.kind === 'server-tool' || argumentsJson !== block.inputJson)
      events.push({ type: 'tool-call-delta', index, argumentsJson });
    events.push({ type: 'tool-call-end', index, id: this.#idOf(block), name, argumentsJson });
  }

  /** A tool that the upstream ran is told together with its outcome: until then nobody else is to run it. */
  #tellResult(block: AnswerBlock, events: StreamEvent[]): void {
    const id = nonEmptyString(block.begun['tool_use_id']) ?? '';
    const call = this.#all.find((one) => one.kind === 'server-tool' && one.id === id && one.ordinal < 0);
    if (call !== undefined && call.name !== '') {
      this.#start(call, events);
      this.#endCall(call, events);
    }
    events.push({
      type: 'tool-result',
      toolCallId: id,
      name: call?.name ?? '',
      result: safeJson(block.begun['content'] ?? null),
      ...(isFailure(block.begun) ? { isError: true } : {}),
    });
  }

  #idOf(block: AnswerBlock): string {
    return block.id === '' ? `toolu_${block.ordinal}` : block.id;
  }
}
