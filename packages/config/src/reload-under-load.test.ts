import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { end, startUpstream, text } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { Project } from './__fixtures__/project.js';
import { ConfigFileError, loadGateway, type ReloadReport } from './index.js';

/** How editors and tools save a file. */
const SAVES: readonly ((project: Project, content: string) => void)[] = [
  (project, content) => void project.write('c.yaml', content),
  // To another file, which then takes the place of the first.
  (project, content) => renameSync(project.write('c.yaml~', content), project.path('c.yaml')),
  // Emptied, and written piece by piece.
  (project, content) => {
    const file = openSync(project.path('c.yaml'), 'w');
    for (let at = 0; at < content.length; at += 64) writeSync(file, content.slice(at, at + 64));
    closeSync(file);
  },
  // Moved aside as a backup, and made anew.
  (project, content) => {
    renameSync(project.path('c.yaml'), project.path('c.yaml.bak'));
    project.write('c.yaml', content);
    rmSync(project.path('c.yaml.bak'));
  },
  // Saved, and saved again by what formats it.
  (project, content) => {
    project.write('c.yaml', `# not formatted\n${content}`);
    project.write('c.yaml', content);
  },
];

describe('a gateway whose file changes under load', () => {
  it('loses none of 1,000 calls to ten changes in all ways of saving, one of them for the worse', async () => {
    await using upstream = await startUpstream([text('Hel'), text('lo'), end({ usage: { input: 3, output: 2 } })], {
      repeatLast: true,
    });
    // Every change gives the provider other options, so that each generation has connections of its own.
    const content = (round: number): string => `
providers:
  vercel:
    use: '@headrace/provider-vercel'
    options:
      apiKey: \${KEY}
      baseUrl: ${upstream.url}
      proxy: false
      catalogue: { refresh: false }
      attribution: { title: round-${round} }
routes: { chat: { targets: [vercel:openai/gpt-4.1-nano] } }
retry: { maxAttempts: 1 }
gate: { concurrency: { perTarget: ${20 + round} } }
limits: { gateway: { requestsPerMinute: ${5_000 + round}, maxConcurrent: ${40 + round} } }
`;
    using project = new Project({ 'c.yaml': content(0) });
    const reports: ReloadReport[] = [];
    let heard: () => void = () => undefined;
    await using gateway = await loadGateway(project.path('c.yaml'), {
      env: { KEY: canaryKey() },
      watch: true,
      onReload: (report) => {
        reports.push(report);
        heard();
      },
    });
    const calls: Promise<string>[] = [];
    const begin = (count: number): void => {
      for (let at = 0; at < count; at += 1) {
        const options = { model: 'chat', prompt: 'Hi', maxOutputTokens: 5 } as const;
        calls.push(
          at % 2 === 0
            ? gateway.complete(options).then((answer) => answer.text)
            : gateway
                .stream(options)
                .final()
                .then((answer) => answer.text),
        );
      }
    };
    for (let round = 1; round <= 10; round += 1) {
      begin(100);
      await upstream.waitForRequest(round * 90 - 60);
      const told = new Promise<void>((resolve) => (heard = resolve));
      SAVES[round % SAVES.length]?.(project, round === 5 ? 'providers: [' : content(round));
      await told;
    }
    const answers = await Promise.all(calls);
    expect(answers).toHaveLength(1_000);
    expect(new Set(answers)).toEqual(new Set(['Hello']));
    const title = { field: 'providers.vercel.options.attribution.title', kind: 'changed' };
    expect(reports).toEqual(
      Array.from({ length: 10 }, (_, index) =>
        index === 4 ? { error: expect.any(ConfigFileError) } : { changes: expect.arrayContaining([title]) },
      ),
    );
    const titles = new Set(upstream.requests.map(({ headers }) => headers['x-title']));
    expect(titles.size).toBeGreaterThan(5);
    const limits = await gateway.limits();
    expect(limits).toMatchObject([
      { measure: 'concurrency', reserved: 0 },
      { measure: 'requests', used: 1_000, limit: 5_010 },
    ]);
  });
});
