import type { AccountRules } from './account-rules.js';
import type { Fault, FaultStep } from './fault.js';
import type { ProviderHealth } from './provider-health.js';

/** Time as the emulator sees it; replace it to test without waiting. */
export interface EmulatorClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or as soon as `signal` aborts. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface EmulatorOptions {
  /** Keys that are accepted. Default: every bearer key that starts with `vck_`. */
  readonly apiKeys?: readonly string[];
  /** Accept well-formed OIDC tokens that have not expired; signatures are not checked. Default true. */
  readonly acceptOidc?: boolean;
  /** TCP port, 0–65535. Default 0: a free one. */
  readonly port?: number;
  /** The emulator listens on loopback only. */
  readonly host?: '127.0.0.1';
  /** Pace of streams. Default 0: as fast as the connection takes them. A request may ask otherwise by header. */
  readonly tokensPerSecond?: number;
  /** Frames handed to the connection in one write, from 1. Default 1. */
  readonly framesPerWrite?: number;
  /** Seed of ids, fingerprints and tool call ids. Default 1. Answers depend on the prompt alone. */
  readonly seed?: number;
  /** Answer 400 to a parameter that the model does not take, instead of dropping it with a warning. Default false. */
  readonly strictParameters?: boolean;
  /** Default: the system's. */
  readonly clock?: EmulatorClock;
  /** Faults for the first requests, as with `script`. */
  readonly faults?: readonly FaultStep[];
  /** Credit in USD at the start; every answer is paid from it, and 402 is the answer once it is spent. Default `'100'`. */
  readonly balance?: string | number;
  /** Plan, card, free tier, budgets, rate limits and routing rules of the account. Default: everything is allowed. */
  readonly account?: AccountRules;
  /** Providers that are not well, by slug: a degraded one is asked after the others, one that is down last, and fails. */
  readonly providerHealth?: ProviderHealth;
  /** Further model ids by the id they stand for. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Milliseconds until `GET /v1/generation` knows an answer. Default 0. */
  readonly generationDelayMs?: number;
  /** Largest request body in bytes; above it the answer is 413. Default 32 MiB. */
  readonly maxBodyBytes?: number;
  /** How many requests `requests` keeps, with at most 256 MiB of bodies; the oldest go first. Default 1000. */
  readonly maxRecordedRequests?: number;
  /** Told of every request once its exchange is over, for a log. What it throws is ignored. Default: nobody. */
  readonly onSettled?: (request: RecordedRequest) => void;
}

/** What the emulator saw of one request. Credentials are never kept. */
export interface RecordedRequest {
  readonly method: string;
  /** Path without query, as sent. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names; without `authorization`, `x-api-key` and cookies. */
  readonly headers: Readonly<Record<string, string>>;
  /** The scheme (`x-api-key` for a key in that header), and the last four characters of a key of twelve or more. */
  readonly authorization: { readonly scheme: string; readonly keyTail: string } | undefined;
  /** The parsed JSON body or the fields of a form, the raw text when it is neither, undefined when there is none. */
  readonly body: unknown;
  /** Body and header tags, merged, without repeats. */
  readonly tags: readonly string[];
  readonly user: string | undefined;
  readonly team: string | undefined;
  /** Faults that were applied. */
  readonly faults: readonly Fault[];
  /** Status that was sent, undefined while there is none. */
  readonly status: number | undefined;
  /** True when the client left before the answer was over. */
  readonly closedEarly: boolean;
  /** Frames handed to the connection, `[DONE]` not counted; a whole answer counts as one. */
  readonly framesWritten: number;
  /** Milliseconds from the first byte of the request to the end of the exchange, undefined while it goes on. */
  readonly durationMs: number | undefined;
  /** Resolves when the exchange is over: answered, cut, reset or left. Never rejects. */
  readonly settled: Promise<void>;
}

export interface VercelEmulator {
  /** Origin, such as `http://127.0.0.1:41234`. */
  readonly url: string;
  /** `url` and `/v1`: what an OpenAI-style client is configured with. */
  readonly baseUrl: string;
  /** The latest requests, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Faults for the next requests, one step for each, in this order; an array is several faults for one request. */
  script(...steps: readonly FaultStep[]): void;
  /** Ends every connection and stops listening. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
