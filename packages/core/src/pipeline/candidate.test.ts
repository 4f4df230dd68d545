import { describe, expect, it } from '@jest/globals';
import { model, provider, request, silent } from '../__fixtures__/call.js';
import type { ModelInfo } from '../contract/model-info.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import type { Target } from '../registry/target.js';
import { Candidate, LazyMeasure, type RoutedRequest } from './candidate.js';

/** A registry that knows one target, or has yet to look for it. */
const registry = (target: Target | undefined): ModelRegistry =>
  ({ resolveNow: () => target, list: () => [] }) as unknown as ModelRegistry;

const candidateOf = (info: ModelInfo | undefined, more: Partial<RoutedRequest> = {}) => {
  const target = info === undefined ? undefined : { provider: provider(silent), model: 'm1', info };
  const call = { request: request(), models: registry(target), strict: false, epochMs: 0, ...more };
  const listed = { reference: 'p1:m1', name: 'p1:m1', weight: 1 };
  return new Candidate(listed, call, new LazyMeasure(call.request));
};

describe('a target as one call sees it', () => {
  it('is made to fit once, however often it is counted and asked', () => {
    let reads = 0;
    const info = new Proxy(model(), {
      get: (facts, name) => {
        if (name === 'modalities') reads += 1;
        return Reflect.get(facts, name) as unknown;
      },
    });
    const candidate = candidateOf(info);
    expect(candidate.fit.planned?.request).toMatchObject({ model: 'm1' });
    expect(candidate.fit).toBe(candidate.fit);
    expect(candidate.estimate.inputTokens).toBeGreaterThan(0);
    expect(reads).toBe(1);
  });

  it('keeps why it cannot serve', () => {
    const tools = [{ name: 't', parameters: { type: 'object' } }];
    const { fit } = candidateOf(model({ capabilities: { toolCall: false } }), { request: request({ tools }) });
    expect(fit).toMatchObject({ error: { code: 'invalid-request' } });
  });

  it('is neither while it has yet to be looked up, and is estimated nonetheless', () => {
    const candidate = candidateOf(undefined);
    expect(candidate.fit).toEqual({});
    expect(candidate.estimate.family).toBe('unknown');
    expect(candidate.cost).toEqual({});
  });
});
