import type { RawExchange } from '../redact.js';

/** An exchange in which nothing is said but what a test gives. */
export const raw = (overrides: Partial<RawExchange> = {}): RawExchange => ({
  method: 'POST',
  path: '/v1/chat',
  headers: {},
  body: '',
  answerHeaders: {},
  chunks: [],
  ...overrides,
});
