import { describe, expect, it } from '@jest/globals';
import { naiveGateway } from './__fixtures__/naive-gateway.js';
import { FAULTS } from './faults.js';
import { runFaultLab } from './run-fault-lab.js';

/** It would take the memory of the test run with it. */
const UNBOUNDED: readonly string[] = ['gzip-bomb', 'frame-without-end'];

const NOT_AN_ANSWER = /passed for the whole answer/;
const REPEATED = /what no repetition mends was asked 3 times/;
const ENDLESS = /no end within/;
const HURRIED = /of rest and was asked again after/;
const DOUBLED = /asked again after part of the answer/;

const FAILS: readonly (readonly [string, RegExp])[] = [
  ['rate-limit-seconds', HURRIED],
  ['rate-limit-date', HURRIED],
  ['rate-limit-beyond-deadline', HURRIED],
  ['endless-error-body', ENDLESS],
  ['spent-money', REPEATED],
  ['spent-quota', REPEATED],
  ['key-not-accepted', REPEATED],
  ['key-without-permission', REPEATED],
  ['model-missing', REPEATED],
  ['bad-request', REPEATED],
  ['context-too-long', REPEATED],
  ['content-refused', REPEATED],
  ['redirect', /an origin that no target names/],
  ['silence-before-headers', ENDLESS],
  ['slow-headers', ENDLESS],
  ['silence-after-headers', ENDLESS],
  ['keep-alives-only', ENDLESS],
  ['endless-empty-frames', ENDLESS],
  ['late-first-token', ENDLESS],
  ['stall', ENDLESS],
  ['one-byte-a-second', ENDLESS],
  ['one-byte-a-second-later', ENDLESS],
  ['cut-early', DOUBLED],
  ['cut-late', DOUBLED],
  ['cut-in-character', DOUBLED],
  ['reset-mid-stream', DOUBLED],
  ['length-too-long', DOUBLED],
  ['broken-chunks', DOUBLED],
  ['prefill-refused', DOUBLED],
  ['missing-end', NOT_AN_ANSWER],
  ['missing-finish-reason', NOT_AN_ANSWER],
  ['body-until-close', NOT_AN_ANSWER],
  ['length-too-short', NOT_AN_ANSWER],
  ['malformed-frame-first', NOT_AN_ANSWER],
  ['malformed-frame-later', NOT_AN_ANSWER],
  ['frame-without-beginning', NOT_AN_ANSWER],
  ['list-for-frame', NOT_AN_ANSWER],
  ['content-of-wrong-type', NOT_AN_ANSWER],
  ['html-page', NOT_AN_ANSWER],
  ['empty-body', NOT_AN_ANSWER],
  ['json-for-stream', NOT_AN_ANSWER],
  ['error-before-content', NOT_AN_ANSWER],
  ['error-after-content', NOT_AN_ANSWER],
  ['null-choices', NOT_AN_ANSWER],
  ['content-filter', NOT_AN_ANSWER],
  ['tool-arguments-broken', NOT_AN_ANSWER],
  ['tool-calls-of-one-index', NOT_AN_ANSWER],
  ['gzip-cut', NOT_AN_ANSWER],
  ['split-characters', NOT_AN_ANSWER],
  ['content-after-end', NOT_AN_ANSWER],
  ['broken-characters', NOT_AN_ANSWER],
];

describe('a naive gateway', () => {
  it('fails at least 30 of the faults, each for what it does wrong there', async () => {
    expect(FAILS.length).toBeGreaterThanOrEqual(30);
    const faults = FAULTS.filter(({ name }) => !UNBOUNDED.includes(name));
    const { results } = await runFaultLab({ subject: naiveGateway, faults, repeats: 0 });
    const reasonOf = (name: string): string =>
      results.find(({ fault, verdict }) => fault === name && verdict === 'failed')?.reason ?? '';
    for (const [name, why] of FAILS) expect(`${name}: ${reasonOf(name)}`).toMatch(why);
    // What harms nobody is no failure, for it neither.
    expect(results.filter(({ fault, verdict }) => fault === 'usage-missing' && verdict === 'rescued')).toHaveLength(2);
  }, 120_000);
});
