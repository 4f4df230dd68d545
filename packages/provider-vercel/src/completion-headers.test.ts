import { inspect } from 'node:util';
import { Secret } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { CompletionHeaders } from './completion-headers.js';

const OF_ALL = { 'user-agent': 'headrace' };

describe('the headers of a completion', () => {
  it('are made once for a credential and a delivery, and cannot be changed', () => {
    const headers = new CompletionHeaders(OF_ALL);
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

  it('are others for another credential', () => {
    const headers = new CompletionHeaders(OF_ALL);
    headers.of(new Secret('first'), 'stream');
    expect(headers.of(new Secret('second'), 'stream')).toMatchObject({ authorization: 'Bearer second' });
  });

  it('take those of one call between those of all calls and those that the call needs', () => {
    const more = { 'user-agent': 'mine', accept: 'text/html', 'x-session-affinity': 'a' };
    expect(new CompletionHeaders(OF_ALL).with(new Secret('first'), 'whole', more)).toEqual({
      'user-agent': 'mine',
      accept: 'application/json',
      authorization: 'Bearer first',
      'content-type': 'application/json',
      'x-session-affinity': 'a',
    });
  });

  it('show no credential when their maker is printed', () => {
    const headers = new CompletionHeaders(OF_ALL);
    headers.of(new Secret('do-not-print'), 'stream');
    expect(inspect(headers, { depth: 9, showHidden: true })).not.toContain('do-not-print');
    expect(JSON.stringify(headers)).not.toContain('do-not-print');
  });
});
