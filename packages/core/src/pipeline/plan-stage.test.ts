import { fakeClock, rejectionOf } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { request, scope as scopeOf } from '../__fixtures__/call.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import { planStage } from './plan-stage.js';

/** Knows no model, and hears no news of any. */
const silent = {
  resolveNow: () => undefined,
  resolve: () => new Promise(() => {}),
} as unknown as ModelRegistry;

describe('a look-up of a model', () => {
  it('lasts as long as the latest deadline of those who share the call, also of one who came later', async () => {
    const clock = fakeClock();
    const shared = { deadline: clock.now() + 100 };
    const source = planStage(silent, clock)(() => Promise.reject(new Error('Nothing is to be sent.')));
    let isOver = false;
    const error = rejectionOf(source(request(), scopeOf({ shared }, clock))).finally(() => {
      isOver = true;
    });
    shared.deadline += 400;
    await clock.advance(499);
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(await error).toMatchObject({ code: 'deadline-timeout' });
  });
});
