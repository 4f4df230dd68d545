import { add, type Decimal, decimal, isPositive, subtract, toText, ZERO } from './decimal.js';

/** The credit of the emulated account. */
export interface Account {
  readonly canPay: boolean;
  pay(cost: Decimal): void;
  /** The body of `GET /v1/credits`: decimal strings. */
  credits(): { balance: string; total_used: string };
}

/** @param balance credit at the start, in USD */
export function createAccount(balance: string | number): Account {
  const start = decimal(balance);
  let used: Decimal = ZERO;
  return {
    get canPay() {
      return isPositive(subtract(start, used));
    },
    pay(cost) {
      used = add(used, cost);
    },
    credits: () => ({ balance: toText(subtract(start, used), 2), total_used: toText(used, 2) }),
  };
}
