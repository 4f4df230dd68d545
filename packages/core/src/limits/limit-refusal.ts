import type { LimitState } from '../contract/limit-state.js';
import type { AccountState, ShortAccount } from '../contract/state-store.js';
import { BudgetExhaustedError, LimitReachedError } from '../errors/limit-errors.js';
import { type Limit, stateOf } from './limit-plan.js';
import { usdOf } from './nano-usd.js';

/** A limit without room for the call. */
export interface ShortLimit {
  readonly limit: Limit;
  /** What the call asked of it. */
  readonly amount: number;
  readonly state: ShortAccount;
}

const seconds = (ms: number): string => `${Math.max(0.1, Math.ceil(ms / 100) / 10)} s`;

const SPANS = {
  open: 'at one time',
  minute: 'a minute',
  hour: 'an hour',
  day: 'a day',
  month: 'a month',
  total: 'in all',
};
const UNITS = { concurrency: 'calls', requests: 'requests', tokens: 'tokens', usd: 'US dollars' };

const ownerOf = ({ scope, subject }: LimitState): string => {
  if (scope === 'gateway') return 'the gateway';
  if (subject === undefined) return 'calls without a tenant';
  return scope === 'tenant' ? `the tenant "${subject}"` : `"${subject}"`;
};

/** `The limit of 60 requests a minute for the tenant "acme" …: 40 are used, 20 reserved by calls under way.` */
const told = (state: LimitState, verdict: string): string => {
  const { measure, window, limit, used, reserved } = state;
  const counted = measure === 'concurrency' ? `${reserved} are under way` : `${used} used, ${reserved} reserved`;
  return `The limit of ${limit} ${UNITS[measure]} ${SPANS[window]} for ${ownerOf(state)} ${verdict}: ${counted}.`;
};

/** Whether no wait brings this money back before its hour, day or month is over. */
export const isSpent = ({ limit, amount, state }: ShortLimit): boolean =>
  limit.measure === 'usd' && state.used + Math.max(1, amount) > limit.limit;

export const budgetSpent = ({ limit, amount, state }: ShortLimit): BudgetExhaustedError => {
  const shown = stateOf(limit, state, state.freesInMs);
  const asked =
    amount === 0 ? '' : ` This call may cost up to ${amount / 1e9}; a lower \`maxOutputTokens\` makes that less.`;
  const frees = state.freesInMs === undefined ? '' : ` The next span begins in ${seconds(state.freesInMs)}.`;
  return new BudgetExhaustedError(`${told(shown, 'does not cover the call')}${asked}${frees} Nothing was sent.`, shown);
};

/** For one more attempt of a call that was let in. It does not wait: the attempts before it may be under way. */
export const noFurther = (short: ShortLimit): BudgetExhaustedError | LimitReachedError => {
  const { limit, amount, state } = short;
  const shown = stateOf(limit, state, state.freesInMs);
  const text = `${told(shown, 'has no room for another attempt')} It may cost ${usdOf(amount)} more than is reserved. It was not sent.`;
  if (isSpent(short)) return new BudgetExhaustedError(text, shown);
  return new LimitReachedError(text, { failureClass: 'rate', limit: shown });
};

/** For a call whose input alone is more than the limit. */
export const neverFits = (limit: Limit, tokens: number): LimitReachedError => {
  const state: AccountState = { account: limit.account, window: limit.window, used: 0, reserved: 0, underestimated: 0 };
  const shown = stateOf(limit, state);
  const text = `The input of at least ${tokens} tokens can never fit in the limit of ${shown.limit} tokens a minute for ${ownerOf(shown)}. Nothing was sent.`;
  return new LimitReachedError(text, { failureClass: 'caller', limit: shown });
};

/** How long a wait for room takes. */
export interface ExpectedWait {
  /** As computed; undefined when it cannot be. */
  readonly waitMs: number | undefined;
  /** A hint in its place. */
  readonly guessMs: number;
}

/** @param why what the wait was too long for */
export const noRoom = (
  { limit, state }: ShortLimit,
  { waitMs, guessMs }: ExpectedWait,
  why: string,
): LimitReachedError => {
  const shown = stateOf(limit, state, waitMs);
  const hint =
    waitMs === undefined ? ' When there will be room is not known.' : ` Room is expected in ${seconds(waitMs)}.`;
  return new LimitReachedError(`${told(shown, 'is reached')}${hint} ${why} Nothing was sent.`, {
    failureClass: limit.measure === 'concurrency' ? 'capacity' : 'rate',
    limit: shown,
    retryAfterMs: Math.max(1, Math.ceil(waitMs ?? guessMs)),
  });
};
