import { MalformedResponseError } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { jsonText, safeJson } from './safe-json.js';

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

describe('JSON that an upstream sent', () => {
  it('loses names of prototypes as a value, and keeps them as text', () => {
    const sent = '{"a":{"__proto__":{"spiked":1}},"constructor":{"prototype":{}},"toJSON":"none"}';
    const parsed: unknown = JSON.parse(sent);
    expect(safeJson(parsed)).toEqual({ a: {}, toJSON: 'none' });
    expect(jsonText(parsed)).toBe(sent);
  });

  it('is refused beyond 128 levels, as a value and as text', () => {
    expect(jsonText(nested(128))).toBe('['.repeat(128) + ']'.repeat(128));
    for (const take of [jsonText, safeJson]) expect(() => take(nested(129))).toThrow(MalformedResponseError);
    expect(() => jsonText(nested(100_000))).toThrow(MalformedResponseError);
  });
});
