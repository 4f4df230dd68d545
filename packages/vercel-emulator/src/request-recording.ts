import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Attribution, readAttribution } from './attribution.js';
import { sentCredential } from './credentials.js';
import type { RecordedRequest } from './emulator-options.js';
import type { AppliedFault } from './fault.js';
import { keyTail } from './key-tail.js';

const SECRET_HEADERS = new Set(['authorization', 'x-api-key', 'cookie', 'proxy-authorization']);

function readableHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !SECRET_HEADERS.has(name));
  return Object.fromEntries(
    kept.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

/** The record of one request, filled in while it is served. */
export class RequestRecording implements RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  authorization: RecordedRequest['authorization'];
  readonly settled: Promise<void>;
  body: unknown;
  attribution: Attribution;
  faults: readonly AppliedFault[] = [];
  status: number | undefined;
  closedEarly = false;
  framesWritten = 0;
  /** Of the body as it came. */
  bodyBytes = 0;
  durationMs: number | undefined;
  readonly #startTime: number;
  #settle: () => void = () => undefined;

  /** @param startTime epoch milliseconds */
  constructor(request: IncomingMessage, url: URL, startTime: number) {
    this.#startTime = startTime;
    this.method = request.method ?? 'GET';
    this.path = url.pathname;
    this.query = Object.fromEntries(url.searchParams);
    this.headers = readableHeaders(request.headers);
    this.readCredential(request.headers, false);
    this.attribution = readAttribution(request.headers, undefined);
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get tags(): readonly string[] {
    return this.attribution.tags;
  }

  get user(): string | undefined {
    return this.attribution.user;
  }

  get team(): string | undefined {
    return this.attribution.team;
  }

  /** @param takesApiKeyHeader whether a key in `x-api-key` counts */
  readCredential(headers: IncomingHttpHeaders, takesApiKeyHeader: boolean): void {
    const sent = sentCredential(headers, takesApiKeyHeader);
    this.authorization = sent && { scheme: sent.scheme, keyTail: keyTail(sent.token) };
  }

  /** @param endTime epoch milliseconds */
  settle(endTime: number): void {
    this.durationMs = Math.max(0, endTime - this.#startTime);
    this.#settle();
  }
}
