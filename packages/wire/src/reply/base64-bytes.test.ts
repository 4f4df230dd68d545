import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { base64Bytes } from './base64-bytes.js';

describe('base64Bytes', () => {
  it('gives back the bytes, with or without padding and in either alphabet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        const forms = [text, text.replace(/=/g, ''), Buffer.from(bytes).toString('base64url')];
        for (const form of forms) expect(base64Bytes(form)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it.each(['', '=', '*', 'A*AA', 'AAAA AAAA', 'A'])('takes %p for none', (text) => {
    expect(base64Bytes(text)).toBeUndefined();
  });
});
