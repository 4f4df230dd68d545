import { describe, expect, it } from '@jest/globals';
import { proxyForOrigin } from './proxy-for-origin.js';

const HTTPS = new URL('https://api.x.example');

describe('the proxy of an origin', () => {
  it.each([
    ['https://api.x.example', { HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:2' }, 'http://a:1'],
    ['http://api.x.example', { HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:2' }, 'http://b:2'],
    ['https://api.x.example', { https_proxy: 'http://low:1', HTTPS_PROXY: 'http://up:1' }, 'http://low:1'],
    ['https://api.x.example', { https_proxy: '', HTTPS_PROXY: 'http://up:1' }, undefined],
    ['https://api.x.example', { HTTP_PROXY: 'http://b:2' }, undefined],
    ['https://api.x.example', { HTTPS_PROXY: 'a.example:3128' }, 'http://a.example:3128'],
    ['https://api.x.example', { HTTPS_PROXY: 'https://a.example' }, 'https://a.example'],
    ['https://api.x.example', {}, undefined],
  ])('%s with %j is %s', (origin, env, expected) => {
    expect(proxyForOrigin(new URL(origin), undefined, env)?.origin).toBe(expected);
  });

  it.each([
    ['*', 'https://api.x.example', true],
    ['api.x.example', 'https://api.x.example', true],
    ['API.X.Example', 'https://api.x.example', true],
    ['x.example', 'https://api.x.example', true],
    ['.x.example', 'https://api.x.example', true],
    ['*.x.example', 'https://api.x.example', true],
    ['other, x.example', 'https://api.x.example', true],
    ['other x.example', 'https://api.x.example', true],
    ['api.x.example:443', 'https://api.x.example', true],
    ['api.x.example:8443', 'https://api.x.example', false],
    ['api.x.example:8443', 'https://api.x.example:8443', true],
    ['pi.x.example', 'https://api.x.example', false],
    ['example.com', 'https://api.x.example', false],
    [',, ,', 'https://api.x.example', false],
    ['.', 'https://api.x.example', false],
    ['192.0.2.1', 'https://192.0.2.1:8080', true],
    ['2001:db8::1', 'https://[2001:db8::1]:8080', true],
    ['[2001:db8::1]', 'https://[2001:db8::1]', true],
    ['[2001:db8::1]:443', 'https://[2001:db8::1]', true],
    ['[2001:db8::1]:444', 'https://[2001:db8::1]', false],
  ])('NO_PROXY %j exempts %s: %s', (noProxy, origin, exempt) => {
    for (const name of ['no_proxy', 'NO_PROXY']) {
      const env = { HTTPS_PROXY: 'http://a:1', [name]: noProxy };
      expect(proxyForOrigin(new URL(origin), undefined, env) === undefined).toBe(exempt);
    }
  });

  it.each([
    'http://localhost:8080',
    'http://api.localhost',
    'http://127.0.0.1:1',
    'http://127.9.9.9',
    'https://[::1]:8080',
  ])('is not taken from the environment for %s, whose requests must not leave the machine', (origin) => {
    const env = { HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://a:1' };
    expect(proxyForOrigin(new URL(origin), undefined, env)).toBeUndefined();
    expect(proxyForOrigin(new URL(origin), 'http://b:2', env)?.origin).toBe('http://b:2');
  });

  it('is taken for names that only look like loopback', () => {
    for (const origin of ['http://127.0.0.1.example', 'http://localhost.example', 'http://notlocalhost'])
      expect(proxyForOrigin(new URL(origin), undefined, { HTTP_PROXY: 'http://a:1' })?.origin).toBe('http://a:1');
  });

  it('given as an option wins over the environment, exemptions included', () => {
    const env = { HTTPS_PROXY: 'http://a:1', NO_PROXY: '*' };
    expect(proxyForOrigin(HTTPS, 'http://b:2', env)?.origin).toBe('http://b:2');
    expect(proxyForOrigin(HTTPS, false, { HTTPS_PROXY: 'http://a:1' })).toBeUndefined();
  });

  it.each([
    ['http://u:p@a:1', 'u:p'],
    ['http://u@a:1', 'u:'],
    ['http://:p@a:1', ':p'],
    ['http://u%40x:%3A%20@a:1', 'u@x:: '],
  ])('carries the credentials of %s', (option, credentials) => {
    expect(proxyForOrigin(HTTPS, option, {})).toEqual({
      origin: 'http://a:1',
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    });
  });

  it.each(['socks5://user:secret@a:1', 'http://user:secret@', 'http://user:secret%zz@a:1'])(
    'refuses %s without repeating it',
    (option) => {
      expect(() => proxyForOrigin(HTTPS, option, {})).toThrow(/proxy/);
      expect(() => proxyForOrigin(HTTPS, option, {})).not.toThrow(/secret/);
    },
  );
});
