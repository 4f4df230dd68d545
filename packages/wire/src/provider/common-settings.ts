import { ConfigurationError, type InputIssue, Secret } from '@headrace/core/plugin';
import type { CommonOptions } from './common-options.js';
import type { Environment } from './environment.js';
import type { HttpConnection } from './http-connection.js';
import { keyFault } from './key-fault.js';

/** How connections are made, from options. */
export const connectionOf = (
  { connectTimeoutMs, maxConnections, keepAliveMs, proxy, ca }: Omit<CommonOptions, 'models'>,
  env: Environment,
): HttpConnection => ({
  env,
  ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
  ...(maxConnections === undefined ? {} : { maxConnections }),
  ...(keepAliveMs === undefined ? {} : { keepAliveMs }),
  ...(proxy === undefined ? {} : { proxy }),
  ...(ca === undefined ? {} : { ca }),
});

/** The key of the options, never printed. @throws ConfigurationError for a text that is no key alone */
export const apiKeyOf = (apiKey: string | Secret | undefined, provider: string): Secret | undefined => {
  if (apiKey === undefined) return undefined;
  const fault = keyFault(typeof apiKey === 'string' ? apiKey : apiKey.reveal());
  if (fault !== undefined) {
    const issue: InputIssue = { field: 'apiKey', message: fault, remedy: 'Give the key alone.' };
    throw new ConfigurationError(provider, [issue]);
  }
  return typeof apiKey === 'string' ? new Secret(apiKey) : apiKey;
};

/** The headers that a host adds, by names in lower case. */
export const headersOf = ({ headers = {} }: Pick<CommonOptions, 'headers'>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
