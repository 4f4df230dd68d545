import { createServer, type IncomingMessage, request as plainRequest, type ServerResponse } from 'node:http';
import { request as secureRequest } from 'node:https';
import { type Clock, ConfigurationError, systemClock } from '@headrace/core/plugin';
import { Connections } from '../upstream/connection.js';
import { listenOnLoopback } from '../upstream/listen.js';
import { type RecordedExchange, recordedChunk } from './recorded-exchange.js';
import { type RedactionRules, redact } from './redact.js';

export interface RecorderOptions extends RedactionRules {
  /** Origin of the upstream, such as `https://api.openai.com`: requests go to the same paths there, and nowhere else. */
  readonly target: string;
  /** Gets each exchange when its answer is over, redacted. A rejection reaches `onFailure`. */
  readonly onExchange: (exchange: RecordedExchange) => void | Promise<void>;
  /** Hears of what could not be recorded, in a sentence without secrets. The answer itself is passed on all the same. */
  readonly onFailure?: (why: string) => void;
  /** On 127.0.0.1. Default 0: a free one. */
  readonly port?: number;
  /** Bytes of one body that are kept. More is passed on and not recorded. Default 16 MiB. */
  readonly maxBodyBytes?: number;
  readonly clock?: Clock;
}

/** A proxy on loopback that writes down what passes through. */
export interface Recorder {
  /** `http://127.0.0.1:<port>`: takes the place of the target in a base URL. */
  readonly url: string;
  /** Settles when what is under way is broken off and noted. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Headers that belong to one connection. Source: RFC 9110 section 7.6.1. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const originOf = (target: string): URL => {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  const isOrigin = url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (url === undefined || !isOrigin || !/^https?:$/.test(url.protocol)) {
    throw new ConfigurationError('the recorder', [
      { field: 'target', message: 'must be an http or https origin: scheme, host and port only.' },
    ]);
  }
  return url;
};

const endToEnd = (headers: IncomingMessage['headers']): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || HOP_BY_HOP.has(name) ? [] : [[name, value]],
    ),
  );

const single = (headers: Record<string, string | string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** Keeps the chunks of one body up to a bound. */
class Body {
  readonly chunks: { readonly atMs: number; readonly bytes: Buffer }[] = [];
  isTooLong = false;
  #bytes = 0;

  constructor(private readonly limit: number) {}

  add(bytes: Buffer, atMs: number): void {
    this.#bytes += bytes.length;
    this.isTooLong ||= this.#bytes > this.limit;
    if (this.isTooLong) this.chunks.length = 0;
    else this.chunks.push({ atMs, bytes });
  }

  get text(): string {
    return Buffer.concat(this.chunks.map(({ bytes }) => bytes)).toString();
  }
}

/** One request on its way to the target, and the answer on its way back. */
class Passage {
  readonly #asked: Body;
  readonly #answered: Body;
  readonly #clock: Clock;

  constructor(
    private readonly options: RecorderOptions,
    private readonly target: URL,
  ) {
    const { maxBodyBytes = MAX_BODY_BYTES, clock = systemClock } = options;
    this.#asked = new Body(maxBodyBytes);
    this.#answered = new Body(maxBodyBytes);
    this.#clock = clock;
  }

  /** Settles when the exchange is over and written down, or cannot be. */
  pass(message: IncomingMessage, response: ServerResponse): Promise<void> {
    return new Promise((resolve) => this.#pass(message, response, resolve));
  }

  #pass(message: IncomingMessage, response: ServerResponse, done: () => void): void {
    const { method = 'GET', url: path = '/' } = message;
    // What is packed cannot be searched for secrets.
    const headers = { ...endToEnd(message.headers), host: this.target.host, 'accept-encoding': 'identity' };
    const send = this.target.protocol === 'https:' ? secureRequest : plainRequest;
    const { hostname, port } = this.target;
    const sent = send({ hostname: hostname.replace(/^\[|\]$/g, ''), port, method, path, headers, agent: false });
    let askedAt = this.#clock.now();
    message.on('data', (bytes: Buffer) => this.#asked.add(bytes, 0));
    message.on('end', () => {
      askedAt = this.#clock.now();
    });
    message.pipe(sent);
    response.on('close', () => sent.destroy());
    let isAnswered = false;
    sent.on('close', () => {
      if (!isAnswered) done();
    });
    sent.on('response', (answer) => {
      isAnswered = true;
      const headAt = this.#clock.now();
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
      response.flushHeaders();
      answer.on('data', (bytes: Buffer) => this.#answered.add(bytes, this.#clock.now() - headAt));
      answer.pipe(response);
      answer.on('close', () => {
        if (!answer.complete) response.destroy();
        const head = { askedAt, headAt, method, path, asked: single(endToEnd(message.headers)) };
        this.#note(head, answer)
          .catch((error: unknown) => this.#fail(`the recording failed: ${Object(error).name}`))
          .finally(done);
      });
    });
    sent.on('error', () => {
      if (response.headersSent) return;
      this.#fail(`${this.target.origin} gave no answer`);
      response.destroy();
    });
  }

  async #note(
    head: {
      readonly askedAt: number;
      readonly headAt: number;
      readonly method: string;
      readonly path: string;
      readonly asked: Record<string, string>;
    },
    answer: IncomingMessage,
  ): Promise<void> {
    if (this.#asked.isTooLong || this.#answered.isTooLong) return this.#fail('a body was too long to be recorded');
    if (answer.headers['content-encoding'] !== undefined)
      return this.#fail('the answer is packed although it was asked for unpacked; it cannot be searched for secrets');
    const { method, path, asked, askedAt, headAt } = head;
    const clean = redact(
      {
        method,
        path,
        headers: asked,
        body: this.#asked.text,
        answerHeaders: endToEnd(answer.headers),
        chunks: this.#answered.chunks.map(({ bytes }) => bytes),
      },
      this.options,
    );
    await this.options.onExchange({
      format: 'headrace-exchange',
      version: 1,
      request: { method: clean.method, path: clean.path, headers: clean.headers, body: clean.body },
      answer: {
        status: answer.statusCode ?? 502,
        headers: clean.answerHeaders,
        headAtMs: Math.max(0, headAt - askedAt),
        chunks: clean.chunks.map((bytes, place) => recordedChunk(this.#answered.chunks[place]?.atMs ?? 0, bytes)),
        end: answer.complete ? 'finished' : 'broken',
        endAtMs: this.#clock.now() - headAt,
      },
    });
  }

  #fail(why: string): void {
    this.options.onFailure?.(why);
  }
}

/**
 * Starts a proxy on 127.0.0.1 in front of one upstream. What passes through is written down when it is over, with the borders
 * and times of its chunks, and without keys and prompts. No redirect is followed.
 *
 * @example
 * await using recorder = await startRecorder({ target: 'https://api.openai.com', onExchange: (exchange) => fixtures.push(exchange) });
 * @throws ConfigurationError for a target that is no origin.
 */
export const startRecorder = async (options: RecorderOptions): Promise<Recorder> => {
  const target = originOf(options.target);
  const connections = new Connections();
  const passages = new Set<Promise<void>>();
  const server = createServer({ requestTimeout: 0, headersTimeout: 0 }, (message, response) => {
    response.on('error', () => undefined);
    message.on('error', () => undefined);
    const passage = new Passage(options, target).pass(message, response);
    passages.add(passage);
    void passage.then(() => passages.delete(passage));
  });
  server.on('connection', (socket) => connections.add(socket));
  const { port, stop } = await listenOnLoopback(server, options.port);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= stop().then(async () => {
      await Promise.all(passages);
    });
    connections.breakAll();
    return closing;
  };
  return { url: `http://127.0.0.1:${port}`, close, [Symbol.asyncDispose]: close };
};
