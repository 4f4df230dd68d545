// The base: undici's `request` with the least a careful reader must do. It uses the very undici that the gateway uses.
import { createRequire } from 'node:module';
import { StringDecoder } from 'node:string_decoder';
import { pathToFileURL } from 'node:url';
import { API_KEY, MODEL, PROMPT } from '../answers.mjs';

const fromWire = createRequire(new URL('../../packages/wire/package.json', import.meta.url));

/** @type {import('../measure.mjs').Connect} */
export async function connect(origin) {
  const { Pool } = await import(pathToFileURL(fromWire.resolve('undici')).href);
  // As HttpSession of @headrace/wire sets its pool.
  const pool = new Pool(origin, {
    connections: 256,
    keepAliveTimeout: 30_000,
    keepAliveMaxTimeout: 30_000,
    maxHeaderSize: 32_768,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 10_000 },
  });

  /** @param {boolean} stream */
  const post = async (stream) => {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: '/v1/chat/completions',
      headers: {
        authorization: `Bearer ${API_KEY}`,
        'content-type': 'application/json',
        accept: stream ? 'text/event-stream' : 'application/json',
      },
      body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: PROMPT }], stream }),
    });
    if (statusCode !== 200) throw new Error(`${statusCode}: ${await body.text()}`);
    return body;
  };

  return {
    version: () => fromWire('undici/package.json').version,
    async whole() {
      const body = await post(false);
      const reply = JSON.parse(await body.text());
      const [choice] = reply.choices;
      return {
        text: choice.message.content,
        chunks: 1,
        finish: choice.finish_reason,
        outputTokens: reply.usage.completion_tokens,
      };
    },
    async stream(onFirst) {
      const body = await post(true);
      return new Promise((resolve, reject) => {
        const decoder = new StringDecoder('utf8');
        let rest = '';
        let text = '';
        let chunks = 0;
        let finish = '';
        let outputTokens = 0;
        let isDone = false;
        /** @param {string} line */
        const read = (line) => {
          if (!line.startsWith('data: ')) return;
          if (line === 'data: [DONE]') {
            isDone = true;
            return;
          }
          const chunk = JSON.parse(line.slice(6));
          const [choice] = chunk.choices;
          const { content } = choice.delta;
          if (content !== undefined) {
            text += content;
            chunks += 1;
            if (chunks === 1) onFirst();
          }
          if (choice.finish_reason !== null) finish = choice.finish_reason;
          if (chunk.usage !== undefined) outputTokens = chunk.usage.completion_tokens;
        };
        body.on('data', (/** @type {Buffer} */ bytes) => {
          rest += decoder.write(bytes);
          let start = 0;
          for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n', start)) {
            read(rest.slice(start, end));
            start = end + 1;
          }
          rest = rest.slice(start);
        });
        body.on('end', () => (isDone ? resolve({ text, chunks, finish, outputTokens }) : reject(new Error('no end'))));
        body.on('error', reject);
      });
    },
    close: () => pool.close(),
  };
}
