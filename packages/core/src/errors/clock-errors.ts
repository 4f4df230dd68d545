import { GatewayError } from './gateway-error.js';

/** The clocks of a call. Each has a limit of its own and an error code of its own: `<clock>-timeout`. */
export type ClockName = 'connect' | 'headers' | 'first-content' | 'idle' | 'total' | 'throughput' | 'deadline';

/** A clock ran out: the upstream was silent or too slow, or the caller's deadline passed. */
export class TimeoutError extends GatewayError {
  readonly code: `${ClockName}-timeout`;
  readonly failureClass = 'silence';
  readonly clock: ClockName;
  /** The limit that was reached, in ms. */
  readonly limitMs: number;

  constructor(clock: ClockName, limitMs: number, message: string) {
    super(message);
    this.clock = clock;
    this.code = `${clock}-timeout`;
    this.limitMs = limitMs;
  }
}
