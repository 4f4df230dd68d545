import { fileURLToPath } from 'node:url';

const isTypeScript = (url: string): boolean => /\.[mc]?ts$/.test(url);

/** @throws Error when jiti is not there */
const throughJiti = async (url: string): Promise<unknown> => {
  let jiti: typeof import('jiti');
  try {
    jiti = await import('jiti');
  } catch (cause) {
    throw new Error('TypeScript needs the package jiti: npm install jiti.', { cause });
  }
  const file = fileURLToPath(url);
  return jiti.createJiti(file, { interopDefault: false }).import(file);
};

/** The namespace of a module, of JavaScript or, through the optional package `jiti`, of TypeScript. */
export const loadModule = (url: string): Promise<unknown> =>
  isTypeScript(url) ? throughJiti(url) : (import(url) as Promise<unknown>);
