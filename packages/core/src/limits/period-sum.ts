import type { Sum } from './sum.js';

export type Calendar = 'hour' | 'day' | 'month';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const startOf = (unit: Calendar, epochMs: number): number => {
  if (unit === 'hour') return Math.floor(epochMs / HOUR_MS) * HOUR_MS;
  if (unit === 'day') return Math.floor(epochMs / DAY_MS) * DAY_MS;
  const date = new Date(epochMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
};

const endOf = (unit: Calendar, start: number): number => {
  if (unit === 'hour') return start + HOUR_MS;
  if (unit === 'day') return start + DAY_MS;
  const date = new Date(start);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
};

/** Sums of an hour, a day or a month by the calendar in UTC; without one, of all time. */
export class PeriodSum implements Sum {
  period = 0;
  used = 0;
  reserved = 0;
  underestimated = 0;
  /** When the period is over, in ms since 1970. */
  #endsAt: number;

  constructor(private readonly calendar: Calendar | undefined) {
    this.#endsAt = calendar === undefined ? Number.POSITIVE_INFINITY : 0;
  }

  advance(_now: number, epochMs: number): void {
    // A system clock that is set back does not bring the money of an hour back.
    if (this.calendar === undefined || epochMs < this.#endsAt) return;
    this.period = startOf(this.calendar, epochMs);
    this.#endsAt = endOf(this.calendar, this.period);
    this.used = 0;
    this.reserved = 0;
    this.underestimated = 0;
  }

  take(amount: number): number {
    this.reserved += amount;
    return this.period;
  }

  settle(period: number, reserved: number, used: number): void {
    if (period !== this.period) return;
    this.reserved -= reserved;
    this.used += used;
    this.underestimated += Math.max(0, used - reserved);
  }

  freesInMs(_now: number, room: number, epochMs: number): number | undefined {
    if (this.used + this.reserved <= room) return 0;
    // Calls under way may give back enough before that.
    if (this.calendar === undefined || room < 0 || this.used <= room) return undefined;
    return Math.max(0, this.#endsAt - epochMs);
  }
}
