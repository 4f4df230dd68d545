import { embeddingResult } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../contract/json.js';
import type { ResponseEndEvent, StreamEvent } from '../contract/stream-event.js';
import { bytesOf } from './copy-of.js';
import { ownEvent } from './kept-event.js';

const endWith = (more: Partial<ResponseEndEvent>): StreamEvent => ({
  type: 'response-end',
  reason: 'stop',
  rawReason: 'stop',
  ...more,
});

const partsOf = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(partsOf)] : [];

const sharedBetween = (one: unknown, other: unknown): readonly unknown[] => {
  const parts = new Set(partsOf(one));
  return partsOf(other).filter((part) => parts.has(part));
};

describe('an event that is kept', () => {
  it('is the same again for every reader, and each one’s own', () => {
    // No minus zero: JSON has none.
    const metadata = fc.jsonValue().map((value) => JSON.parse(JSON.stringify({ value })) as JsonObject);
    const isSame = (providerMetadata: JsonObject): void => {
      const event = endWith({ providerMetadata });
      const kept = ownEvent(event);
      const [one, other] = [ownEvent(kept), ownEvent(kept)];
      expect([one, other]).toStrictEqual([event, event]);
      expect(sharedBetween(one, other).concat(sharedBetween(event, one))).toEqual([]);
    };
    const examples: [JsonObject][] = [
      [{ text: '\ud800 \u2028 "\\' }],
      [JSON.parse('{"__proto__":{"isAdmin":true}}') as JsonObject],
      [{ n: 0.1, big: 1e308, small: 5e-324, nothing: null, list: [[], {}] }],
    ];
    fc.assert(fc.property(metadata, isSame), { examples });
  });

  it('has its vectors as they are, and each reader has its own', () => {
    const event = endWith({ result: embeddingResult([1, 2]) });
    const kept = ownEvent(event);
    const own = ownEvent(kept);
    expect(own).toStrictEqual(event);
    expect(sharedBetween(event, kept).concat(sharedBetween(kept, own))).toEqual([]);
  });

  it('has the bytes of a file as they are', () => {
    const event: StreamEvent = {
      type: 'file',
      mediaType: 'image/png',
      source: { type: 'bytes', data: Uint8Array.of(1) },
    };
    const own = ownEvent(ownEvent(event));
    expect(own).toStrictEqual(event);
    expect(sharedBetween(event, own)).toEqual([]);
  });

  it('is a copy where a plugin has put what is not JSON', () => {
    const event = endWith({ providerMetadata: { big: 1n } as unknown as JsonObject });
    expect(ownEvent(ownEvent(event))).toStrictEqual(event);
  });

  it('is estimated to take more memory the more it says', () => {
    const few = bytesOf(ownEvent(endWith({})));
    expect(few).toBeGreaterThan(100);
    expect(bytesOf(ownEvent(endWith({ providerMetadata: { text: 'x'.repeat(500) } })))).toBeGreaterThan(few + 1_000);
    expect(
      bytesOf(ownEvent(endWith({ result: embeddingResult(Array.from({ length: 500 }, () => 1)) }))),
    ).toBeGreaterThan(2_000);
  });
});
