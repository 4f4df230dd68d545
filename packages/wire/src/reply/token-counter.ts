import type { Certainty } from '@headrace/core/plugin';

/** Reads the counts of an upstream's usage and remembers whether one of them had to be bent. */
export class TokenCounter {
  certainty: Certainty = 'exact';

  /** A whole number from 0 up; `undefined` when absent. */
  read(value: unknown): number | undefined {
    if (value === undefined || value === null) return undefined;
    // Plus zero, because JSON has a minus zero.
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value + 0;
    this.certainty = 'estimated';
    if (typeof value !== 'number' || Number.isNaN(value)) return undefined;
    return Math.min(Math.max(0, Math.floor(value)), 2 ** 48);
  }

  /** At most `room`. */
  clip(value: number, room: number): number {
    if (value <= room) return value;
    this.certainty = 'estimated';
    return room;
  }
}
