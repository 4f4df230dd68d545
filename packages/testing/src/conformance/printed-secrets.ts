import { format } from 'node:util';

const LEVELS = ['log', 'info', 'debug', 'warn', 'error', 'dir', 'trace', 'table'] as const;

type Loose = (...args: unknown[]) => unknown;

const textOf = (chunk: unknown): string =>
  ArrayBuffer.isView(chunk) ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString() : String(chunk);

/**
 * Which of these texts are written to the console, to standard output or standard error while a task runs. What holds none
 * of them is printed as ever: a runner reports by the same streams.
 */
export const printedSecrets = async (
  secrets: readonly string[],
  task: () => Promise<unknown>,
): Promise<readonly string[]> => {
  const seen = new Set<string>();
  const undo: (() => void)[] = [];
  const watch = (target: object, name: string, read: (args: readonly unknown[]) => string): void => {
    const own = Object.getOwnPropertyDescriptor(target, name);
    const original: Loose = Reflect.get(target, name);
    const value: Loose = (...args) => {
      const found = secrets.filter((secret) => read(args).includes(secret));
      for (const secret of found) seen.add(secret);
      return found.length > 0 || Reflect.apply(original, target, args);
    };
    Object.defineProperty(target, name, { value, configurable: true, writable: true });
    undo.push(() =>
      own === undefined ? Reflect.deleteProperty(target, name) : Object.defineProperty(target, name, own),
    );
  };
  for (const level of LEVELS) watch(console, level, (args) => format(...args));
  for (const stream of [process.stdout, process.stderr]) watch(stream, 'write', ([chunk]) => textOf(chunk));
  try {
    await task();
  } finally {
    for (const one of undo.reverse()) one();
  }
  return [...seen];
};
