import fs from 'node:fs';
import net from 'node:net';
import { devNull } from 'node:os';
import { Writable } from 'node:stream';
import { canariesIn } from './canary.js';
import { CanaryWatch } from './canary-watch.js';

type Loose = (...args: unknown[]) => unknown;

/**
 * Node's own modules are shared by all test files of a worker: they are hooked once, and report to the file that runs.
 * What that does with it comes from the file itself: globals of one that is over are not what they were.
 */
interface Shared {
  watch: CanaryWatch;
  lookAtFile: (watch: CanaryWatch, path: unknown, content: unknown) => void;
  areHandlesHooked: boolean;
}

const STATE = Symbol.for('@headrace/canary-watch');

const textOf = (chunk: unknown): string => {
  if (typeof chunk === 'string') return chunk;
  return ArrayBuffer.isView(chunk) ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('utf8') : '';
};

/** @param look what to do first; false leaves it at that. */
const before = (target: object, name: string, look: (args: readonly unknown[]) => unknown): void => {
  const original = Reflect.get(target, name) as Loose;
  Object.assign(target, {
    [name]: function hooked(this: unknown, ...args: unknown[]) {
      if (look(args) === false) return true;
      return Reflect.apply(original, this, args);
    },
  });
};

/** Vercel's tools share their tokens through files in this folder. */
const KEPT_IN = /[/\\]com\.vercel\.token[/\\]/;
/** Who plays Vercel's tools. */
const IS_TOOL = /linked-project\.ts|oidc[/\\][\w-]+\.test\.ts/;

const lookAtFile = (watch: CanaryWatch, path: unknown, content: unknown): void => {
  const text = textOf(content);
  if (canariesIn(text).length === 0) return;
  if (!KEPT_IN.test(String(path)) && !IS_TOOL.test(new Error().stack ?? '')) watch.look('file', text);
};

const hook = (shared: Shared): void => {
  const logged = ([chunk]: readonly unknown[]): void => shared.watch.look('log', textOf(chunk));
  const printed = (args: readonly unknown[]): boolean => {
    logged(args);
    return !shared.watch.isQuiet;
  };
  // Terminals and pipes are sockets, which would be hooked with every connection: of those only the process's own two.
  for (const name of ['write', 'end']) before(Writable.prototype, name, logged);
  for (const stream of [process.stdout, process.stderr]) before(stream, 'write', printed);
  const written = ([path, content]: readonly unknown[]): void => shared.lookAtFile(shared.watch, path, content);
  for (const name of ['writeFile', 'writeFileSync', 'appendFile', 'appendFileSync']) before(fs, name, written);
  for (const name of ['writeFile', 'appendFile']) before(fs.promises, name, written);
  for (const name of ['write', 'writeSync']) before(fs, name, written);
};

/** The watch of this test file, which hears of all that is written to logs and files in this process. */
export const watchOfThisFile = (): CanaryWatch => {
  const place = net.Socket.prototype as { [STATE]?: Shared };
  const watch = new CanaryWatch();
  if (place[STATE] === undefined) {
    place[STATE] = { watch, lookAtFile, areHandlesHooked: false };
    hook(place[STATE]);
  } else Object.assign(place[STATE], { watch, lookAtFile });
  return watch;
};

const sharedState = (): Shared => {
  const shared = (net.Socket.prototype as { [STATE]?: Shared })[STATE];
  if (shared === undefined) throw new TypeError('no watch is in force: is the set-up file loaded?');
  return shared;
};

/** The watch in force. @throws TypeError where the set-up file is not loaded */
export const watchInForce = (): CanaryWatch => sharedState().watch;

/** Hooks what is written through open files: their class is had from one of them only. */
export const hookFileHandles = async (): Promise<void> => {
  const shared = sharedState();
  if (shared.areHandlesHooked) return;
  shared.areHandlesHooked = true;
  await using handle = await fs.promises.open(devNull);
  const written = ([content]: readonly unknown[]): void => shared.lookAtFile(shared.watch, '', content);
  for (const name of ['write', 'writeFile', 'appendFile']) before(Object.getPrototypeOf(handle) as object, name, written);
};
