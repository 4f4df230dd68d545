import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { SharedSignals } from './shared-signals.js';

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

describe('calls that share a signal', () => {
  it('share one listener, which goes with the last of them', () => {
    const signals = new SharedSignals();
    const { signal } = new AbortController();
    const stops = Array.from({ length: 50 }, () => signals.watch(signal, () => {}));
    expect(listenersOf(signal)).toBe(1);
    for (const stop of stops.slice(1)) stop();
    expect(listenersOf(signal)).toBe(1);
    stops[0]?.();
    expect(listenersOf(signal)).toBe(0);
  });

  it('all hear of the abort, with its reason, once', () => {
    const signals = new SharedSignals();
    const controller = new AbortController();
    const heard: unknown[] = [];
    const callback = (reason: unknown): void => void heard.push(reason);
    signals.watch(controller.signal, callback);
    signals.watch(controller.signal, callback);
    controller.abort('enough');
    expect(heard).toEqual(['enough', 'enough']);
    expect(listenersOf(controller.signal)).toBe(0);
  });

  it('do not hear of it after they stopped, also when they stop twice or while it is told', () => {
    const signals = new SharedSignals();
    const controller = new AbortController();
    const heard: string[] = [];
    const stop = signals.watch(controller.signal, () => heard.push('stopped'));
    signals.watch(controller.signal, () => heard.push('waiting'));
    stop();
    stop();
    controller.abort();
    expect(heard).toEqual(['waiting']);
  });

  it('hear at once of an abort that has happened', () => {
    const heard: unknown[] = [];
    new SharedSignals().watch(AbortSignal.abort('before'), (reason) => heard.push(reason));
    expect(heard).toEqual(['before']);
  });

  it('can begin again after all had stopped', () => {
    const signals = new SharedSignals();
    const controller = new AbortController();
    signals.watch(controller.signal, () => {})();
    const heard: unknown[] = [];
    signals.watch(controller.signal, (reason) => heard.push(reason));
    controller.abort('later');
    expect(heard).toEqual(['later']);
  });
});
