import { ApiError } from './api-error.js';
import { parseChatRequest } from './chat-request.js';
import { failureRecord } from './chat-route.js';
import { documentedError } from './documented-errors.js';
import type { EmulatorState } from './emulator-state.js';
import { type AppliedFault, faultOf } from './fault.js';
import { emptyReply, htmlReply, jsonReply, type WholeReply } from './reply.js';
import { failedOutcome } from './routing-outcome.js';
import { planRoute } from './routing-plan.js';

type StatusFault = Extract<AppliedFault, { kind: 'status' }>;

async function withRoutingRecord(error: ApiError, body: unknown, state: EmulatorState): Promise<ApiError> {
  try {
    const request = parseChatRequest(body);
    const outcome = failedOutcome(planRoute(request, await state.catalogue()));
    const gateway = failureRecord(outcome, request, state.clock.now());
    return new ApiError(error.status, error.members, { providerMetadata: { gateway } });
  } catch (unplanned) {
    if (unplanned instanceof ApiError) return error;
    throw unplanned;
  }
}

async function statusReply(fault: StatusFault, body: unknown, state: EmulatorState): Promise<WholeReply> {
  const { status, type, headers = {} } = fault;
  if (typeof fault.body === 'string') {
    return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: fault.body };
  }
  if (fault.body !== undefined) return jsonReply(status, fault.body, headers);
  const error = documentedError(status, type);
  return (status === 503 ? await withRoutingRecord(error, body, state) : error).reply(headers);
}

/** The answer that a fault puts in place of the real one, or undefined when no fault does. */
export async function faultReply(
  faults: readonly AppliedFault[],
  body: unknown,
  state: EmulatorState,
): Promise<WholeReply | undefined> {
  const status = faultOf(faults, 'status');
  if (status !== undefined) return statusReply(status, body, state);
  const html = faultOf(faults, 'html');
  if (html !== undefined) return htmlReply(html.status ?? 200);
  const empty = faultOf(faults, 'empty-body');
  return empty === undefined ? undefined : emptyReply(empty.status ?? 200);
}
