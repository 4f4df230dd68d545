import type { Evidence, SeenCall, SeenRequest } from './evidence.js';
import type { Verdict } from './fault.js';
import { judgeAnswer } from './judge-answer.js';
import { faultOfRequests } from './judge-requests.js';

/** A verdict, and what it rests on. */
export interface Judgement {
  readonly verdict: Verdict;
  /** For `failed`: what was wrong. For `honest`: what the caller was told. Absent for `rescued`. */
  readonly reason?: string;
}

const RANK: Readonly<Record<Verdict, number>> = { rescued: 0, honest: 1, failed: 2 };

const requestsOf = (call: SeenCall, next: SeenCall | undefined, requests: readonly SeenRequest[]): SeenRequest[] =>
  requests.filter(
    ({ arrivedAtMs }) => arrivedAtMs >= call.startedAtMs && (next === undefined || arrivedAtMs < next.startedAtMs),
  );

/** The verdict over one fault: that of the call that came out worst. Pure. */
export const judge = (evidence: Evidence): Judgement => {
  const { calls, requests } = evidence;
  let worst: Judgement = { verdict: 'rescued' };
  for (const [index, call] of calls.entries()) {
    const own = requestsOf(call, calls[index + 1], requests);
    const wrong = faultOfRequests(evidence, call, own);
    const one: Judgement = wrong === undefined ? judgeAnswer(evidence, call) : { verdict: 'failed', reason: wrong };
    const which = calls.length === 1 || one.reason === undefined ? '' : `call ${index + 1}: `;
    if (RANK[one.verdict] > RANK[worst.verdict])
      worst = { verdict: one.verdict, ...(one.reason === undefined ? {} : { reason: `${which}${one.reason}` }) };
  }
  return worst;
};
