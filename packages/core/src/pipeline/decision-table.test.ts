import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { FAILURE_CLASSES } from '../errors/failure-class.js';
import { DEFAULT_DECISIONS, type DecisionOverrides, decisionTable } from './decision-table.js';

const README = new URL('../../README.md', import.meta.url);
const FIELDS = ['sameTarget', 'nextTarget', 'breaker', 'coolsKey'] as const;

const cellsOf = (row: string): readonly string[] =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

describe('the decision table', () => {
  it('has an answer for every class of failure', () => {
    expect(Object.keys(DEFAULT_DECISIONS).sort()).toEqual([...FAILURE_CLASSES].sort());
  });

  it('asks the same target again only where waiting can help', () => {
    const again = FAILURE_CLASSES.filter((failureClass) => DEFAULT_DECISIONS[failureClass].sameTarget);
    expect(again.sort()).toEqual(['capacity', 'rate', 'transport', 'truncated', 'upstream']);
  });

  it('does not ask a silent target again, whose work may still be billed', () => {
    expect(DEFAULT_DECISIONS.silence).toEqual({ sameTarget: false, nextTarget: true, breaker: true, coolsKey: false });
  });

  it('asks nobody else when the caller, the content or a cancel ended it', () => {
    for (const failureClass of ['caller', 'content-policy', 'cancelled'] as const) {
      expect(DEFAULT_DECISIONS[failureClass]).toEqual({
        sameTarget: false,
        nextTarget: false,
        breaker: false,
        coolsKey: false,
      });
    }
  });

  it('lets a key rest that is spent, refused or too fast', () => {
    const resting = FAILURE_CLASSES.filter((failureClass) => DEFAULT_DECISIONS[failureClass].coolsKey);
    expect(resting.sort()).toEqual(['credential', 'quota', 'rate']);
  });

  it('takes the changes of the host and keeps the rest', () => {
    const table = decisionTable({ silence: { sameTarget: true } });
    expect(table.silence).toEqual({ ...DEFAULT_DECISIONS.silence, sameTarget: true });
    expect({ ...table, silence: DEFAULT_DECISIONS.silence }).toEqual(DEFAULT_DECISIONS);
  });

  it('is the default without changes, and changes leave the default alone', () => {
    const before = structuredClone(DEFAULT_DECISIONS);
    decisionTable({ rate: { sameTarget: false } });
    expect(DEFAULT_DECISIONS).toEqual(before);
    expect(decisionTable()).toEqual(before);
  });

  it('keeps its own answer where the host’s is undefined', () => {
    const unset = { rate: { sameTarget: undefined } } as unknown as DecisionOverrides;
    expect(decisionTable(unset).rate).toEqual(DEFAULT_DECISIONS.rate);
  });

  it('is written in the README as it is', () => {
    const lines = readFileSync(README, 'utf8').split('\n');
    const written = lines.slice(lines.findIndex((line) => line.startsWith('| class ')));
    const [header, , ...rows] = written.slice(0, written.indexOf('')).map(cellsOf);
    expect(header).toEqual(['class', ...FIELDS.map((field) => `\`${field}\``)]);
    expect(rows).toEqual(
      FAILURE_CLASSES.map((failureClass) => [
        `\`${failureClass}\``,
        ...FIELDS.map((field) => (DEFAULT_DECISIONS[failureClass][field] ? 'yes' : 'no')),
      ]),
    );
  });
});
