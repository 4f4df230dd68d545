// Starting child processes: quietly for preparations, in the foreground for tasks.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [shell] only for commands whose arguments contain no spaces
 * @property {number} [timeout] in ms; the child is ended when it runs out. Default: none
 */

/** @type {readonly NodeJS.Signals[]} */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** @param {NodeJS.Signals} signal */
const exitCodeOf = (signal) => 128 + (constants.signals[signal] ?? 0);

/**
 * Waits for a child and passes on the signals that reach this process alone.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
function settle(child) {
  const listeners = FORWARDED.map((signal) => {
    const listener = () => {
      // On a terminal Ctrl-C reaches the whole process group; sending it again would look like a second Ctrl-C.
      if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  return /** @type {Promise<number>} */ (
    new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(signal === null ? (code ?? 1) : exitCodeOf(signal)));
    })
  ).finally(() => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  });
}

/**
 * Runs a command in the foreground and resolves to its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 */
export async function runLoud(command, args, options = {}) {
  return settle(spawn(command, args, { ...options, stdio: 'inherit' }));
}

/**
 * Runs a command and keeps what it prints.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<{ code: number, stdout: string, output: string }>} `output` is stdout and stderr as they came
 */
export async function runQuiet(command, args, options = {}) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    output += text;
  });
  const code = await settle(child);
  return { code, stdout, output };
}
