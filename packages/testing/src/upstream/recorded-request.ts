import type { IncomingMessage } from 'node:http';
import type { Connection } from './connection.js';

/** One request as a scripted upstream saw it. */
export interface RecordedRequest {
  /** From 1. */
  readonly number: number;
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  /** Names in lower case; repeated headers joined with a comma and a space. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as UTF-8. */
  readonly body: string;
  /** The body as it came, for forms and other bytes. */
  readonly bytes: Uint8Array;
  /** The body parsed. @throws SyntaxError when it is no JSON. */
  readonly json: unknown;
  /** Number of the connection it came on, from 1: two requests with one number shared it. */
  readonly connection: number;
  /** Settles when the connection of this request is closed, by whichever side. Never rejects. */
  readonly closed: Promise<void>;
  readonly isClosed: boolean;
  /** Body bytes of the answer that the system took. */
  readonly bytesWritten: number;
  /** True when the script wanted to send and the client had closed the connection. */
  readonly closedBeforeNextWrite: boolean;
  /** Settles when the script of this request is over or given up. Never rejects. */
  readonly played: Promise<void>;
}

/** The record while it is being written. */
export class RequestRecord implements RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  bytesWritten = 0;
  closedBeforeNextWrite = false;
  played: Promise<void> = Promise.resolve();
  readonly #connection: Connection;

  constructor(
    readonly number: number,
    connection: Connection,
    message: IncomingMessage,
    readonly bytes: Uint8Array,
  ) {
    this.#connection = connection;
    this.method = message.method ?? '';
    this.path = message.url ?? '';
    this.headers = Object.fromEntries(
      Object.entries(message.headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]),
    );
  }

  get body(): string {
    return Buffer.from(this.bytes).toString('utf8');
  }

  get connection(): number {
    return this.#connection.number;
  }

  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  get isClosed(): boolean {
    return this.#connection.isClosed;
  }

  get json(): unknown {
    return JSON.parse(this.body);
  }
}
