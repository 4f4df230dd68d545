import type {
  AssistantPart,
  JsonValue,
  Message,
  Middleware,
  ModelRequest,
  StreamEvent,
  ToolDefinition,
} from '@headrace/core';

/** What is taken out of prompts, and the word that stands in its place. */
const PERSONAL: readonly (readonly [word: string, pattern: RegExp])[] = [
  ['EMAIL', /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g],
  ['PHONE', /\+\d[\d ()-]{6,}\d/g],
];

/** Anything that a placeholder may begin with: `[`, `[EMA`, `[EMAIL_1`. */
const UNFINISHED = /\[[A-Z]*(?:_\d*)?$/;
const PLACEHOLDER = /\[[A-Z]+_\d+\]/g;

/** What was taken out of one call, by placeholder. */
class Secrets {
  readonly #byPlaceholder = new Map<string, string>();
  readonly #bySecret = new Map<string, string>();

  /** @param given all of the request: a placeholder that stands in it already is not used */
  constructor(private readonly given: string) {}

  get isEmpty(): boolean {
    return this.#bySecret.size === 0;
  }

  hide(text: string): string {
    return PERSONAL.reduce(
      (rest, [word, pattern]) => rest.replace(pattern, (secret) => this.#placeholder(word, secret)),
      text,
    );
  }

  restore(text: string): string {
    return text.replace(PLACEHOLDER, (placeholder) => this.#byPlaceholder.get(placeholder) ?? placeholder);
  }

  #placeholder(word: string, secret: string): string {
    const known = this.#bySecret.get(secret);
    if (known !== undefined) return known;
    let number = 1;
    const named = (): string => `[${word}_${number}]`;
    while (this.#byPlaceholder.has(named()) || this.given.includes(named())) number += 1;
    this.#bySecret.set(secret, named());
    this.#byPlaceholder.set(named(), secret);
    return named();
  }
}

/** One text that comes in pieces: what may still become a placeholder is held back until that is clear. */
class PiecesOfText {
  #held = '';

  constructor(private readonly secrets: Secrets) {}

  add(piece: string): string {
    const text = this.#held + piece;
    const at = text.search(UNFINISHED);
    this.#held = at < 0 ? '' : text.slice(at);
    return this.secrets.restore(at < 0 ? text : text.slice(0, at));
  }

  end(): string {
    const text = this.#held;
    this.#held = '';
    return text;
  }
}

const hiddenPart = (part: AssistantPart, secrets: Secrets): AssistantPart => {
  if (part.type === 'text') return { ...part, text: secrets.hide(part.text) };
  if (part.type === 'tool-call') return { ...part, argumentsJson: secrets.hide(part.argumentsJson) };
  if (part.type === 'file' && part.filename !== undefined) return { ...part, filename: secrets.hide(part.filename) };
  return part;
};

const hidden = (message: Message, secrets: Secrets): Message => {
  if (typeof message.content === 'string') return { ...message, content: secrets.hide(message.content) } as Message;
  if (message.role !== 'tool')
    return { ...message, content: message.content.map((part) => hiddenPart(part, secrets)) } as Message;
  const content = message.content.map((part) => ({
    ...part,
    content:
      typeof part.content === 'string'
        ? secrets.hide(part.content)
        : part.content.map((inner) => hiddenPart(inner, secrets) as typeof inner),
  }));
  return { ...message, content };
};

/** The texts of a document, however deep; its names stay. */
const hiddenJson = (value: JsonValue, secrets: Secrets): JsonValue => {
  if (typeof value === 'string') return secrets.hide(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one: JsonValue) => hiddenJson(one, secrets));
  const members = Object.entries(value).flatMap(([name, one]) =>
    one === undefined ? [] : [[name, hiddenJson(one, secrets)] as const],
  );
  return Object.fromEntries(members);
};

const hiddenTool = (tool: ToolDefinition, secrets: Secrets): ToolDefinition => {
  const { description, parameters } = tool;
  const told = description === undefined ? {} : { description: secrets.hide(description) };
  return { ...tool, ...told, parameters: hiddenJson(parameters, secrets) as typeof parameters };
};

/** Undefined for a request of a kind that was not known when this was written. */
const hiddenRequest = (request: ModelRequest, secrets: Secrets): ModelRequest | undefined => {
  switch (request.kind) {
    case 'completion': {
      const { endUser, tools } = request;
      return {
        ...request,
        messages: request.messages.map((message) => hidden(message, secrets)),
        ...(tools === undefined ? {} : { tools: tools.map((tool) => hiddenTool(tool, secrets)) }),
        ...(endUser === undefined ? {} : { endUser: secrets.hide(endUser) }),
      };
    }
    case 'embedding':
      return { ...request, inputs: request.inputs.map((input) => secrets.hide(input)) };
    case 'reranking': {
      const documents = request.documents.map((one) => hiddenJson(one, secrets) as typeof one);
      return { ...request, query: secrets.hide(request.query), documents };
    }
    case 'image':
      return { ...request, prompt: secrets.hide(request.prompt) };
    default:
      return undefined;
  }
};

/** Puts the secrets back into the events of an answer, in whatever pieces it comes. */
class Restoring {
  readonly #text: PiecesOfText;
  /** By the index of the tool call. */
  readonly #tools = new Map<number, PiecesOfText>();

  constructor(private readonly secrets: Secrets) {
    this.#text = new PiecesOfText(secrets);
  }

  events(events: readonly StreamEvent[]): readonly StreamEvent[] {
    return events.flatMap((event) => this.#restored(event));
  }

  #restored(event: StreamEvent): readonly StreamEvent[] {
    switch (event.type) {
      case 'text-delta': {
        const text = this.#text.add(event.text);
        return text === '' ? [] : [{ ...event, text }];
      }
      case 'tool-call-delta': {
        const argumentsJson = this.#tool(event.index).add(event.argumentsJson);
        return argumentsJson === '' ? [] : [{ ...event, argumentsJson }];
      }
      case 'tool-call-end': {
        const { index } = event;
        const rest = this.#tool(index).end();
        const end = { ...event, argumentsJson: this.secrets.restore(event.argumentsJson) };
        return rest === '' ? [end] : [{ type: 'tool-call-delta', index, argumentsJson: rest }, end];
      }
      case 'response-end': {
        const text = this.#text.end();
        return text === '' ? [event] : [{ type: 'text-delta', text }, event];
      }
      default:
        return [event];
    }
  }

  #tool(index: number): PiecesOfText {
    const known = this.#tools.get(index) ?? new PiecesOfText(this.secrets);
    this.#tools.set(index, known);
    return known;
  }
}

/**
 * Takes e-mail addresses and telephone numbers out of every prompt, of tools, names of files and of the end user, and puts
 * them back into the answer: the upstream sees `[EMAIL_1]`, the caller the address. Files and `providerOptions` go out as they are.
 */
export const redaction = (): Middleware => ({
  name: 'redaction',
  forCall() {
    let restoring: Restoring | undefined;
    return {
      onRequest(request) {
        const secrets = new Secrets(JSON.stringify(request));
        const redacted = hiddenRequest(request, secrets);
        // Better no answer than a prompt that goes out as it is.
        if (redacted === undefined) return { refuse: 'it does not know requests of this kind.' };
        if (secrets.isEmpty) return undefined;
        if (request.kind === 'completion') restoring = new Restoring(secrets);
        return { request: redacted };
      },
      onEvents(events) {
        return restoring === undefined ? undefined : { events: restoring.events(events) };
      },
    };
  },
});
