import { parseArgs } from 'node:util';

export const USAGE = `npm run bench -- [flags]
  --node VERSION    Node to measure with, from npm; the one in use when it begins with VERSION. Default 24.21.0
  --rounds N        default 5, with --quick 2
  --quick           shorter streams and shorter measurements
  --only NAMES      these measurements, comma-separated; the beginning of a name is enough
  --clients NAMES   these clients beside raw
  --beside FOLDER   measures the gateway of another checkout too, which must be built; may be given several times
  --slower N        the upstream rests N times as long between writes: for machines on which the frames
                    per read are not as announced. Default 1
  --json FILE       writes every figure of every round
  --profile FOLDER  writes a CPU profile of every measured process; its figures are then no longer comparable
  --check           exit code 1 when a limit is not met
`;

const DEFAULT_NODE = '24.21.0';

/** @param {string | undefined} text @param {string} flag @param {number} fallback */
function number(text, flag, fallback) {
  const value = text === undefined ? fallback : Number(text);
  if (!(value > 0)) throw new TypeError(`--${flag} takes a number above 0, not "${text}"`);
  return value;
}

/** @param {string | undefined} text */
const names = (text) => text?.split(',').map((name) => name.trim());

/**
 * @param {readonly string[]} args
 * @throws TypeError for a flag that does not exist or a value that makes no sense.
 */
export function parseFlags(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      node: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      clients: { type: 'string' },
      beside: { type: 'string', multiple: true, default: [] },
      slower: { type: 'string' },
      json: { type: 'string' },
      profile: { type: 'string' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    node: values.node ?? DEFAULT_NODE,
    rounds: Math.ceil(number(values.rounds, 'rounds', values.quick ? 2 : 5)),
    isQuick: values.quick,
    only: names(values.only),
    clients: names(values.clients),
    beside: values.beside,
    slower: number(values.slower, 'slower', 1),
    json: values.json,
    profile: values.profile,
    isCheck: values.check,
    isHelp: values.help,
  };
}
