import { describe, expect, it } from '@jest/globals';
import { isInClear, readWebAddress } from './web-address.js';

const faultOf = (text: string, mayBeInClear?: boolean): string => {
  const read = readWebAddress(text, mayBeInClear);
  return 'message' in read ? read.message : '';
};

describe('the address of an API', () => {
  it.each(['https://a.test/v1', 'http://localhost:1', 'http://x.localhost', 'http://127.8.9.1', 'http://[::1]:1'])(
    'may be %s',
    (text) => expect(faultOf(text)).toBe(''),
  );

  it.each(['http://10.0.0.5:8000', 'http://gpu-box', 'http://127.0.0.1.evil.test', 'http://evillocalhost'])(
    'may be %s only where no key is sent',
    (text) => {
      expect(faultOf(text)).toMatch(/clear/);
      expect(faultOf(text, true)).toBe('');
      expect(isInClear(new URL(text))).toBe(true);
    },
  );

  it.each(['ftp://a.test', 'a.test', 'https://u:p@a.test', 'https://a.test?x=1', 'https://a.test#x'])(
    'is never %s',
    (text) => expect(faultOf(text, true)).not.toBe(''),
  );
});
