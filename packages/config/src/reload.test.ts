import { end, rejectionOf, startUpstream, text } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { echo, echoCounts } from './__fixtures__/plugins.js';
import { Project } from './__fixtures__/project.js';
import { ConfigFileError, loadGateway, type ReloadReport } from './index.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a gateway that is loaded again', () => {
  it('tells what has changed, and nothing of its values', async () => {
    using project = new Project({
      'c.yaml': 'providers: { vercel: { use: "@headrace/provider-vercel" } }\nretry: { maxAttempts: 2 }',
    });
    const env: Record<string, string> = {};
    await using gateway = await loadGateway(project.path('c.yaml'), { env });
    expect(await gateway.reload()).toEqual([]);
    env['KEY'] = canaryKey();
    project.write(
      'c.yaml',
      `providers: { vercel: { use: "@headrace/provider-vercel", options: { apiKey: "\${KEY}" } } }
routes: { chat: { targets: [vercel:openai/gpt-4.1-nano] } }`,
    );
    const changes = await gateway.reload();
    expect(changes).toEqual([
      { field: 'providers.vercel.options', kind: 'added' },
      { field: 'retry', kind: 'removed' },
      { field: 'routes', kind: 'added' },
    ]);
    env['KEY'] = canaryKey(2);
    expect(await gateway.reload()).toEqual([{ field: 'providers.vercel.options.apiKey', kind: 'changed' }]);
    expect((await gateway.explain({ model: 'chat', prompt: 'Hi' })).servable).toBe(true);
  });

  it('keeps providers that stay, and lets go of the others', async () => {
    const providers: Record<string, object> = { a: { use: echo }, b: { use: echo, options: { answer: 'b' } } };
    const config = { providers } as never;
    const { made, closed } = { ...echoCounts };
    await using gateway = await loadGateway(config);
    providers['b'] = { use: echo, options: { answer: 'c' } };
    // Another object than the one that was loaded: what is loaded is not changed from outside.
    await gateway.reload();
    await settled();
    expect([echoCounts.made - made, echoCounts.closed - closed]).toEqual([3, 1]);
    expect((await gateway.complete({ model: 'b:m', prompt: 'Hi' })).text).toBe('c');
  });

  it('stays as it was when the file is wrong', async () => {
    using project = new Project({ 'c.yaml': 'providers: { vercel: { use: "@headrace/provider-vercel" } }' });
    await using gateway = await loadGateway(project.path('c.yaml'), { env: {} });
    for (const wrong of [
      'providers: {',
      'providers: {}',
      'providers: { vercel: { use: "@headrace/provider-vercel" } }\ndefaultProvider: x',
    ]) {
      project.write('c.yaml', wrong);
      expect(await rejectionOf(gateway.reload())).toBeInstanceOf(ConfigFileError);
      expect(gateway.provider('vercel').id).toBe('vercel');
    }
  });

  it('refuses a module, which a process loads once', async () => {
    using project = new Project({
      'c.mjs': 'export default { providers: { vercel: { use: "@headrace/provider-vercel" } } };',
    });
    await using gateway = await loadGateway(project.path('c.mjs'), { env: {} });
    expect(await rejectionOf(gateway.reload())).toMatchObject({ issues: [{ remedy: 'Start the process anew.' }] });
  });

  it('is told of a change of the file by the file, until it is disposed', async () => {
    using project = new Project({ 'c.yaml': 'providers: { vercel: { use: "@headrace/provider-vercel" } }' });
    const reports: ReloadReport[] = [];
    let heard: () => void = () => undefined;
    const gateway = await loadGateway(project.path('c.yaml'), {
      env: {},
      watch: true,
      onReload: (report) => {
        reports.push(report);
        heard();
        throw new Error('a hook');
      },
    });
    const next = (): Promise<void> => new Promise((resolve) => (heard = resolve));
    let told = next();
    project.write('c.yaml', 'nonsense');
    await told;
    expect(reports).toMatchObject([{ error: expect.any(ConfigFileError) }]);
    told = next();
    project.write('c.yaml', 'providers: { vercel: { use: "@headrace/provider-vercel" } }\nstrict: true');
    await told;
    expect(reports[1]).toEqual({ changes: [{ field: 'strict', kind: 'added' }] });
    await gateway.dispose();
  });

  it('under load: 1,000 calls run while the file changes ten times, once for the worse, and none fails because of it', async () => {
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
    await using gateway = await loadGateway(project.path('c.yaml'), { env: { KEY: canaryKey() } });
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
    const outcomes: ('swapped' | 'refused')[] = [];
    for (let round = 1; round <= 10; round += 1) {
      begin(100);
      await upstream.waitForRequest(round * 90 - 60);
      project.write('c.yaml', round === 5 ? 'providers: [' : content(round));
      outcomes.push(
        await gateway.reload().then(
          () => 'swapped',
          () => 'refused',
        ),
      );
    }
    const answers = await Promise.all(calls);
    expect(answers).toHaveLength(1_000);
    expect(new Set(answers)).toEqual(new Set(['Hello']));
    expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(1);
    const titles = new Set(upstream.requests.map(({ headers }) => headers['x-title']));
    expect(titles.size).toBeGreaterThan(5);
    const limits = await gateway.limits();
    expect(limits).toMatchObject([
      { measure: 'concurrency', reserved: 0 },
      { measure: 'requests', used: 1_000, limit: 5_010 },
    ]);
  });
});
