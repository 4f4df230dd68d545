import { MalformedResponseError, type StreamEvent, type Warning } from '@headrace/core/plugin';
import { isObject, isSet, nonEmptyString, type WireObject } from './json-object.js';
import { unreadable } from './not-an-answer.js';
import { safeJson } from './safe-json.js';

interface OpenCall {
  /** Position among the calls of the answer. */
  readonly ordinal: number;
  /** The upstream's index; absent where it sends none. */
  index: number | undefined;
  id: string;
  /** Whether the upstream gave the id; otherwise it was made here. */
  idGiven: boolean;
  name: string;
  argumentsJson: string;
  /** Set once `tool-call-start` is out: from then on id and name are fixed. */
  started: boolean;
}

/** Fragments of one call that was already there go nowhere. */
const DROPPED = Symbol('dropped');
type Slot = OpenCall | typeof DROPPED;

/** Longest tool name that is repeated in a message. */
const NAME_CHARS = 100;

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Nothing can follow arguments that are whole; the cheap looks at both ends keep the parse rare. */
const isWholeObject = (text: string): boolean => text.startsWith('{') && text.trimEnd().endsWith('}') && isJson(text);

const argumentsOf = (call: WireObject): string => {
  const value = call['arguments'];
  if (typeof value === 'string') return value;
  if (!isSet(value)) return '';
  // Some servers send the arguments parsed.
  if (isObject(value)) return JSON.stringify(safeJson(value));
  throw unreadable('arguments');
};

/** What holds name and arguments. Some servers put them into the call itself. */
const toldIn = (call: WireObject): WireObject => {
  const told = call['function'];
  if (isObject(told)) return told;
  if (isSet(told)) throw unreadable('function');
  return call;
};

/**
 * Puts tool calls together from fragments, as servers really send them: by index; by id when there is no index; a new
 * id under a known index is a new call; names in pieces or repeated; calls that come whole. A call that comes twice
 * under one id is dropped once, with the warning `tool-call-duplicate`.
 */
export class ToolCallAssembly {
  readonly #calls: OpenCall[] = [];
  readonly #byIndex = new Map<number, Slot>();
  readonly #byId = new Map<string, OpenCall>();
  readonly #warn: (warning: Warning) => void;

  constructor(warn: (warning: Warning) => void) {
    this.#warn = warn;
  }

  get count(): number {
    return this.#calls.length;
  }

  /**
   * @param place index to assume when the fragment has none: whole answers number their calls by position.
   * @throws MalformedResponseError for a function or arguments of a wrong type: a call must not lose what it was called with.
   */
  add(fragment: WireObject, events: StreamEvent[], place?: number): void {
    const told = toldIn(fragment);
    const index = typeof fragment['index'] === 'number' ? fragment['index'] : place;
    const id = nonEmptyString(fragment['id']);
    const name = nonEmptyString(told['name']) ?? '';
    const argumentsJson = argumentsOf(told);

    const call = this.#find(index, id, name, argumentsJson);
    if (call === DROPPED) return;
    if (id !== undefined && !call.idGiven) this.#adoptId(call, id);
    if (name !== '') this.#addName(call, name);
    if (argumentsJson === '') return;
    this.#start(call, events);
    call.argumentsJson += argumentsJson;
    events.push({ type: 'tool-call-delta', index: call.ordinal, argumentsJson });
  }

  /**
   * The answer has ended: starts what has not begun and ends every call.
   * @param rawReason the upstream's finish reason, to say why arguments may be cut.
   * @throws MalformedResponseError naming a tool whose arguments are not JSON; never showing the arguments.
   */
  end(rawReason: string, events: StreamEvent[]): void {
    for (const call of this.#calls) {
      this.#start(call, events);
      if (call.argumentsJson.trim() === '') {
        call.argumentsJson += '{}';
        events.push({ type: 'tool-call-delta', index: call.ordinal, argumentsJson: '{}' });
      } else if (!isJson(call.argumentsJson)) {
        const why = rawReason === 'length' ? ' The answer was cut at its token limit: allow more output tokens.' : '';
        throw new MalformedResponseError(
          `The arguments of the tool call "${call.name.slice(0, NAME_CHARS)}" are not valid JSON ` +
            `(finish reason "${rawReason}").${why}`,
        );
      }
      const { ordinal, id, name, argumentsJson } = call;
      events.push({ type: 'tool-call-end', index: ordinal, id, name, argumentsJson });
    }
  }

  #find(index: number | undefined, id: string | undefined, name: string, argumentsJson: string): Slot {
    const known = id === undefined ? undefined : this.#byId.get(id);
    if (known !== undefined && this.#isRepeated(known, index, argumentsJson)) return this.#drop(known, index);
    if (index === undefined) {
      const last = this.#calls.at(-1);
      if (known !== undefined) return known;
      return id === undefined && name === '' && last !== undefined ? last : this.#open(index, id);
    }
    const slot = this.#byIndex.get(index);
    if (slot === undefined) return this.#bind(index, known) ?? this.#open(index, id);
    if (slot === DROPPED) return id === undefined || known !== undefined ? DROPPED : this.#open(index, id);
    const isNew =
      id === undefined || !slot.idGiven
        ? name !== '' && slot.started && isWholeObject(slot.argumentsJson)
        : slot.idGiven && slot.id !== id;
    if (!isNew) return slot;
    return known ?? this.#open(index, id);
  }

  /** The same id under another index, or arguments that begin anew after they were whole. */
  #isRepeated(known: OpenCall, index: number | undefined, argumentsJson: string): boolean {
    if (index !== undefined && known.index !== undefined && known.index !== index) return true;
    return argumentsJson.startsWith('{') && isWholeObject(known.argumentsJson);
  }

  #drop(known: OpenCall, index: number | undefined): typeof DROPPED {
    if (index !== undefined && !this.#byIndex.has(index)) this.#byIndex.set(index, DROPPED);
    this.#warn({
      code: 'tool-call-duplicate',
      message: `The upstream sent the tool call "${known.name.slice(0, NAME_CHARS)}" more than once under one id; it was kept once.`,
    });
    return DROPPED;
  }

  /** A call that began without an index has one now. */
  #bind(index: number, known: OpenCall | undefined): OpenCall | undefined {
    if (known === undefined) return undefined;
    known.index = index;
    this.#byIndex.set(index, known);
    return known;
  }

  #open(index: number | undefined, id: string | undefined): OpenCall {
    const ordinal = this.#calls.length;
    const call: OpenCall = {
      ordinal,
      index,
      id: id ?? `call_${ordinal}`,
      idGiven: id !== undefined,
      name: '',
      argumentsJson: '',
      started: false,
    };
    this.#calls.push(call);
    if (index !== undefined) this.#byIndex.set(index, call);
    if (id !== undefined) this.#byId.set(id, call);
    return call;
  }

  #adoptId(call: OpenCall, id: string): void {
    if (!this.#byId.has(id)) this.#byId.set(id, call);
    call.idGiven = true;
    if (!call.started) call.id = id;
  }

  #addName(call: OpenCall, name: string): void {
    if (name === call.name) return;
    if (!call.started) {
      call.name += name;
      return;
    }
    throw new MalformedResponseError(
      `The tool call "${call.name.slice(0, NAME_CHARS)}" changed its name after its arguments had begun.`,
    );
  }

  /** Held back until the arguments begin or the answer ends: before that the name may be unfinished. */
  #start(call: OpenCall, events: StreamEvent[]): void {
    if (call.started) return;
    if (call.name === '') throw new MalformedResponseError('The answer holds a tool call without a name.');
    call.started = true;
    events.push({ type: 'tool-call-start', index: call.ordinal, id: call.id, name: call.name });
  }
}
