import { describe, expect, it } from '@jest/globals';
import type { Defect } from './__fixtures__/defect.js';
import { keyedReference } from './__fixtures__/keyed-reference.js';
import { ReferenceProvider, referenceModule } from './__fixtures__/reference-provider.js';
import type { ConformanceReport } from './conformance-report.js';
import type { ConformanceSpec, TestRunner } from './conformance-spec.js';
import { describeProvider } from './describe-provider.js';
import type { Dialect } from './dialect.js';
import { openAiChatDialect } from './open-ai-chat-dialect.js';
import { runConformance } from './run-conformance.js';
import { scenariosFor } from './scenarios.js';
import { Workbench } from './workbench.js';

type Play = () => Promise<void>;

/** Runs nothing: keeps the cases by name, and what was left out. */
const collectCases = (spec: ConformanceSpec): { cases: Map<string, Play>; skipped: string[] } => {
  const cases = new Map<string, Play>();
  const skipped: string[] = [];
  const runner: TestRunner = {
    describe: (_name, body) => body(),
    it: Object.assign((name: string, play: Play) => cases.set(name, play), {
      skip: (name: string) => skipped.push(name),
    }),
  };
  describeProvider(runner, spec);
  return { cases, skipped };
};

const specOf = (defect: Defect = {}): ConformanceSpec => ({
  name: 'reference',
  create: (target) => new ReferenceProvider(target, defect),
  createWithKeys: keyedReference,
  module: (target) => referenceModule(target, defect),
  dialect: openAiChatDialect,
  otherKinds: { embedding: {}, reranking: {}, image: {} },
  patienceMs: 4000,
});

describe('the conformance suite', () => {
  it('names every case once', () => {
    const { cases, skipped } = collectCases(specOf());
    expect(skipped).toEqual([]);
    expect(cases.size).toBe(scenariosFor(specOf()).length);
  });

  it('shows what the dialect cannot say as skipped, with the reason', () => {
    const all = collectCases(specOf()).cases.size;
    const { textStream, wholeText, errorBody, embeddings, ranking, images, name } = openAiChatDialect;
    const required = { name, textStream, wholeText, errorBody };
    const few = collectCases({ ...specOf(), dialect: required, otherKinds: {} });
    expect(few.skipped).toContain("takes no notice of keep-alive bytes (the dialect 'openai-chat' has no `keepAlive`)");
    expect(few.cases.size + few.skipped.length).toBe(all);
    // Even the barest dialect is held to more than a hundred things.
    expect(few.cases.size).toBeGreaterThanOrEqual(120);
    const others = collectCases({ ...specOf(), dialect: { ...required, embeddings, ranking, images } as Dialect });
    expect(others.cases.size).toBe(few.cases.size + 18);
  });

  it('shows the kinds that a provider is not said to do as skipped', () => {
    const { cases, skipped } = collectCases({ ...specOf(), otherKinds: { image: {} } });
    expect(skipped.filter((name) => name.endsWith('(`otherKinds` names no reranking)'))).toHaveLength(6);
    expect(cases.size).toBe(scenariosFor(specOf()).length - 12);
  });

  it('refuses a kind whose answers the dialect cannot say', () => {
    const { embeddings, ...dialect } = openAiChatDialect;
    expect(embeddings).toBeDefined();
    expect(() => collectCases({ ...specOf(), dialect })).toThrow(
      "has no `embeddings`, which the kind 'embedding' needs",
    );
  });

  it('shows the cases that an author leaves out, with the reason', () => {
    const except = { 'follows no redirect': 'the upstream moves its regions' };
    const { cases, skipped } = collectCases({ ...specOf(), except });
    expect(cases.has('follows no redirect')).toBe(false);
    expect(skipped).toEqual(['follows no redirect (left out: the upstream moves its regions)']);
  });

  it('refuses to leave out a case that does not exist', () => {
    const except = { 'follows every redirect': 'why not' };
    expect(() => collectCases({ ...specOf(), except })).toThrow("named 'follows every redirect'");
  });

  it('gives up a case that waits in vain, and says what for', async () => {
    const { cases } = collectCases({ ...specOf({ keeps: () => true }), patienceMs: 50 });
    const play = cases.get('closes the connection when it is cancelled while waiting for headers');
    // On a busy machine an earlier wait of the case may be the one that runs out.
    await expect(play?.()).rejects.toThrow(/^waited 50 ms for [a-z ]+$/);
  });

  it('says what a wait was for, when it was in vain', async () => {
    const bench = new Workbench({ ...specOf(), patienceMs: 1 });
    await expect(bench.within(new Promise(() => undefined), 'the moon')).rejects.toThrow('waited 1 ms for the moon');
  });

  it('reports what was played as the last of its tests', async () => {
    const reports: ConformanceReport[] = [];
    const { cases } = collectCases({ ...specOf(), report: (report) => void reports.push(report) });
    const [last] = [...cases.keys()].slice(-1);
    expect(last).toBe('tells what was played');
    await cases.get('follows no redirect')?.();
    await cases.get('streams the text and ends once, at the end')?.();
    await cases.get('tells what was played')?.();
    expect(reports).toEqual([
      {
        format: 1,
        provider: 'reference',
        dialect: 'openai-chat',
        total: 2,
        passed: 2,
        failed: 0,
        skipped: 0,
        // In the order of the suite, whatever the order they were played in.
        results: [
          { subject: 'answers', scenario: 'streams the text and ends once, at the end', outcome: 'passed' },
          { subject: 'secrets', scenario: 'follows no redirect', outcome: 'passed' },
        ],
      },
    ]);
  });

  it('is played without a runner, and fails nothing that keeps the contract', async () => {
    const reports: ConformanceReport[] = [];
    const report = await runConformance({ ...specOf(), report: (each) => void reports.push(each) });
    expect(report.results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(report.total).toBe(scenariosFor(specOf()).length);
    expect(reports).toEqual([report]);
  });
});
