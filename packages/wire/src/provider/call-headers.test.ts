import { inspect } from 'node:util';
import { Secret } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { CallHeaders } from './call-headers.js';

const OF_ALL = { 'user-agent': 'headrace' };
const made = (): CallHeaders => new CallHeaders(OF_ALL, (key) => ({ authorization: `Bearer ${key}` }));

describe('the headers of a call', () => {
  it('are made once for a key and a delivery, and cannot be changed', () => {
    const headers = made();
    const token = new Secret('first');
    const stream = headers.of(token, 'stream');
    expect(stream).toEqual({
      'user-agent': 'headrace',
      accept: 'text/event-stream',
      authorization: 'Bearer first',
      'content-type': 'application/json',
    });
    expect(headers.of(token, 'stream')).toBe(stream);
    expect(Object.isFrozen(stream)).toBe(true);
    expect(headers.of(token, 'whole')).toMatchObject({ accept: 'application/json', authorization: 'Bearer first' });
  });

  it('are others for another key', () => {
    const headers = made();
    headers.of(new Secret('first'), 'stream');
    expect(headers.of(new Secret('second'), 'stream')).toMatchObject({ authorization: 'Bearer second' });
  });

  it('take those of one call between those of all calls and those that the call needs', () => {
    const more = { 'user-agent': 'mine', accept: 'text/html', 'x-session-affinity': 'a' };
    expect(made().with(new Secret('first'), 'whole', more)).toEqual({
      'user-agent': 'mine',
      accept: 'application/json',
      authorization: 'Bearer first',
      'content-type': 'application/json',
      'x-session-affinity': 'a',
    });
  });

  it('name the type of the body where it is not JSON', () => {
    const headers = made().with(undefined, 'whole', { 'content-type': 'text/html' }, 'multipart/form-data; boundary=x');
    expect(headers['content-type']).toBe('multipart/form-data; boundary=x');
  });

  it('hold no key where none is sent, and are made once as well', () => {
    const headers = made();
    expect(headers.of(undefined, 'whole')).not.toHaveProperty('authorization');
    expect(headers.of(undefined, 'whole')).toBe(headers.of(undefined, 'whole'));
  });

  it('ask for a compressed answer, and name no body, for a list', () => {
    expect(made().bare(new Secret('first'))).toEqual({
      'user-agent': 'headrace',
      accept: 'application/json',
      'accept-encoding': 'gzip, br',
      authorization: 'Bearer first',
    });
  });

  it('show no key when their maker is printed', () => {
    const headers = made();
    headers.of(new Secret('do-not-print'), 'stream');
    expect(inspect(headers, { depth: 9, showHidden: true })).not.toContain('do-not-print');
    expect(JSON.stringify(headers)).not.toContain('do-not-print');
  });
});
