import type { MediaSource, Message, MessagePart } from '../contract/message.js';
import type { CompletionRequest, ModelRequest } from '../contract/request.js';
import type { ToolDefinition } from '../contract/tool.js';
import type { RerankingRequest } from '../contract/unary-request.js';
import type { BillableUnits } from '../contract/usage.js';
import { TextTraits } from './text-traits.js';

/** Tokens that no text accounts for: what is likely, and an allowance that no upstream is known to go beyond. */
interface Allowance {
  readonly likely: number;
  readonly most: number;
}

/** What frames a conversation: its template, and what upstreams put before it. */
const CONVERSATION: Allowance = { likely: 6, most: 256 };
const MESSAGE: Allowance = { likely: 4, most: 16 };
/** A part that is no text: its frame. */
const PART: Allowance = { likely: 4, most: 32 };
/** The instructions that come with tools, whatever their number, and the frame of each. */
const TOOLS: Allowance = { likely: 60, most: 1_024 };
const TOOL: Allowance = { likely: 8, most: 64 };
const SCHEMA: Allowance = { likely: 30, most: 512 };
/** Marks around a text that is embedded or ranked. */
const TEXT: Allowance = { likely: 2, most: 8 };
/** Models count from 85 tokens for a small image to 48,169 for a large one. */
const IMAGE: Allowance = { likely: 1_000, most: 50_000 };

/** Bytes of a token, for media whose length in pages or seconds nobody knows before it is opened. */
const BYTES_PER_TOKEN = { pdf: 40, audio: 500, video: 500, other: 40 } as const;
/** For a file that lies behind a URL. */
const LINKED_FILE_TOKENS = 5_000;
const DOCUMENTS_PER_SEARCH = 100;

/** A request, measured once and for every tokenizer. */
export interface MeasuredRequest {
  /** Each text counts as often as it says, and at least once. */
  readonly texts: readonly { readonly traits: TextTraits; readonly times: number }[];
  readonly likely: number;
  readonly most: number;
  /** Whether something is in it whose tokens are not bounded by anything known here. */
  readonly isOpen: boolean;
  readonly units?: BillableUnits | undefined;
}

const sizeOf = (source: MediaSource): number | undefined => {
  if (source.type === 'bytes') return source.data.byteLength;
  return source.type === 'base64' ? Math.floor(source.data.length * 0.75) : undefined;
};

const isText = (mediaType: string): boolean =>
  mediaType.startsWith('text/') || mediaType === 'application/json' || mediaType === 'application/xml';

const kindOfFile = (mediaType: string): keyof typeof BYTES_PER_TOKEN => {
  if (mediaType === 'application/pdf') return 'pdf';
  if (mediaType.startsWith('audio/')) return 'audio';
  return mediaType.startsWith('video/') ? 'video' : 'other';
};

/** Gathers what a request consists of. */
class Measure implements MeasuredRequest {
  readonly #text = new TextTraits();
  readonly texts: { traits: TextTraits; times: number }[] = [{ traits: this.#text, times: 1 }];
  likely = 0;
  most = 0;
  isOpen = false;

  constructor(readonly units?: BillableUnits | undefined) {}

  text(text: string): void {
    this.#text.add(text);
  }

  json(value: unknown): void {
    this.text(JSON.stringify(value) ?? '');
  }

  allow({ likely, most }: Allowance, times = 1): void {
    this.likely += likely * times;
    this.most += most * times;
  }

  message({ content }: Message): void {
    this.allow(MESSAGE);
    this.#content(content);
  }

  tools(tools: readonly ToolDefinition[]): void {
    if (tools.length > 0) this.allow(TOOLS);
    for (const { name, description, parameters } of tools) {
      this.allow(TOOL);
      this.text(name);
      if (description !== undefined) this.text(description);
      this.json(parameters);
    }
  }

  #content(content: string | readonly MessagePart[]): void {
    if (typeof content === 'string') this.text(content);
    else for (const part of content) this.#part(part);
  }

  #part(part: MessagePart): void {
    if (part.type === 'text') return this.text(part.text);
    this.allow(PART);
    if (part.type === 'image') this.allow(IMAGE);
    else if (part.type === 'file') this.#file(part.source, part.mediaType);
    else if (part.type === 'reasoning') {
      this.text(part.text);
      for (const detail of part.details ?? []) this.json(detail);
    } else if (part.type === 'tool-call') {
      this.text(part.id);
      this.text(part.name);
      this.text(part.argumentsJson);
    } else {
      this.text(part.toolCallId);
      this.#content(part.content);
    }
  }

  #file(source: MediaSource, mediaType: string): void {
    if (mediaType.startsWith('image/')) return this.allow(IMAGE);
    const bytes = sizeOf(source);
    if (bytes === undefined) this.#open(LINKED_FILE_TOKENS);
    else if (isText(mediaType)) this.allow({ likely: Math.ceil(bytes / 4), most: bytes });
    else this.#open(bytes / BYTES_PER_TOKEN[kindOfFile(mediaType)]);
  }

  #open(likely: number): void {
    this.isOpen = true;
    this.allow({ likely: Math.ceil(likely), most: Math.ceil(likely) });
  }
}

const completion = (request: CompletionRequest): MeasuredRequest => {
  const measure = new Measure();
  measure.allow(CONVERSATION);
  for (const message of request.messages) measure.message(message);
  if (request.tools !== undefined) measure.tools(request.tools);
  const { outputFormat } = request;
  if (outputFormat !== undefined) {
    measure.allow(SCHEMA);
    measure.json(outputFormat);
  }
  return measure;
};

const reranking = ({ query, documents }: RerankingRequest): MeasuredRequest => {
  const measure = new Measure({ searchUnits: Math.ceil(documents.length / DOCUMENTS_PER_SEARCH) });
  for (const document of documents) {
    if (typeof document === 'string') measure.text(document);
    else measure.json(document);
  }
  // Upstreams that bill tokens count the query beside every document.
  measure.allow(TEXT, 2 * documents.length);
  const traits = new TextTraits();
  traits.add(query);
  measure.texts.push({ traits, times: documents.length });
  return measure;
};

/** Reads every text of the request once. */
export const measureRequest = (request: ModelRequest): MeasuredRequest => {
  if (request.kind === 'completion') return completion(request);
  if (request.kind === 'reranking') return reranking(request);
  if (request.kind === 'embedding') {
    const measure = new Measure();
    for (const input of request.inputs) measure.text(input);
    measure.allow(TEXT, request.inputs.length);
    return measure;
  }
  const { n, size, prompt, images = [], mask } = request;
  const traits = size === undefined ? undefined : { imageTraits: { size } };
  const measure = new Measure({ images: n ?? 1, ...traits });
  measure.text(prompt);
  measure.allow(MESSAGE);
  measure.allow(IMAGE, images.length + (mask === undefined ? 0 : 1));
  return measure;
};
