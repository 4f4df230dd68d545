import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/** A ban in force. */
export interface NetworkBan {
  /** Every place someone tried to reach, in order: check it after each test, since code under test may swallow the error. */
  readonly attempts: readonly string[];
  /** Ends the ban. Idempotent. Undo several bans in the reverse order. */
  undo(): void;
  [Symbol.dispose](): void;
}

type Loose = (...args: unknown[]) => unknown;

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?|::ffff:127(?:\.\d+){3})$/i;
const isLoopback = (host: unknown): boolean => typeof host !== 'string' || host === '' || LOOPBACK.test(host);

const LOOK_UPS = [
  'lookup',
  'lookupService',
  'resolve',
  'resolve4',
  'resolve6',
  'resolveAny',
  'resolveCaa',
  'resolveCname',
  'resolveMx',
  'resolveNaptr',
  'resolveNs',
  'resolvePtr',
  'resolveSoa',
  'resolveSrv',
  'resolveTxt',
  'reverse',
] as const;

/** The host of `connect(options)`, `connect(port, host)` and the list that `net.connect` passes on; undefined: none, or a pipe. */
const hostOf = (args: readonly unknown[]): unknown => {
  const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof first === 'object' && first !== null) {
    const { path, host } = first as { path?: unknown; host?: unknown };
    return path === undefined || path === null ? host : undefined;
  }
  const isPort = typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first));
  return isPort ? args[1] : undefined;
};

/**
 * Makes every connection of this process to anything but loopback fail with `ENETUNREACH`, and every look-up of a name with
 * it, until `undo()`. TCP and TLS, by whatever client; not UDP, not other processes, not other worker threads.
 * A look-up function imported by name under a runner that links Node's modules itself (Jest does) is not caught; the
 * connection that would follow is.
 */
export const networkBan = (): NetworkBan => {
  const attempts: string[] = [];
  const restore: (() => void)[] = [];

  const refuse = (place: string): Error => {
    attempts.push(place);
    const message = `only loopback may be reached while the network is banned, not ${place}`;
    return Object.assign(new Error(message), { code: 'ENETUNREACH' });
  };

  const replace = (target: object, name: string, make: (before: Loose) => Loose): void => {
    const before = Reflect.get(target, name) as Loose;
    const after = make(before);
    Object.assign(target, { [name]: after });
    restore.push(() => {
      if (Reflect.get(target, name) === after) Object.assign(target, { [name]: before });
    });
  };

  replace(
    net.Socket.prototype,
    'connect',
    (before) =>
      function connect(this: net.Socket, ...args) {
        const host = hostOf(args);
        if (isLoopback(host)) return Reflect.apply(before, this, args);
        const error = refuse(String(host));
        process.nextTick(() => this.destroy(error));
        return this;
      },
  );
  for (const name of LOOK_UPS) {
    replace(
      dns,
      name,
      (before) =>
        function lookUp(this: unknown, ...args) {
          if (isLoopback(args[0])) return Reflect.apply(before, this, args);
          const error = refuse(`the address of ${String(args[0])}`);
          const callback = args.at(-1);
          if (typeof callback === 'function') process.nextTick(callback as () => void, error);
          return undefined;
        },
    );
    replace(
      dns.promises,
      name,
      (before) =>
        function lookUp(this: unknown, ...args) {
          if (isLoopback(args[0])) return Reflect.apply(before, this, args);
          return Promise.reject(refuse(`the address of ${String(args[0])}`));
        },
    );
  }
  syncBuiltinESMExports();

  const undo = (): void => {
    for (const step of restore.splice(0)) step();
    syncBuiltinESMExports();
  };
  return { attempts, undo, [Symbol.dispose]: undo };
};
