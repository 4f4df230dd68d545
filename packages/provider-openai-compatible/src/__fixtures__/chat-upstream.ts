import type { JsonValue } from '@headrace/core/plugin';
import { reply, startUpstream } from '@headrace/testing';

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of what is no JSON: empty. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

const REPLY = {
  id: 'c1',
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
};

const ANSWERS: readonly (readonly [route: string, answer: JsonValue])[] = [
  [
    '/embeddings',
    { data: [{ index: 0, embedding: [0.5, 0.25] }], usage: { prompt_tokens: 2, total_tokens: 2 } },
  ],
  ['/images/', { created: 1, data: [{ b64_json: Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1').toString('base64') }] }],
  [
    '/rerank',
    {
      results: [
        { index: 1, relevance_score: 0.9 },
        { index: 0, relevance_score: 0.1 },
      ],
      usage: { total_tokens: 7 },
    },
  ],
];

/** An upstream on 127.0.0.1 that answers every route of an OpenAI-style API alike, whoever asks. */
export const chatUpstream = async (
  more: { readonly models?: JsonValue; readonly failure?: { readonly status: number; readonly body: string } } = {},
) => {
  const upstream = await startUpstream(
    ({ method, path }) => {
      if (more.failure !== undefined) return reply(more.failure.status, more.failure.body);
      if (method === 'GET') return reply(200, more.models ?? { data: [] });
      return reply(200, ANSWERS.find(([route]) => path.includes(route))?.[1] ?? REPLY);
    },
    { repeatLast: true },
  );
  return {
    url: upstream.url,
    get received(): readonly ReceivedRequest[] {
      return upstream.requests.map(({ path, headers, body }) => ({
        path,
        headers,
        text: body,
        body: body.startsWith('{') ? (JSON.parse(body) as ReceivedRequest['body']) : {},
      }));
    },
    [Symbol.asyncDispose]: () => upstream.close(),
  };
};
