/** Vercel's runtimes leave the current request here. */
const CONTEXT = Symbol.for('@vercel/request-context');

const member = (value: unknown, key: PropertyKey): unknown =>
  (typeof value === 'object' && value !== null) || typeof value === 'function' ? Reflect.get(value, key) : undefined;

/** The OIDC token that came with the current request. */
export const requestToken = (): string | undefined => {
  const holder = member(globalThis, CONTEXT);
  const get = member(holder, 'get');
  if (typeof get !== 'function') return undefined;
  try {
    const context: unknown = Reflect.apply(get, holder, []);
    const token = member(member(context, 'headers'), 'x-vercel-oidc-token');
    return typeof token === 'string' && token !== '' ? token : undefined;
  } catch {
    // A runtime that refuses to tell is one that has no token for us.
    return undefined;
  }
};
