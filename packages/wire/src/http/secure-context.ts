import { X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import { ConfigurationError } from '@headrace/core/plugin';

const check = (pem: string): void => {
  try {
    new X509Certificate(pem);
  } catch (cause) {
    const issue = {
      field: 'ca',
      message: 'is not a certificate.',
      remedy: 'Give PEM text that begins with "-----BEGIN CERTIFICATE-----".',
    };
    throw new ConfigurationError('the HTTP session', [issue], { cause });
  }
};

/** What Node trusts by itself. From Node 22.15 this includes what the operator added to it; before, Mozilla's list alone. */
const trusted = (): readonly string[] => {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] } & typeof tls;
  return getCACertificates?.('default') ?? tls.rootCertificates;
};

/**
 * Trusts the certificates in `ca` besides the usual ones. Made once per session: parsing the usual ones anew for each
 * connection takes longer than the handshake.
 * @throws ConfigurationError when `ca` is not PEM.
 */
export const secureContextWith = (ca: string | readonly string[]): tls.SecureContext => {
  const added = typeof ca === 'string' ? [ca] : ca;
  for (const pem of added) check(pem);
  return tls.createSecureContext({ ca: [...trusted(), ...added] });
};
