import type { JsonObject, JsonValue } from '@headrace/core/plugin';
import type { WireObject } from '../chat/json-object.js';
import { jsonText, safeJson, safeObject } from '../chat/safe-json.js';

/** Kinds of content blocks, as they are read here. */
export type BlockKind = 'text' | 'thinking' | 'redacted' | 'tool' | 'server-tool' | 'server-result' | 'other';

const kindOf = (type: string): BlockKind => {
  if (type === 'text' || type === 'thinking') return type;
  if (type === 'redacted_thinking') return 'redacted';
  if (type === 'tool_use') return 'tool';
  // `server_tool_use`, `mcp_tool_use`; `web_search_tool_result` and every other `…_tool_result`.
  if (type.endsWith('_tool_use')) return 'server-tool';
  return type.endsWith('_tool_result') ? 'server-result' : 'other';
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** One content block of an answer, as far as it has come. */
export class AnswerBlock {
  readonly kind: BlockKind;
  readonly id: string;
  readonly name: string;
  /** Position among the tool calls of the answer; set once the call was told. */
  ordinal = -1;
  isDone = false;
  /** Text, or thinking. */
  text: string;
  signature: string;
  /** What came of the input of a tool, as it came. */
  inputJson = '';
  #citations: JsonValue[] | undefined;
  readonly #begun: WireObject;

  constructor(begun: WireObject) {
    const type = textOf(begun['type']);
    this.kind = kindOf(type);
    this.id = textOf(begun['id']);
    this.name = textOf(begun['name']);
    this.text = textOf(begun[type === 'thinking' ? 'thinking' : 'text']);
    this.signature = textOf(begun['signature']);
    this.#begun = begun;
  }

  /** The block as it began: all of it, where nothing is streamed. */
  get begun(): WireObject {
    return this.#begun;
  }

  /** The member whose type is not what its kind has; undefined where all is well. */
  fault(): string | undefined {
    const { text, thinking, input } = this.#begun;
    const isNoText = (value: unknown): boolean => value !== undefined && value !== null && typeof value !== 'string';
    if (this.kind === 'text' && isNoText(text)) return 'text';
    if (this.kind === 'thinking' && isNoText(thinking)) return 'thinking';
    const takesInput = this.kind === 'tool' || this.kind === 'server-tool';
    return takesInput && input !== undefined && input !== null && typeof input !== 'object' ? 'input' : undefined;
  }

  cite(citation: unknown): void {
    this.#citations ??= [];
    this.#citations.push(safeJson(citation));
  }

  /** The whole input of a tool as JSON text: what was streamed, or what the block began with. */
  inputText(): string {
    if (this.inputJson.trim() !== '') return this.inputJson;
    const { input } = this.#begun;
    return typeof input === 'object' && input !== null ? jsonText(input) : '{}';
  }

  /** The block as it is sent back, fields in their own names. @param input of a tool, parsed */
  value(input: JsonValue | undefined): JsonObject {
    const begun = safeObject(this.#begun);
    if (this.kind === 'text') {
      const all = this.#citations;
      return { ...begun, text: this.text, ...(all === undefined ? {} : { citations: all }) };
    }
    if (this.kind === 'thinking') return { ...begun, thinking: this.text, signature: this.signature };
    return input === undefined ? begun : { ...begun, input };
  }
}
