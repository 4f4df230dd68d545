import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CANARY_KEY, CANARY_PROMPT } from './canary.js';
import type { ConformanceReport } from './conformance-report.js';

const SUITE = fileURLToPath(new URL('__fixtures__/node-test/plain.suite.mjs', import.meta.url));

/** Runs a file as a child, with the reporter that counts. */
const runSuite = (report: string): Promise<string> =>
  new Promise((resolve, reject) => {
    // A child of a test run believes to be part of it and reports in another form.
    const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
    const child = spawn(process.execPath, ['--test-reporter=tap', SUITE, report], { env });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });

describe('the conformance suite under node:test', () => {
  let folder = '';
  let output = '';
  let report: ConformanceReport;
  let text = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headrace-kit-'));
    output = await runSuite(join(folder, 'report'));
    report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'));
    text = await readFile(join(folder, 'report.txt'), 'utf8');
  }, 120_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const counted = (word: string): number => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(output)?.[1]);

  it('counts as the runner does', () => {
    expect(report.passed).toBeGreaterThan(50);
    expect(report.failed).toBeGreaterThan(10);
    // The report is a test of its own.
    expect(counted('pass')).toBe(report.passed + 1);
    expect(counted('fail')).toBe(report.failed);
    expect(counted('skipped')).toBe(report.skipped);
    expect(report.total).toBe(report.passed + report.failed + report.skipped);
  });

  it('shows why a scenario was not played, in the runner and in the report', () => {
    expect(output).toContain("(the dialect 'openai-chat' has no `inBandError`) # SKIP");
    expect(output).toContain('follows no redirect (left out: to be shown) # SKIP');
    const skipped = report.results.filter(({ outcome }) => outcome === 'skipped');
    expect(skipped.length).toBeGreaterThan(5);
    for (const { reason } of skipped) expect(reason).toMatch(/\w/);
    expect(text).toContain('skipped: left out: to be shown');
  });

  it('says of each failure why, and tells no secrets', () => {
    for (const { outcome, reason } of report.results) if (outcome === 'failed') expect(reason).toMatch(/\w/);
    for (const told of [text, JSON.stringify(report)]) {
      expect(told).not.toContain(CANARY_KEY);
      expect(told).not.toContain(CANARY_PROMPT);
    }
  });

  it('gives people the same counts in words', () => {
    const { total, passed, failed, skipped } = report;
    expect(text.trimEnd().split('\n').at(-1)).toBe(
      `${total} scenarios: ${passed} passed, ${failed} failed, ${skipped} skipped`,
    );
    expect(text.match(/^ {2}[+!-] /gm)).toHaveLength(total);
  });
});
