import { readFileSync } from 'node:fs';

/**
 * The installed version of a package of the bench; read from its folder, as not every package exports its manifest.
 * @param {string} name
 * @returns {string}
 */
export const versionOf = (name) =>
  JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
