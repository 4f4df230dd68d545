import { canaryPrompt } from '../../../testing/src/__fixtures__/canaries/canary.js';
import type { Clock } from '../contract/clock.js';
import type { ModelInfo } from '../contract/model-info.js';
import type { Provider } from '../contract/provider.js';
import type { CompletionRequest } from '../contract/request.js';
import type { EventBatch, ResponseEndEvent, StreamEvent } from '../contract/stream-event.js';
import { CountedAttempts } from '../pipeline/attempt-budget.js';
import { CallRecord } from '../pipeline/call-record.js';
import { type CallFacts, CallScope } from '../pipeline/call-scope.js';
import { FakeClock } from './fake-clock.js';

export const batch = (...events: readonly StreamEvent[]): EventBatch => ({ events });
export const textOf = (text: string): StreamEvent => ({ type: 'text-delta', text });
export const start: StreamEvent = { type: 'response-start', responseId: 'r1', model: 'm1' };
export const end: ResponseEndEvent = { type: 'response-end', reason: 'stop', rawReason: 'stop' };

export const request = (changes: Partial<CompletionRequest> = {}): CompletionRequest => ({
  kind: 'completion',
  model: 'm1',
  delivery: 'stream',
  messages: [{ role: 'user', content: canaryPrompt('Hi') }],
  parameters: {},
  ...changes,
});

export const model = (changes: Partial<ModelInfo> = {}): ModelInfo => ({
  id: 'maker/m1',
  provider: 'p1',
  type: 'language',
  parameters: {},
  provenance: { origin: 'seed', asOf: '2026-01-01' },
  ...changes,
});

export const provider = (call: Provider['call'], id = 'p1'): Provider => ({
  id,
  kinds: ['completion'],
  listModels: async () => [],
  call,
});

export const silent: Provider['call'] = () => {
  throw new Error('This provider is not to be called.');
};

export const scope = (changes: Partial<CallFacts> = {}, clock: Clock = new FakeClock()): CallScope =>
  new CallScope({
    deadline: Number.POSITIVE_INFINITY,
    attempts: new CountedAttempts(3),
    record: new CallRecord(clock, 'p1:m1'),
    strict: false,
    ...changes,
  });
