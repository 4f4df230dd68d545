import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonText } from './json-text.js';

describe('JSON for terminals and pipes', () => {
  it('says the same and holds no control character but newline', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = jsonText({ text });
        expect(JSON.parse(json)).toEqual({ text });
        expect(json).not.toMatch(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('writes bytes as base64', () => {
    expect(JSON.parse(jsonText({ data: Uint8Array.of(1, 2, 3) }))).toEqual({ data: 'AQID' });
    // Buffers turn themselves into objects before a replacer sees them.
    expect(JSON.parse(jsonText({ data: Buffer.of(1, 2, 3) }))).toEqual({ data: 'AQID' });
  });
});
