import type { IncomingHttpHeaders } from 'node:http';
import type { ApiError } from './api-error.js';
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
  /** The parsed JSON, or the fields of a form, files among them. Undefined when the body is neither. */
  readonly body: unknown;
  readonly attribution: Attribution;
  readonly faults: readonly AppliedFault[];
}

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly needsCredential: boolean;
  /** The credential may also come as `x-api-key`, which is then the one that counts. Default false. */
  readonly takesApiKeyHeader?: boolean | undefined;
  /** The body of an error in the dialect of this route. Default: `{ error, … }`. */
  readonly errorBody?: ((error: ApiError) => unknown) | undefined;
  /**
   * What goes with an error as `providerMetadata.gateway` when every provider of this request has failed; undefined when
   * the request cannot be planned. Only routes that generate have it.
   */
  readonly failureRecord?: (
    request: RouteRequest,
    state: EmulatorState,
  ) => Promise<Readonly<Record<string, unknown>> | undefined>;
  /** @throws ApiError */
  answer(request: RouteRequest, state: EmulatorState): Promise<Reply>;
}
