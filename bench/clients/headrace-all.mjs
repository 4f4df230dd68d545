// The same gateway with every stage that options can add, each doing its work for every call and refusing none.
import { MODEL, PROMPT } from '../answers.mjs';
import { connectWith } from './headrace.mjs';

const stages = {
  routes: { chat: { targets: [`vercel:${MODEL}`, `second:${MODEL}`], strategy: 'fastest', explore: 0 } },
  // A function that lets every request pass: what it does itself is the host's.
  middleware: [{ name: 'pass', forCall: () => ({ onRequest: () => undefined }) }],
  cache: {},
  limits: {
    gateway: { maxConcurrent: 1_000, requestsPerMinute: 100_000_000, budget: { usd: 1_000_000, per: 'hour' } },
    perTenant: { tokensPerMinute: 100_000_000_000 },
  },
  recovery: 'verify',
  hedging: { minDelayMs: 5_000 },
  gate: { concurrency: { perTarget: 1_000, perKey: 1_000 } },
  onReceipt: () => {},
};

let calls = 0;

// Another person each time: an answer out of the cache, or one that calls share, would be no work at all.
const ask = () => {
  calls += 1;
  return { model: 'chat', prompt: PROMPT, tenant: 'bench', endUser: `user-${calls}` };
};

/** @type {import('../measure.mjs').Connect} */
export const connect = (origin, folder) => connectWith(origin, folder, ask, stages, ['vercel', 'second']);
