import type { JsonObject } from './json.js';

/** Marks the end of a prefix that the upstream should keep in its prompt cache. */
export interface CacheMark {
  readonly type: 'ephemeral';
  /** How long the upstream keeps the prefix. Default: the upstream's own, usually `5m`. */
  readonly ttl?: '5m' | '1h';
}

/** Options for one provider, keyed by provider id, that no field of the contract covers. */
export type ProviderOptions = Readonly<Record<string, JsonObject>>;

/** What may sit on any message, part or tool; it survives translation or appears as a warning. */
export interface Annotations {
  readonly cache?: CacheMark;
  readonly providerOptions?: ProviderOptions;
}

/** Where the bytes of an image or a file are. A URL is fetched by the upstream, never by this library. */
export type MediaSource =
  | { readonly type: 'url'; readonly url: string }
  | { readonly type: 'base64'; readonly data: string }
  | { readonly type: 'bytes'; readonly data: Uint8Array };

export interface TextPart extends Annotations {
  readonly type: 'text';
  readonly text: string;
}

export interface ImagePart extends Annotations {
  readonly type: 'image';
  readonly source: MediaSource;
  /** IANA media type, such as `image/png`. Needed for `base64` and `bytes`. */
  readonly mediaType?: string;
  readonly detail?: 'auto' | 'low' | 'high';
}

export interface FilePart extends Annotations {
  readonly type: 'file';
  readonly source: MediaSource;
  /** IANA media type, such as `application/pdf`. */
  readonly mediaType: string;
  readonly filename?: string;
}

/** What the model thought in an earlier turn. Replay it unchanged: signatures and encrypted blocks depend on it. */
export interface ReasoningPart extends Annotations {
  readonly type: 'reasoning';
  readonly text: string;
  /** The upstream's own items (signatures, encrypted blocks), verbatim and in order. */
  readonly details?: readonly JsonObject[];
}

export interface ToolCallPart extends Annotations {
  readonly type: 'tool-call';
  /** Unique in its message. */
  readonly id: string;
  readonly name: string;
  /** The arguments as the model wrote them: the text of one JSON value. */
  readonly argumentsJson: string;
}

export interface ToolResultPart extends Annotations {
  readonly type: 'tool-result';
  readonly toolCallId: string;
  readonly content: string | readonly (TextPart | ImagePart | FilePart)[];
  /** True when the tool failed. Default false. */
  readonly isError?: boolean;
}

export type UserPart = TextPart | ImagePart | FilePart;
export type AssistantPart = TextPart | ImagePart | FilePart | ReasoningPart | ToolCallPart;
export type MessagePart = UserPart | AssistantPart | ToolResultPart;

export interface SystemMessage extends Annotations {
  readonly role: 'system';
  readonly content: string | readonly TextPart[];
}

export interface UserMessage extends Annotations {
  readonly role: 'user';
  readonly content: string | readonly UserPart[];
}

export interface AssistantMessage extends Annotations {
  readonly role: 'assistant';
  readonly content: string | readonly AssistantPart[];
}

export interface ToolMessage extends Annotations {
  readonly role: 'tool';
  readonly content: readonly ToolResultPart[];
}

export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;
