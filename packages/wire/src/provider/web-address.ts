import type { InputIssue } from '@headrace/core/plugin';

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(?:\.\d{1,3}){3}$/.test(hostname);

/** Whether what is sent to this address, a scheme and a host, can be read on its way: `http:` beyond loopback. */
export const isInClear = ({ protocol, hostname }: Pick<URL, 'protocol' | 'hostname'>): boolean =>
  protocol === 'http:' && !isLoopback(hostname);

/** Why no key goes to such an address. */
export const KEY_IN_CLEAR = 'uses http:// for a host that is not loopback: the key would travel in clear.';

/**
 * The URL, or what is wrong with it as the address of an API: it is `https:`, or `http:` for loopback, without user name, query
 * and fragment.
 * @param mayBeInClear whether `http:` is taken for other hosts too, where no key is sent. Default false.
 */
export const readWebAddress = (text: string, mayBeInClear = false): URL | Pick<InputIssue, 'message' | 'remedy'> => {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return { message: 'is not a URL.' };
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { message: 'must begin with https:// (http:// for loopback).' };
  if (!mayBeInClear && isInClear(url)) return { message: KEY_IN_CLEAR, remedy: 'Use https://.' };
  if (url.username !== '' || url.password !== '')
    return { message: 'holds a user name or password.', remedy: 'Give the credential as apiKey.' };
  return url.search !== '' || url.hash !== '' ? { message: 'has a query or a fragment.' } : url;
};
