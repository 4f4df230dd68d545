import type { Evidence, SeenCall, SeenRequest } from './evidence.js';

/** Timers of different clocks may differ by so much, in ms. */
const TOLERANCE_MS = 10;

const count = (requests: readonly SeenRequest[], name: SeenRequest['target']): number =>
  requests.filter(({ target }) => target === name).length;

const ms = (value: number): string => `${Math.round(value)} ms`;

const strayed = (requests: readonly SeenRequest[]): string | undefined => {
  const elsewhere = requests.find(({ target }) => target === 'elsewhere');
  if (elsewhere !== undefined) {
    const key = elsewhere.keyOf === undefined ? '' : ' and the key';
    return `the prompt${key} went to an origin that no target names`;
  }
  const wrong = requests.find(({ target, keyOf }) => keyOf !== undefined && keyOf !== target);
  return wrong === undefined ? undefined : `the key of the ${wrong.keyOf} went to the ${wrong.target}`;
};

const hurried = (requests: readonly SeenRequest[], hintMs: number): string | undefined => {
  const times = requests.filter(({ target }) => target === 'primary').map(({ arrivedAtMs }) => arrivedAtMs);
  for (const [index, time] of times.entries()) {
    const before = times[index - 1];
    if (before === undefined || time - before >= hintMs - TOLERANCE_MS) continue;
    return `the primary asked for ${ms(hintMs)} of rest and was asked again after ${ms(time - before)}`;
  }
  return undefined;
};

/** What was wrong with the requests that one call made, if anything. */
export const faultOfRequests = (
  { fault, subject }: Pick<Evidence, 'fault' | 'subject'>,
  call: SeenCall,
  requests: readonly SeenRequest[],
): string | undefined => {
  const stray = strayed(requests);
  if (stray !== undefined) return stray;
  if (requests.length > subject.maxAttempts)
    return `${requests.length} requests were made for one call, and ${subject.maxAttempts} were allowed`;
  const repeated = fault.isFinal === true && Math.max(count(requests, 'primary'), count(requests, 'fallback'));
  if (repeated !== false && repeated > 1) return `what no repetition mends was asked ${repeated} times`;
  const hurry = fault.hintMs === undefined ? undefined : hurried(requests, fault.hintMs);
  if (hurry !== undefined) return hurry;
  const { firstTextAtMs } = call;
  if (
    firstTextAtMs !== undefined &&
    !subject.recovers &&
    requests.some(({ arrivedAtMs }) => arrivedAtMs > firstTextAtMs)
  )
    return 'it was asked again after part of the answer had been delivered';
  return undefined;
};
