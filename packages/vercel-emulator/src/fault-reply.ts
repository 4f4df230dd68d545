import { ApiError } from './api-error.js';
import { documentedError } from './documented-errors.js';
import type { EmulatorState } from './emulator-state.js';
import { type AppliedFault, faultOf } from './fault.js';
import { emptyReply, htmlReply, jsonReply, type WholeReply } from './reply.js';
import type { Route, RouteRequest } from './route.js';

const CLOSED_BY_CLIENT = 'The request was closed by a client';

type StatusFault = Extract<AppliedFault, { kind: 'status' }>;

async function statusReply(
  fault: StatusFault,
  route: Route | undefined,
  request: RouteRequest,
  state: EmulatorState,
): Promise<WholeReply> {
  const { status, type, headers = {} } = fault;
  if (typeof fault.body === 'string') {
    return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: fault.body };
  }
  if (fault.body !== undefined) return jsonReply(status, fault.body, headers);
  // The one status whose body was seen to be no JSON.
  if (status === 499) {
    return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: CLOSED_BY_CLIENT };
  }
  const { members } = documentedError(status, type);
  const gateway = status === 503 ? await route?.failureRecord?.(request, state) : undefined;
  const beside = gateway === undefined ? {} : { providerMetadata: { gateway } };
  return new ApiError(status, members, beside).reply(headers, route?.errorBody);
}

/** The answer that a fault puts in place of the real one, or undefined when no fault does. */
export async function faultReply(
  route: Route | undefined,
  request: RouteRequest,
  state: EmulatorState,
): Promise<WholeReply | undefined> {
  const { faults } = request;
  const status = faultOf(faults, 'status');
  if (status !== undefined) return statusReply(status, route, request, state);
  const html = faultOf(faults, 'html');
  if (html !== undefined) return htmlReply(html.status ?? 200);
  const empty = faultOf(faults, 'empty-body');
  return empty === undefined ? undefined : emptyReply(empty.status ?? 200);
}
