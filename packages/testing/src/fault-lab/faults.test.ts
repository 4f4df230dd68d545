import { FAILURE_CLASSES } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { FAULTS } from './faults.js';

describe('the catalogue', () => {
  it('has at least 40 faults, each with a name of its own', () => {
    expect(FAULTS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
    for (const { name } of FAULTS) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('plays each fault in one delivery at least, and never expects less with a fallback than without', () => {
    const rank = { honest: 0, rescued: 1 };
    for (const { expected } of FAULTS) {
      const outlooks = Object.values(expected);
      expect(outlooks.length).toBeGreaterThan(0);
      for (const { alone, fallback, recovery } of outlooks) {
        expect(rank[fallback]).toBeGreaterThanOrEqual(rank[alone]);
        expect(rank[recovery]).toBeGreaterThanOrEqual(rank[fallback]);
      }
    }
  });

  it('says what an error may be wherever one is expected', () => {
    for (const { name, causes, expected } of FAULTS) {
      for (const cause of causes) expect(FAILURE_CLASSES).toContain(cause);
      const hasErrors = Object.values(expected).some((outlook) => Object.values(outlook).includes('honest'));
      expect([name, hasErrors && causes.length === 0]).toEqual([name, false]);
    }
  });
});
