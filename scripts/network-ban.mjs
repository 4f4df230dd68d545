// Loopback only, for tests: a connection to anywhere else is refused and written down.
import dns from 'node:dns';
import net from 'node:net';
import process from 'node:process';

const STATE = Symbol.for('@headrace/network-ban');
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|::1|::ffff:127(?:\.\d+){3})$/;

/** @param {unknown} host */
const isLoopback = (host) =>
  host === undefined || host === null || host === '' || (typeof host === 'string' && LOOPBACK.test(host));

/**
 * Node's own modules are shared by all test files of a worker, so they are patched once.
 * @returns {{ attempts: string[] }}
 */
export function installNetworkBan() {
  const shared = /** @type {{ [STATE]?: { attempts: string[] } }} */ (net.Socket.prototype);
  if (shared[STATE] !== undefined) return shared[STATE];
  const state = { attempts: /** @type {string[]} */ ([]) };
  shared[STATE] = state;

  /** @param {string} what */
  const refuse = (what) => {
    state.attempts.push(what);
    return Object.assign(new Error(`tests may reach loopback only, not ${what}`), { code: 'ENETUNREACH' });
  };

  // oxlint-disable-next-line typescript/unbound-method -- called below with its own `this`
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = /** @type {typeof connect} */ (
    /** @this {net.Socket} @param {any[]} args */
    function (...args) {
      // connect(options), connect(port, host), connect(path), or the normalised array that net.connect passes
      const first = Array.isArray(args[0]) ? args[0][0] : args[0];
      const host = typeof first === 'object' && first !== null ? first.host : args[1];
      const isPort = typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first));
      const toNetwork = typeof first === 'object' && first !== null ? first.path === undefined : isPort;
      if (toNetwork && typeof host !== 'function' && !isLoopback(host)) {
        const error = refuse(String(host));
        process.nextTick(() => this.destroy(error));
        return this;
      }
      return Reflect.apply(connect, this, args);
    }
  );

  for (const name of /** @type {const} */ (['lookup', 'resolve', 'resolve4', 'resolve6'])) {
    const callbackForm = /** @type {(...args: any[]) => unknown} */ (dns[name]);
    const promiseForm = /** @type {(...args: any[]) => Promise<unknown>} */ (dns.promises[name]);
    Object.assign(dns, {
      /** @param {any[]} args */
      [name]: (...args) => {
        if (isLoopback(args[0])) return callbackForm(...args);
        const error = refuse(`the address of ${args[0]}`);
        process.nextTick(args.at(-1), error);
        return undefined;
      },
    });
    Object.assign(dns.promises, {
      /** @param {any[]} args */
      [name]: async (...args) => {
        if (isLoopback(args[0])) return promiseForm(...args);
        throw refuse(`the address of ${args[0]}`);
      },
    });
  }
  return state;
}
