import { type Account, createAccount } from './account.js';
import {
  cardRequired,
  freeTierRateLimited,
  paidModel,
  rateLimited,
  reportNotInPlan,
  retentionNotInPlan,
} from './account-errors.js';
import { type AccountRules, type CheckedAccountRules, checkAccountRules } from './account-rules.js';
import { insufficientFunds } from './api-error.js';
import { createBudgetBook } from './budget-book.js';
import type { Caller } from './caller.js';
import type { Catalogue } from './catalogue.js';
import type { SeedModel } from './catalogue-seed.js';
import type { Decimal } from './decimal.js';
import { createRateWindow } from './rate-window.js';
import type { RoutedRequest } from './routing-plan.js';
import { ruledModel } from './routing-rules.js';

/** What the account may do and pay for. */
export interface Economy {
  /** Card, credit, budgets and rates, in this order. @throws ApiError with status 402, 403 or 429 */
  admit(caller: Caller, nowMs: number): void;
  /** The models as this account may ask for them for a request. Its `find` throws an ApiError for what it may not. */
  models(catalogue: Catalogue, request: RoutedRequest): Pick<Catalogue, 'find'>;
  /** @throws ApiError with status 403 when the plan has no reports */
  admitReport(): void;
  pay(caller: Caller, cost: Decimal): void;
  credits(): ReturnType<Account['credits']>;
}

const isFree = ({ pricing }: SeedModel): boolean => pricing?.input === 0 && (pricing.output ?? 0) === 0;

function retryAfter(hint: 'seconds' | 'date' | 'none', waitMs: number, nowMs: number): string | undefined {
  if (hint === 'none') return undefined;
  const seconds = Math.ceil(waitMs / 1000);
  // A date knows no parts of a second: the next full one after the wait.
  return hint === 'seconds' ? String(seconds) : new Date(Math.ceil((nowMs + waitMs) / 1000) * 1000).toUTCString();
}

function admitModel(model: SeedModel, { freeTier, plan }: CheckedAccountRules, request: RoutedRequest): void {
  if (freeTier !== undefined && !isFree(model) && !freeTier.models.includes(model.id)) throw paidModel(model.id);
  if (plan === 'hobby' && request.providerOptions?.gateway?.zeroDataRetention === true) throw retentionNotInPlan();
}

/** @param balance credit at the start, in USD. @throws TypeError when the rules are not valid */
export function createEconomy(balance: string | number, given: AccountRules = {}): Economy {
  const rules = checkAccountRules(given);
  const account = createAccount(balance);
  const budgets = createBudgetBook(rules.budgets);
  const { rateLimit, freeTier } = rules;
  const rate = rateLimit && { window: createRateWindow(rateLimit), hint: rateLimit.hint };
  const freeWindow = freeTier?.rateLimit && createRateWindow(freeTier.rateLimit);
  return {
    admit(caller, nowMs) {
      if (!rules.card) throw cardRequired();
      if (!account.canPay) throw insufficientFunds();
      budgets.check(caller);
      const waitMs = rate?.window.take(nowMs);
      if (rate !== undefined && waitMs !== undefined) throw rateLimited(retryAfter(rate.hint, waitMs, nowMs));
      if (freeWindow?.take(nowMs) !== undefined) throw freeTierRateLimited();
    },
    models: (catalogue, request) => ({
      find(asked) {
        const id = ruledModel(asked, rules.rules, (one) => catalogue.find(one)?.id ?? one);
        const model = catalogue.find(id);
        if (model !== undefined) admitModel(model, rules, request);
        return model;
      },
    }),
    admitReport() {
      if (rules.plan === 'hobby') throw reportNotInPlan();
    },
    pay(caller, cost) {
      account.pay(cost);
      budgets.enter(caller, cost);
    },
    credits: () => account.credits(),
  };
}
