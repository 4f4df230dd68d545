// The gateway as a host uses it: createGateway with provider-vercel, single events through `for await`.
import { createRequire } from 'node:module';
import { API_KEY, MODEL, PROMPT } from '../answers.mjs';

const request = { model: `vercel:${MODEL}`, prompt: PROMPT };

/** @type {import('../measure.mjs').Connect} */
export const connect = (origin, folder) => connectWith(origin, folder, () => request);

/**
 * @param {string} origin
 * @param {URL} folder of the checkout
 * @param {() => object} ask what the next call says
 * @param {object} [stages] options of the gateway beside its providers
 * @param {readonly string[]} [ids] of its providers
 * @returns {ReturnType<import('../measure.mjs').Connect>}
 */
export async function connectWith(origin, folder, ask, stages = {}, ids = ['vercel']) {
  const [{ createGateway }, { vercel }] = await Promise.all([
    import(new URL('packages/core/dist/index.js', folder).href),
    import(new URL('packages/provider-vercel/dist/index.js', folder).href),
  ]);
  const providers = ids.map((id) => vercel({ id, apiKey: API_KEY, baseUrl: origin, proxy: false }));
  const gateway = createGateway({ providers, ...stages });
  return {
    version: () => createRequire(folder)('./packages/core/package.json').version,
    async whole() {
      const { text, finishReason, usage } = await gateway.complete(ask());
      return { text, chunks: 1, finish: finishReason, outputTokens: usage?.output.total };
    },
    async stream(onFirst) {
      let text = '';
      let chunks = 0;
      let finish = '';
      let outputTokens = 0;
      for await (const event of gateway.stream(ask())) {
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
