import type { InputIssue } from '@headrace/core/plugin';

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(?:\.\d{1,3}){3}$/.test(hostname);

/**
 * The URL, or what is wrong with it as an address that a credential is sent to: it is `https:`, or `http:` for loopback,
 * without user name, query and fragment.
 */
export const readWebAddress = (text: string): URL | Pick<InputIssue, 'message' | 'remedy'> => {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return { message: 'is not a URL.' };
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { message: 'must begin with https:// (http:// for loopback).' };
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return {
      message: 'uses http:// for a host that is not loopback: the key would travel in clear.',
      remedy: 'Use https://.',
    };
  if (url.username !== '' || url.password !== '')
    return { message: 'holds a user name or password.', remedy: 'Give the credential as apiKey.' };
  return url.search !== '' || url.hash !== '' ? { message: 'has a query or a fragment.' } : url;
};
