import { FAULTS, type Fault, type FaultResult, runFaultLab } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { headraceSubject } from './headrace-subject.js';
import { DEFAULT_LAB_CONFIG, type LabConfig } from './lab-config.js';

/** Real time, and a machine that may be busy. */
const LIMIT_MS = 120_000;

const told = ({ fault, delivery, verdict, reason }: FaultResult): string =>
  `${fault} ${delivery}: ${verdict}${reason === undefined ? '' : ` (${reason})`}`;

/** Plays faults; what does not come out exactly as the catalogue says is listed with the reason. */
const surprises = async (config: LabConfig, faults: readonly Fault[] = FAULTS): Promise<readonly string[]> => {
  const { results } = await runFaultLab({ subject: headraceSubject(config), faults });
  expect(results.length).toBeGreaterThanOrEqual(faults.length);
  return results.filter(({ verdict, expected }) => verdict !== expected).map(told);
};

const withPolicies = (policies: LabConfig['policies']): LabConfig => ({
  ...DEFAULT_LAB_CONFIG,
  policies: { ...DEFAULT_LAB_CONFIG.policies, ...policies },
});

const alone: LabConfig = { ...withPolicies({ recovery: 'off' }), route: { targets: ['primary'] } };

const needsRecovery = FAULTS.filter(
  ({ expected: { stream } }) => stream?.fallback === 'honest' && stream.recovery === 'rescued',
);

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
    'with models that go on from a beginning, or refuse to',
    async () => {
      expect(needsRecovery.length).toBeGreaterThan(12);
      expect(await surprises(withPolicies({ recovery: 'continue' }), needsRecovery)).toEqual([]);
    },
    LIMIT_MS,
  );
});
