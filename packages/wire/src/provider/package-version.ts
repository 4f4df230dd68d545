import { readFileSync } from 'node:fs';

const versions = new Map<string, string>();

/** The version of a package by its manifest, for the header `user-agent`; read once. */
export const packageVersion = (manifest: URL): string => {
  let version = versions.get(manifest.href);
  if (version === undefined) {
    const read: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
    const found = typeof read === 'object' && read !== null && 'version' in read ? read.version : '0';
    version = typeof found === 'string' ? found : '0';
    versions.set(manifest.href, version);
  }
  return version;
};
