import { readFileSync } from 'node:fs';

let version: string | undefined;

/** This package's version, for the header `user-agent`. */
export const packageVersion = (): string => {
  if (version === undefined) {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    const found = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '0';
    version = typeof found === 'string' ? found : '0';
  }
  return version;
};
