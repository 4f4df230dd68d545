import { MemoryReceiptStore } from '@headrace/core';
import { FAULTS, type FaultResult, runFaultLab } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { headraceSubject } from './headrace-subject.js';
import { DEFAULT_LAB_CONFIG, type LabConfig } from './lab-config.js';

/** Real time, and a machine that may be busy. */
const LIMIT_MS = 120_000;

const told = ({ fault, delivery, verdict, reason }: FaultResult): string =>
  `${fault} ${delivery}: ${verdict}${reason === undefined ? '' : ` (${reason})`}`;

/** Plays the catalogue; what does not come out exactly as the catalogue says is listed with the reason. */
const surprises = async (config: LabConfig): Promise<readonly string[]> => {
  const { results } = await runFaultLab({ subject: headraceSubject(config) });
  expect(results.length).toBeGreaterThan(FAULTS.length);
  return results.filter(({ verdict, expected }) => verdict !== expected).map(told);
};

const withPolicies = (policies: LabConfig['policies']): LabConfig => ({
  ...DEFAULT_LAB_CONFIG,
  policies: { ...DEFAULT_LAB_CONFIG.policies, ...policies },
});

const alone: LabConfig = { ...withPolicies({ recovery: 'off' }), route: { targets: ['primary'] } };

/** A second attempt for whatever is silent for a third of a second. */
const hedging = { minDelayMs: 300, maxDelayMs: 300, initialDelayMs: 300, maxShare: 1, tools: true };

describe('Headrace under every fault, streamed and whole, ends as the catalogue says', () => {
  it(
    'with a fallback and recovery: every fault that passes ends in the complete answer',
    async () => {
      expect(await surprises(DEFAULT_LAB_CONFIG)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'with a fallback, without recovery, behind a gate',
    async () => {
      expect(await surprises(withPolicies({ recovery: 'off', gate: {} }))).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'with one target alone',
    async () => {
      expect(await surprises(alone)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'with every stage on, and models that go on from a beginning or refuse to',
    async () => {
      const limits = { gateway: { maxConcurrent: 50, requestsPerMinute: 1_000 } };
      const gate = { concurrency: { perTarget: 10 } };
      const receipts = new MemoryReceiptStore();
      const begun: string[] = [];
      const every: LabConfig['policies'] = {
        gate,
        hedging,
        limits,
        cache: {},
        middleware: [{ name: 'onlooker', forCall: () => ({ onRequest: () => undefined, onEvents: () => undefined }) }],
        observers: [{ onCall: ({ id }) => void begun.push(id) }],
        receipts,
        recovery: 'continue',
        onReceipt: () => undefined,
      };
      expect(await surprises(withPolicies(every))).toEqual([]);
      // Each call has one begin and one end, whatever became of it.
      expect(begun.filter((id) => receipts.get(id) === undefined)).toEqual([]);
      expect(receipts.size).toBe(begun.length);
    },
    LIMIT_MS,
  );
});
