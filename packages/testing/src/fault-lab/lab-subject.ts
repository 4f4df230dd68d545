import type { Delivery, JsonObject } from '@headrace/core/plugin';

/** One target of the lab: an origin that speaks OpenAI chat under `/v1`, with a key of its own. */
export interface LabTarget {
  readonly name: 'primary' | 'fallback';
  /** Origin, such as `http://127.0.0.1:4711`. */
  readonly url: string;
  readonly apiKey: string;
  readonly model: string;
}

/** A tool that the call offers. */
export interface LabTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly parameters: JsonObject;
}

/** One call that is to be made. */
export interface LabCall {
  readonly delivery: Delivery;
  readonly prompt: string;
  readonly tools: readonly LabTool[];
  /** Limit of the whole call in ms: when it is over, the call has ended. */
  readonly timeoutMs: number;
  /** To be called with each piece of text when it is there. For a whole answer: once. */
  readonly onText: (piece: string) => void;
}

/** How a call ended, as its caller sees it. */
export type Received =
  | {
      readonly ended: 'whole';
      /** `content-filter` and `length` say that the answer was stopped; absent: nothing was said. */
      readonly finishReason?: string;
      readonly toolCalls: readonly { readonly name: string; readonly argumentsJson: string }[];
    }
  | {
      readonly ended: 'error';
      readonly message: string;
      /** Stable code of the error, where it has one. */
      readonly code?: string;
      /** Failure class in the words of `@headrace/core`, where the error has one: it is held to the truth. */
      readonly failureClass?: string;
      /** All that printing the error shows, for the search after secrets. */
      readonly printed: string;
    };

/** Makes calls over the targets it was opened with, and remembers between them what it likes. */
export interface LabClient {
  call(call: LabCall): Promise<Received>;
  close(): Promise<void>;
}

/** What is put to the test: any client that can be told where its targets are. */
export interface LabSubject {
  /** Requests it may make for one call, over all targets. */
  readonly maxAttempts: number;
  /** Whether it has a second target. */
  readonly hasFallback: boolean;
  /** Whether it may start anew after part of an answer was delivered. Otherwise a request after that is a failure. */
  readonly recovers: boolean;
  /** Limit of one call in ms. */
  readonly timeoutMs: number;
  /** Targets in order: the primary alone, or with the fallback. Called for every fault. */
  open(targets: readonly LabTarget[]): LabClient | Promise<LabClient>;
}
