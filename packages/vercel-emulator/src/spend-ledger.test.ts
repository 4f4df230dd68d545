import { expect, it } from '@jest/globals';
import { createSpendLedger, type SpendKey } from './spend-ledger.js';
import { billFor } from './usage.js';

it('keeps no more than 20,000 sums: the oldest go first', () => {
  const ledger = createSpendLedger();
  const counts = { prompt: 1, cached: 0, cacheWritten: 0, completion: 0, reasoning: 0, image: 0 };
  const key: SpendKey = {
    hour: '2026-11-23T00:00:00.000Z',
    user: undefined,
    tags: [],
    model: 'openai/gpt-6-luna',
    provider: 'openai',
    credentialType: 'system',
    zeroDataRetention: false,
    apiKeyName: 'key',
  };
  for (let at = 0; at <= 20_000; at += 1) ledger.add({ ...key, user: `user ${at}` }, counts, billFor(counts));
  const users = [...ledger.sums()].map(({ user }) => user);
  expect([users.length, users[0], users.at(-1)]).toEqual([20_000, 'user 1', 'user 20000']);
});
