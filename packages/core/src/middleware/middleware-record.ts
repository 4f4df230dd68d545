import type { MiddlewareSide } from '../errors/middleware-errors.js';

/** What a middleware did to a call. One that only watched is not in the receipt. */
export interface MiddlewareRecord {
  readonly name: string;
  readonly side: MiddlewareSide;
  readonly action: 'changed' | 'answered' | 'refused' | 'failed';
}
