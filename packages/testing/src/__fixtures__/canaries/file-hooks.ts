import { type CanaryWatch, framesOf } from './canary-watch.js';
import { textsIn } from './printable.js';

type Loose = (...args: unknown[]) => unknown;
type LooseConstructor = new (...args: never[]) => Error;

/** Errors made in this test file, whoever makes them: a class that extends `Error` makes its objects through it. */
const hookErrors = (watch: CanaryWatch): void => {
  const original = Error;
  const construct = (target: typeof Error, args: readonly unknown[], newTarget: LooseConstructor): Error => {
    const error = Reflect.construct(target, args, newTarget) as Error;
    // Otherwise every failure would be shown as one of this line.
    original.captureStackTrace(error, construct);
    watch.sees(error, typeof args[0] === 'string' ? args[0] : '');
    return error;
  };
  globalThis.Error = new Proxy(original, { construct, apply: (target, _, args: []) => construct(target, args, target) });
};

const hookConsole = (watch: CanaryWatch): void => {
  for (const name of ['debug', 'dir', 'error', 'info', 'log', 'table', 'trace', 'warn'] as const) {
    const original = console[name] as Loose;
    console[name] = (...args: unknown[]) => {
      for (const one of args) watch.look('log', typeof one === 'string' ? one : textsIn(one));
      if (!watch.isQuiet) original.apply(console, args);
    };
  }
  const emitWarning = process.emitWarning as Loose;
  process.emitWarning = (...args: unknown[]) => {
    watch.look('log', textsIn(args));
    if (!watch.isQuiet) emitWarning.apply(process, args);
  };
};

/** Tests, their titles and their tools hold keys; the store of tokens is judged by the file it writes. */
const MAY_HOLD_KEYS = /\.test\.ts|__fixtures__|packages\/testing\/|packages\/vercel-emulator\/|oidc\/token-file\.ts|jest-each/;

const hookJson = (watch: CanaryWatch): void => {
  const stringify = JSON.stringify as Loose;
  const hooked = (...args: unknown[]): unknown => {
    const json = stringify(...args);
    if (typeof json === 'string' && json.includes('-canary-')) {
      const [caller = ''] = framesOf(new Error());
      if (!MAY_HOLD_KEYS.test(caller)) watch.look('JSON', json);
    }
    return json;
  };
  JSON.stringify = hooked as typeof JSON.stringify;
};

/** Hooks what every test file has a copy of. */
export const hookThisFile = (watch: CanaryWatch): void => {
  hookErrors(watch);
  hookConsole(watch);
  hookJson(watch);
};
