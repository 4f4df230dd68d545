const UNTRUSTED =
  "shows a certificate of an authority that is not trusted here. If it is your own, give that authority's certificate as the option `ca`";

/** What happened, to be read after the name of the peer; by error code of Node, OpenSSL or undici. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'refused the connection: nothing listens there. Check the {address}'],
  ['ENOTFOUND', 'is not a known host name. Check the spelling of the {address}'],
  ['EAI_AGAIN', 'could not be looked up: the name service did not answer. Check the network'],
  ['ECONNRESET', 'closed the connection before it answered'],
  ['ECONNABORTED', 'closed the connection before it answered'],
  ['EPIPE', 'closed the connection before it answered'],
  ['UND_ERR_SOCKET', 'closed the connection before it answered'],
  ['ETIMEDOUT', 'did not answer the attempt to connect. Check the network and the {address}'],
  ['EHOSTUNREACH', 'is not reachable from here. Check the network and the {address}'],
  ['ENETUNREACH', 'is not reachable from here. Check the network and the {address}'],
  ['EACCES', 'is not reachable: this machine does not allow the connection'],
  ['EPERM', 'is not reachable: this machine does not allow the connection'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'shows a self-signed certificate. If it is your own, give it as the option `ca`'],
  ['SELF_SIGNED_CERT_IN_CHAIN', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNTRUSTED],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNTRUSTED],
  ['CERT_UNTRUSTED', UNTRUSTED],
  [
    'CERT_HAS_EXPIRED',
    'shows a certificate that has expired. It has to be renewed there; check the clock of this machine, too',
  ],
  ['CERT_NOT_YET_VALID', 'shows a certificate that is not valid yet. Check the clock of this machine'],
  ['CERT_REVOKED', 'shows a certificate that was revoked'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'shows a certificate for another host name. Check the {address}'],
  ['UND_ERR_PRX_TLS', 'shows a certificate for another host name. Check the {address}'],
]);

const reasonFor = (code: string): string => {
  const known = reasons.get(code);
  if (known !== undefined) return known;
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return 'did not complete the TLS handshake. Check that the {address} has the right scheme and port';
  }
  return 'could not be reached, or the connection broke before it answered';
};

/** One sentence or two about a connection that failed, with its code for those who search for it. */
export const unreachable = (code: string, peer: string, address: 'base URL' | 'proxy'): string =>
  `${peer} ${reasonFor(code).replace('{address}', address)}${code === '' ? '' : ` (${code})`}.`;
