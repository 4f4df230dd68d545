// The gateway as a host uses it: createGateway with provider-vercel, single events through `for await`.
import { createRequire } from 'node:module';
import { API_KEY, MODEL, PROMPT } from '../answers.mjs';

const fromHere = createRequire(import.meta.url);
const request = { model: `vercel:${MODEL}`, prompt: PROMPT };

/** @type {import('../measure.mjs').Connect} */
export async function connect(origin) {
  const [{ createGateway }, { vercel }] = await Promise.all([
    import(new URL('../../packages/core/dist/index.js', import.meta.url).href),
    import(new URL('../../packages/provider-vercel/dist/index.js', import.meta.url).href),
  ]);
  const gateway = createGateway({ providers: [vercel({ apiKey: API_KEY, baseUrl: origin, proxy: false })] });
  return {
    version: () => fromHere('../../packages/core/package.json').version,
    async whole() {
      const { text, finishReason, usage } = await gateway.complete(request);
      return { text, chunks: 1, finish: finishReason, outputTokens: usage?.output.total };
    },
    async stream(onFirst) {
      let text = '';
      let chunks = 0;
      let finish = '';
      let outputTokens = 0;
      for await (const event of gateway.stream(request)) {
        if (event.type === 'text-delta') {
          text += event.text;
          chunks += 1;
          if (chunks === 1) onFirst();
        } else if (event.type === 'response-end') {
          finish = event.reason;
          outputTokens = event.usage?.output.total;
        }
      }
      return { text, chunks, finish, outputTokens };
    },
    close: () => gateway.dispose(),
  };
}
