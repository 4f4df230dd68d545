import type { Gateway } from '@headrace/core';

/** A gateway to talk to, and what was started for it. */
export interface Connection {
  readonly gateway: Gateway;
  /** Ends what is under way and closes everything that `connect` opened. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Start the built-in emulator and talk to it. */
  readonly emulator: boolean;
  readonly baseUrl?: string | undefined;
  /** File of configuration that the gateway comes from, in place of Vercel AI Gateway alone. */
  readonly config?: string | undefined;
  /** Pace of the emulator. Default: as fast as it can. */
  readonly tokensPerSecond?: number | undefined;
}

export type Connect = (options: ConnectOptions) => Promise<Connection>;

/** The id under which Vercel AI Gateway is registered: the prefix `vercel:` may be typed or left out. */
export const DEFAULT_PROVIDER = 'vercel';
