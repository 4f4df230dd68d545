import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RunningCall, RunningCalls } from './running-calls.js';

class NamedCall extends RunningCall {
  readonly reasons: unknown[] = [];
  cancel(reason: unknown): void {
    this.reasons.push(reason);
  }
}

describe('the calls under way', () => {
  it('are ended together, once, and none that had ended before', () => {
    const calls = new RunningCalls();
    const [one, two, three] = [new NamedCall(), new NamedCall(), new NamedCall()];
    for (const call of [one, two, three]) calls.add(call);
    calls.remove(two);
    calls.remove(two);
    calls.cancel(() => 'over');
    calls.cancel(() => 'again');
    expect([one.reasons, two.reasons, three.reasons]).toEqual([['over'], [], ['over']]);
  });

  it('may end one another while they are ended', () => {
    const calls = new RunningCalls();
    const other = new NamedCall();
    const first = new (class extends NamedCall {
      override cancel(reason: unknown): void {
        super.cancel(reason);
        calls.remove(other);
      }
    })();
    calls.add(other);
    calls.add(first);
    calls.cancel(() => 'over');
    expect([first.reasons, other.reasons]).toEqual([['over'], []]);
  });

  it('are exactly those added and not removed, in whatever order that happens', () => {
    const steps = fc.array(fc.record({ who: fc.nat({ max: 7 }), add: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (list) => {
        const calls = new RunningCalls();
        const all = Array.from({ length: 8 }, () => new NamedCall());
        const expected = new Set<NamedCall>();
        for (const { who, add } of list) {
          const call = all[who];
          if (call === undefined || (add && expected.has(call))) continue;
          if (add) calls.add(call);
          else calls.remove(call);
          if (add) expected.add(call);
          else expected.delete(call);
        }
        calls.cancel(() => 'over');
        expect(all.filter(({ reasons }) => reasons.length > 0)).toEqual(all.filter((call) => expected.has(call)));
      }),
    );
  });
});
