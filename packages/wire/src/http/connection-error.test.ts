import { describe, expect, it } from '@jest/globals';
import { connectionError } from './connection-error.js';

const peer = { origin: 'https://x.example', proxyOrigin: undefined, connectTimeoutMs: 10_000 };
const fault = (code: string): Error => Object.assign(new Error('Bearer secret-key /path?query'), { code });

describe('the error for a connection that failed', () => {
  it.each([
    ['ECONNREFUSED', 'nothing listens there. Check the base URL'],
    ['ENOTFOUND', 'not a known host name. Check the spelling of the base URL'],
    ['EAI_AGAIN', 'the name service did not answer'],
    ['ECONNRESET', 'closed the connection before it answered'],
    ['EPIPE', 'closed the connection before it answered'],
    ['UND_ERR_SOCKET', 'closed the connection before it answered'],
    ['ETIMEDOUT', 'did not answer the attempt to connect'],
    ['EHOSTUNREACH', 'not reachable from here'],
    ['ENETUNREACH', 'not reachable from here'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'give it as the option `ca`'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'as the option `ca`'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'as the option `ca`'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'as the option `ca`'],
    ['CERT_HAS_EXPIRED', 'has expired'],
    ['CERT_NOT_YET_VALID', 'Check the clock'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'for another host name'],
    ['EPROTO', 'did not complete the TLS handshake'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'did not complete the TLS handshake'],
    ['ESOMETHING', 'could not be reached'],
  ])('%s says what happened', (code, said) => {
    const cause = fault(code);
    const error = connectionError(cause, peer);
    expect(error).toMatchObject({ code: 'connection-failed', failureClass: 'transport', isRetryable: true });
    expect(error.cause).toBe(cause);
    expect(error.message).toContain(said);
    expect(error.message).toMatch(new RegExp(`^https://x\\.example .*\\(${code}\\)\\.$`, 's'));
    expect(error.message).not.toContain('secret');
  });

  it('reads the first of several attempts to the addresses of one name', () => {
    const cause = Object.assign(new AggregateError([fault('ECONNREFUSED'), fault('ETIMEDOUT')]), { code: undefined });
    expect(connectionError(cause, peer).message).toContain('refused the connection');
  });

  it.each([undefined, null, 'text', 7, {}, new AggregateError([])])('copes with the cause %p', (cause) => {
    expect(connectionError(cause, peer)).toMatchObject({ code: 'connection-failed' });
  });

  it.each([
    ['UND_ERR_DESTROYED', 'gateway-disposed'],
    ['UND_ERR_CLOSED', 'gateway-disposed'],
    ['UND_ERR_HEADERS_OVERFLOW', 'malformed-response'],
    ['UND_ERR_INVALID_ARG', 'invalid-request'],
  ])('%s is %s', (code, expected) => {
    expect(connectionError(fault(code), peer).code).toBe(expected);
  });
});
