// Who is measured. The first is the base of all ratios.

/**
 * @typedef {object} Entry
 * @property {string} name file name in clients/
 * @property {string} label
 * @property {number} minimumNode major version
 * @property {boolean} isQuickReader keeps up with the `busy` pace
 */

/** @type {readonly [Entry, ...Entry[]]} */
export const roster = [
  { name: 'raw', label: 'raw undici', minimumNode: 20, isQuickReader: true },
  { name: 'headrace', label: 'headrace', minimumNode: 20, isQuickReader: true },
  { name: 'headrace-all', label: 'all stages', minimumNode: 20, isQuickReader: true },
  { name: 'openai', label: 'openai', minimumNode: 22, isQuickReader: false },
  { name: 'ai', label: 'ai', minimumNode: 22, isQuickReader: false },
];
