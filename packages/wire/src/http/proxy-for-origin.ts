import { ConfigurationError } from '@headrace/core/plugin';

/** Where to find a proxy, and how to introduce ourselves. */
export interface ProxyTarget {
  /** Scheme, host and port: safe to print. */
  readonly origin: string;
  /** Value of `proxy-authorization`: never to be printed. */
  readonly authorization?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

const invalid = (message: string): ConfigurationError =>
  new ConfigurationError('the HTTP session', [
    { field: 'proxy', message, remedy: 'Give a URL such as http://proxy.example:3128, or false for none.' },
  ]);

const authorizationOf = (url: URL): string | undefined => {
  if (url.username === '' && url.password === '') return undefined;
  try {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    return `Basic ${Buffer.from(credentials).toString('base64')}`;
  } catch {
    throw invalid('has credentials with a stray "%": percent-encode them.');
  }
};

/** @throws ConfigurationError without the URL in it, as that may hold a password. */
const parseProxy = (text: string): ProxyTarget => {
  // The variables are often written without a scheme.
  const spelled = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(spelled)) throw invalid('is not a URL.');
  const url = new URL(spelled);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid(`has the scheme "${url.protocol.slice(0, -1)}"; only http and https proxies are supported.`);
  }
  const authorization = authorizationOf(url);
  return authorization === undefined ? { origin: url.origin } : { origin: url.origin, authorization };
};

const read = (env: Environment, name: string): string => (env[name] ?? env[name.toUpperCase()] ?? '').trim();

/** Entries as curl and others read them: `*`, `host`, `.suffix`, `*.suffix`, each with an optional `:port`. */
const exempt = (origin: URL, noProxy: string): boolean => {
  const host = origin.hostname.toLowerCase();
  const port = origin.port === '' ? DEFAULT_PORTS[origin.protocol] : origin.port;
  return noProxy.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    // An address with several colons takes no port unless it stands in brackets.
    const [, name = '', onlyPort] = /^(\[[^\]]*\]|[^:]*:[^:]*:.*|[^:]*)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    const domain = name.replace(/^\*?\./, '');
    if (domain === '' || (onlyPort !== undefined && onlyPort !== port)) return false;
    return host === domain || host === `[${domain}]` || host.endsWith(`.${domain}`);
  });
};

/** Another machine has no way to this one's loopback, and what is sent there in clear must not leave it. */
const isLoopback = ({ hostname }: URL): boolean =>
  /^(?:(?:.*\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/**
 * The proxy for one origin.
 * @param option a URL; `false` for none; absent: `https_proxy` or `http_proxy` after the origin's scheme, unless
 * `no_proxy` exempts it or it is on loopback. Each name is read in lower case first, then in upper case.
 * @throws ConfigurationError when the proxy is not an http or https URL.
 */
export const proxyForOrigin = (
  origin: URL,
  option: string | false | undefined,
  env: Environment,
): ProxyTarget | undefined => {
  if (option === false) return undefined;
  if (option !== undefined) return parseProxy(option);
  if (isLoopback(origin)) return undefined;
  const fromEnv = read(env, origin.protocol === 'https:' ? 'https_proxy' : 'http_proxy');
  if (fromEnv === '' || exempt(origin, read(env, 'no_proxy'))) return undefined;
  return parseProxy(fromEnv);
};
