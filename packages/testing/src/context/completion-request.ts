import type { CompletionRequest } from '@headrace/core/plugin';

/** A request as a provider gets it: one user message `Hello`, streamed, model `test/model`, unless `overrides` says otherwise. */
export const completionRequest = (overrides: Partial<CompletionRequest> = {}): CompletionRequest => ({
  kind: 'completion',
  model: 'test/model',
  delivery: 'stream',
  messages: [{ role: 'user', content: 'Hello' }],
  parameters: {},
  ...overrides,
});
