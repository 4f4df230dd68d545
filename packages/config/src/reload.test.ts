import { rmSync } from 'node:fs';
import { fakeClock, rejectionOf } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { echo, echoCounts, like } from './__fixtures__/plugins.js';
import { Project } from './__fixtures__/project.js';
import { ConfigFileError, loadGateway, type ReloadReport } from './index.js';

const GIVEN = 'headrace: a plugin of a test';

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

  it('tells once of a change that makes several events, of a fault once, and of nothing after it is disposed', async () => {
    const right = 'providers: { vercel: { use: "@headrace/provider-vercel" } }\n';
    using project = new Project({ 'c.yaml': right });
    const reports: ReloadReport[] = [];
    const clock = fakeClock();
    const gateway = await loadGateway(project.path('c.yaml'), {
      env: {},
      watch: true,
      host: { clock },
      onReload: (report) => void reports.push(report),
    });
    /** Lets the quiet after whatever was heard pass, and what was begun then end: one reload waits for another. */
    const quiet = async (): Promise<void> => {
      await clock.waitForTimer((delayMs) => delayMs === 100);
      await clock.advance(100);
      await gateway.reload().catch(() => undefined);
      await settled();
    };
    for (const part of ['', 'providers:', right]) project.write('c.yaml', part);
    project.write('c.yaml', `${right}strict: true`);
    await quiet();
    expect(reports).toEqual([{ changes: [{ field: 'strict', kind: 'added' }] }]);
    project.write('c.yaml', 'providers: [');
    await quiet();
    // Something else in the folder; the file is as wrong as before.
    project.write('other.txt', 'x');
    await quiet();
    expect(reports).toMatchObject([{}, { error: expect.any(ConfigFileError) }]);
    project.write('c.yaml', right);
    await clock.waitForTimer((delayMs) => delayMs === 100);
    await gateway.dispose();
    expect(clock.pending).toBe(0);
    await clock.advance(5_000);
    expect(reports).toHaveLength(2);
  });

  it('says so when it cannot be watched, and leaves nothing open', async () => {
    using project = new Project({
      'c.yaml': 'providers: { a: { use: ./echo.mjs } }',
      'echo.mjs': `export const plugin = globalThis[Symbol.for('${GIVEN}')];`,
    });
    const create = (options: object) => {
      rmSync(project.folder, { recursive: true });
      return echo.create(options);
    };
    Reflect.set(globalThis, Symbol.for(GIVEN), like({ create }));
    const { made, closed } = { ...echoCounts };
    expect(await rejectionOf(loadGateway(project.path('c.yaml'), { watch: true }))).toMatchObject({
      issues: [{ field: 'file', message: expect.stringMatching(/^cannot be watched: ENOENT/) }],
    });
    expect([echoCounts.made - made, echoCounts.closed - closed]).toEqual([1, 1]);
  });
});
