import { describe, expect, it } from '@jest/globals';
import type { EventBatch, ResponseEndEvent } from '../contract/stream-event.js';
import type { Writable } from '../schema/writable.js';
import { AnswerLog } from './answer-log.js';
import { ownEvent } from './kept-event.js';

const end = (): Writable<ResponseEndEvent> => ({
  type: 'response-end',
  reason: 'stop',
  rawReason: 'stop',
  providerMetadata: { list: [1] },
});

const endIn = (batch: EventBatch | undefined): Writable<ResponseEndEvent> => {
  const [event] = batch?.events ?? [];
  if (event?.type !== 'response-end') throw new TypeError('no end');
  return event;
};

describe('what has come of an answer', () => {
  it('is each reader’s own: what one of them changes reaches neither the others nor what is kept', () => {
    const log = new AnswerLog(10_000);
    log.add({ events: [end()] });
    for (let reader = 0; reader < 3; reader += 1) {
      const own = endIn(log.at(0));
      expect(own).toEqual(end());
      Object.assign(own.providerMetadata ?? {}, { list: 'mine' });
      own.reason = 'length';
    }
    expect(log.toKeep().flat().map(ownEvent)).toEqual([end()]);
  });

  it('has no wire bytes for any reader, and no raw frames when it is kept', () => {
    const log = new AnswerLog(10_000);
    const wire = { dialect: 'chat', bytes: Uint8Array.of(1) };
    log.add({ events: [{ type: 'raw', value: 1 }], wire });
    log.add({ events: [{ type: 'raw', value: 2 }, { type: 'text-delta', text: 'a' }, end()], wire });
    expect(log.at(0)).toEqual({ events: [{ type: 'raw', value: 1 }] });
    expect(log.at(0)).toEqual({ events: [{ type: 'raw', value: 1 }] });
    expect(log.at(2)).toBeUndefined();
    expect(log.toKeep().map((kept) => kept.map(ownEvent))).toEqual([[{ type: 'text-delta', text: 'a' }, end()]]);
  });
});
