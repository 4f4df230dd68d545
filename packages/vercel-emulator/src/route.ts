import type { IncomingHttpHeaders } from 'node:http';
import type { Attribution } from './attribution.js';
import type { EmulatorState } from './emulator-state.js';
import type { AppliedFault } from './fault.js';
import type { Reply } from './reply.js';

/** A request whose body has been read. */
export interface RouteRequest {
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
  /** What the path's placeholders stand for, decoded. */
  readonly params: readonly string[];
  /** Undefined when the body is no JSON. */
  readonly body: unknown;
  readonly attribution: Attribution;
  readonly faults: readonly AppliedFault[];
}

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly needsCredential: boolean;
  /** @throws ApiError */
  answer(request: RouteRequest, state: EmulatorState): Promise<Reply>;
}
