// Who is measured. The first is the base of all ratios.
import { basename, resolve } from 'node:path';

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} file name of it in clients/
 * @property {string} label
 * @property {string} [folder] of the checkout whose packages are measured. Default: this one
 * @property {number} minimumNode major version
 * @property {boolean} isQuickReader keeps up with the `busy` pace
 */

/** @type {readonly [Entry, ...Entry[]]} */
export const roster = [
  { name: 'raw', file: 'raw', label: 'raw undici', minimumNode: 20, isQuickReader: true },
  { name: 'headrace', file: 'headrace', label: 'headrace', minimumNode: 20, isQuickReader: true },
  { name: 'headrace-all', file: 'headrace-all', label: 'all stages', minimumNode: 20, isQuickReader: true },
  { name: 'openai', file: 'openai', label: 'openai', minimumNode: 22, isQuickReader: false },
  { name: 'ai', file: 'ai', label: 'ai', minimumNode: 22, isQuickReader: false },
];

/**
 * The same gateways out of another checkout, which must be built.
 * @param {string} folder
 * @returns {Entry[]}
 */
export const rosterOf = (folder) =>
  roster
    .filter(({ file }) => file.startsWith('headrace'))
    .map((entry) => {
      const suffix = basename(folder);
      return {
        ...entry,
        name: `${entry.name}@${suffix}`,
        label: `${entry.label} (${suffix})`,
        folder: resolve(folder),
      };
    });
