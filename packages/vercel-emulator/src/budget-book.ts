import { quotaExceeded } from './account-errors.js';
import type { Budget } from './account-rules.js';
import type { Caller } from './caller.js';
import { add, type Decimal, isPositive, subtract, ZERO } from './decimal.js';
import { keyTail } from './key-tail.js';

const MOST_ENTITIES = 10_000;

const names = { team: 'team', key: 'API key', user: 'user', quotaEntity: 'entity' } as const;

function entityOf({ scope }: Budget, caller: Caller): string | undefined {
  return scope === 'team' ? '' : caller[scope];
}

/** A key is shown by its end, and only a long one. */
function shown({ scope }: Budget, entity: string): string {
  if (scope === 'team') return names.team;
  if (scope !== 'key') return `${names[scope]} '${entity}'`;
  const tail = keyTail(entity);
  return tail === '' ? names.key : `${names.key} …${tail}`;
}

/** What each team, key, user or entity with a budget has spent. */
export interface BudgetBook {
  /** @throws ApiError when a budget that the caller falls under is used up */
  check(caller: Caller): void;
  enter(caller: Caller, cost: Decimal): void;
}

export function createBudgetBook(budgets: readonly Budget[]): BudgetBook {
  const books = budgets.map((budget) => ({ budget, spent: new Map<string, Decimal>() }));
  const affected = (caller: Caller) =>
    books.flatMap(({ budget, spent }) => {
      const entity = entityOf(budget, caller);
      return entity === undefined || (budget.of !== undefined && budget.of !== entity)
        ? []
        : [{ budget, spent, entity }];
    });
  return {
    check(caller) {
      for (const { budget, spent, entity } of affected(caller)) {
        const used = spent.get(entity) ?? ZERO;
        if (isPositive(subtract(budget.usd, used))) continue;
        throw quotaExceeded(budget.status, shown(budget, entity), used, budget.usd);
      }
    },
    enter(caller, cost) {
      for (const { spent, entity } of affected(caller)) {
        spent.set(entity, add(spent.get(entity) ?? ZERO, cost));
        const [oldest] = spent.keys();
        if (spent.size > MOST_ENTITIES && oldest !== undefined) spent.delete(oldest);
      }
    },
  };
}
