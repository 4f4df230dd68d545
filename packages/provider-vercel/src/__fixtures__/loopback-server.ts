import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server got it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Responder = (request: Received, response: ServerResponse) => void;

/** A server on 127.0.0.1 that answers as it is told and remembers what it was asked. */
export interface LoopbackServer extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  /** Resolves once this many requests have come. */
  waitForRequest(number: number): Promise<void>;
  /** Replaces the way it answers. */
  answer(responder: Responder): void;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

export const loopbackServer = async (first: Responder): Promise<LoopbackServer> => {
  const received: Received[] = [];
  const waiting: { readonly number: number; readonly resolve: () => void }[] = [];
  let responder = first;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, headers, body };
      received.push(one);
      for (const { number, resolve } of waiting) if (received.length >= number) resolve();
      responder(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    waitForRequest: (number) =>
      new Promise((resolve) => {
        waiting.push({ number, resolve });
        if (received.length >= number) resolve();
      }),
    answer: (next) => {
      responder = next;
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** Answers with JSON. */
export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Responder =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

/** Answers with text of another kind. */
export const plain =
  (status: number, type: string, body: string): Responder =>
  (_, response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  };

const GENERATION = 'gen_01K0000000000000000000TEST';

const frame = (delta: object, more: object = {}, finish: string | null = null): string =>
  `data: ${JSON.stringify({
    id: GENERATION,
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model: 'openai/gpt-4.1-nano',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...more,
  })}\n\n`;

const USAGE = { prompt_tokens: 20, completion_tokens: 3, total_tokens: 23, cost: 0.0000032, is_byok: false };

/** A streamed answer with these pieces of text, in the recorded shape; `gateway` is its routing record. */
export const streamed =
  (pieces: readonly string[], gateway: object = {}): Responder =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(frame({ role: 'assistant' }));
    for (const content of pieces) response.write(frame({ content }));
    response.write(
      frame({ provider_metadata: { gateway } }, { usage: USAGE, generationId: GENERATION }, 'stop'),
    );
    response.end('data: [DONE]\n\n');
  };

/** A whole answer. */
export const whole = (content: string, gateway: object = {}): Responder =>
  json(200, {
    id: GENERATION,
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'openai/gpt-4.1-nano',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, provider_metadata: { gateway } },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: USAGE,
    generationId: GENERATION,
  });

/** A stream that speaks and then holds an error instead of choices. */
export const brokenInBand =
  (error: unknown): Responder =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(frame({ role: 'assistant' }));
    response.write(frame({ content: 'Hel' }));
    response.end(`data: ${JSON.stringify({ id: GENERATION, object: 'chat.completion.chunk', error })}\n\n`);
  };

/** One piece of text, then silence until the client goes; `closed` is called then. */
export const unfinished =
  (closed: () => void): Responder =>
  (_, response) => {
    response.on('close', closed);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(frame({ role: 'assistant' }));
    response.write(frame({ content: 'Hel' }));
  };
