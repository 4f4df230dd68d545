import type { JsonValue } from '@headrace/core/plugin';
import { finish, reply, startUpstream, status, write } from '@headrace/testing';

/** Frames of an answer: a stream sends them apart; a whole answer is all their parts with the last one's end. */
export type Answering = readonly Readonly<Record<string, unknown>>[];

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
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
  const { failure, models = [] } = more;
  const upstream = await startUpstream(
    ({ method, path }) => {
      if (failure !== undefined)
        return reply(failure.status, failure.body, { 'content-type': 'application/json', ...failure.headers });
      if (method === 'GET') {
        const page = Number(new URL(path, 'http://x').searchParams.get('pageToken') ?? 0);
        const next = page + 1 < models.length ? { nextPageToken: String(page + 1) } : {};
        return reply(200, { models: models[page] ?? [], ...next } as unknown as JsonValue);
      }
      if (!path.includes('streamGenerateContent')) return reply(200, wholeOf(frames) as JsonValue);
      const events = frames.map((frame) => write(`data: ${JSON.stringify(frame)}\r\n\r\n`));
      return [status(200, { 'content-type': 'text/event-stream' }), ...events, finish()];
    },
    { repeatLast: true },
  );
  return {
    url: upstream.url,
    get received(): readonly ReceivedRequest[] {
      return upstream.requests.map(({ path, headers, body }) => ({
        path,
        headers,
        body: body === '' ? undefined : JSON.parse(body),
      }));
    },
    [Symbol.asyncDispose]: () => upstream.close(),
  };
};
