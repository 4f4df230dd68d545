import type { Secret } from '@headrace/core/plugin';
import type { Environment } from '@headrace/wire/provider';
import { RefreshFault } from './refresh-fault.js';
import type { RefreshedToken, RefreshWork } from './refresh-token.js';
import { freshnessOf } from './token-expiry.js';

/** Below the usual limit for connecting, whose error would say less. */
const LONGEST_WAIT_MS = 9_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Between two refreshes that nobody waits for. */
const AHEAD_PAUSE_MS = 60_000;
/** Between two tokens given up: a project that may not use the gateway has every token refused. */
const REFUSED_PAUSE_MS = 60_000;

const isDevelopment = (env: Environment): boolean => {
  const given = (name: string): string => env[name] ?? '';
  return (
    given('NODE_ENV') !== 'production' &&
    ['', 'development'].includes(given('VERCEL_ENV')) &&
    given('AWS_LAMBDA_FUNCTION_NAME') === ''
  );
};

export type RefreshOptions = Omit<RefreshWork, 'signal' | 'refused'> & {
  /** Whether tokens are refreshed; undefined: in development only. */
  readonly enabled: boolean | undefined;
};

/**
 * Keeps the OIDC token of a linked project fresh: one refresh at a time however many wait for it, and a pause after
 * one that failed. Asks nobody before it is asked.
 */
export class OidcRefresh {
  readonly #options: RefreshOptions;
  readonly #closing = new AbortController();
  #held: RefreshedToken | undefined;
  #running: Promise<Secret> | undefined;
  #fault: RefreshFault | undefined;
  #failures = 0;
  #pausedUntil = 0;
  #begunAt = Number.NEGATIVE_INFINITY;
  #refused: Secret | undefined;
  #refusedAt = Number.NEGATIVE_INFINITY;

  constructor(options: RefreshOptions) {
    this.#options = options;
  }

  get enabled(): boolean {
    const { enabled, env } = this.#options;
    return enabled ?? isDevelopment(env);
  }

  /** The token of the last refresh, while it serves. */
  get held(): Secret | undefined {
    if (this.#held === undefined) return undefined;
    const fresh = freshnessOf(this.#held.expiresAt, this.#options.clock.epochMs());
    if (fresh === 'spent') return undefined;
    if (fresh === 'old') this.begin();
    return this.#held.token;
  }

  /** Fetches a new token without anybody waiting for it, once a minute at most. */
  begin(): void {
    const now = this.#options.clock.now();
    if (this.#running !== undefined || now < this.#begunAt + AHEAD_PAUSE_MS) return;
    this.#begunAt = now;
    this.fetch().catch(() => {});
  }

  /** A new token. @throws RefreshFault, the same one for all who wait and for those who come during the pause after it */
  fetch(): Promise<Secret> {
    if (this.#running !== undefined) return this.#running;
    if (this.#fault !== undefined && this.#options.clock.now() < this.#pausedUntil) return Promise.reject(this.#fault);
    this.#running = this.#within(this.#refresh());
    return this.#running;
  }

  /** The gateway does not accept a token of a refresh: it is given up, once a minute at most, and the next call gets another. */
  refuse(token: Secret): void {
    const now = this.#options.clock.now();
    // Of many calls that sent it only the first to hear has anything to give up.
    if (this.#held?.token !== token || now < this.#refusedAt + REFUSED_PAUSE_MS) return;
    this.#held = undefined;
    this.#refused = token;
    this.#refusedAt = now;
  }

  /** Ends a request under way. */
  close(): void {
    this.#closing.abort(new RefreshFault('The client was closed meanwhile.', 'Make another one.'));
  }

  async #refresh(): Promise<Secret> {
    try {
      const { refreshToken } = await import('./refresh-token.js');
      this.#held = await refreshToken({ ...this.#options, refused: this.#refused, signal: this.#closing.signal });
      this.#fault = undefined;
      this.#failures = 0;
      return this.#held.token;
    } catch (error) {
      // What else is thrown here may quote a file or an answer.
      const unknown = 'It failed in a way that was not foreseen.';
      this.#fault = error instanceof RefreshFault ? error : new RefreshFault(unknown, 'Run "vercel env pull".');
      this.#pausedUntil =
        this.#options.clock.now() + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.#failures, 16));
      this.#failures += 1;
      throw this.#fault;
    } finally {
      this.#running = undefined;
    }
  }

  /** Lets nobody wait for long, though the refresh itself goes on. */
  #within(refresh: Promise<Secret>): Promise<Secret> {
    return new Promise((resolve, reject) => {
      const late = new RefreshFault(`It takes longer than ${LONGEST_WAIT_MS / 1000} s.`, 'Try again in a moment.');
      const stop = this.#options.clock.schedule(LONGEST_WAIT_MS, () => reject(late));
      refresh.then(resolve, reject).finally(stop);
    });
  }
}
