import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Frames of an answer: a stream sends them apart; a whole answer is all their parts with the last one's end. */
export type Answering = readonly Readonly<Record<string, unknown>>[];

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

interface Candidate {
  readonly content?: { readonly parts?: readonly unknown[] };
}

const partsOf = (frame: Answering[number]): readonly unknown[] =>
  ((frame['candidates'] ?? []) as readonly Candidate[]).flatMap(({ content }) => content?.parts ?? []);

const wholeOf = (frames: Answering): object => {
  const last = frames.at(-1) ?? {};
  const [candidate = {}] = (last['candidates'] ?? []) as readonly object[];
  const content = { role: 'model', parts: frames.flatMap(partsOf) };
  return { ...frames[0], ...last, candidates: [{ ...candidate, content }] };
};

/** An upstream on 127.0.0.1 that speaks as the Gemini API does. */
export const geminiUpstream = async (
  frames: Answering,
  more: {
    readonly models?: readonly (readonly object[])[];
    readonly failure?: { readonly status: number; readonly body: string; readonly headers?: Record<string, string> };
  } = {},
) => {
  const received: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    request.on('end', () => {
      const path = request.url ?? '';
      received.push({ path, headers: request.headers, body: text === '' ? undefined : JSON.parse(text) });
      const { failure, models = [] } = more;
      if (failure !== undefined) {
        response.writeHead(failure.status, { 'content-type': 'application/json', ...failure.headers }).end(failure.body);
        return;
      }
      if (request.method === 'GET') {
        const page = Number(new URL(path, 'http://x').searchParams.get('pageToken') ?? 0);
        const next = page + 1 < models.length ? { nextPageToken: String(page + 1) } : {};
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ models: models[page], ...next }));
        return;
      }
      if (path.includes('streamGenerateContent')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(frames.map((frame) => `data: ${JSON.stringify(frame)}\r\n\r\n`).join(''));
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(wholeOf(frames)));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
};
