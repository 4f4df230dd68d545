import { type ExplainedTarget, type Explanation, InvalidRequestError } from '@headrace/core';
import { describe, expect, it } from '@jest/globals';
import { type FakeScript, fakeUpstream } from '../__fixtures__/fake-gateway.js';
import { Captured, fakeIo } from '../__fixtures__/fake-io.js';
import { run } from '../cli.js';
import { connectVercel } from '../connect-vercel.js';
import { displayWidth } from '../display-width.js';

const aTarget = (over: Partial<ExplainedTarget> = {}): ExplainedTarget => ({
  target: 'vercel:openai/gpt-6-luna',
  provider: 'vercel',
  model: 'openai/gpt-6-luna',
  warnings: [],
  tokens: {
    inputTokens: 21,
    inputAtLeast: 4,
    inputAtMost: 310,
    outputTokens: 1_000,
    outputAtMost: 128_000,
    family: 'o200k',
    error: { low: 0.78, high: 1.43 },
  },
  cost: { expectedUsd: 0.000502, atMostUsd: 0.0641, priceProvenance: { origin: 'seed', asOf: '2026-11-23' } },
  contextWindow: 1_050_000,
  ...over,
});

const aPlan = (over: Partial<Explanation> = {}): Explanation => ({
  reference: 'openai/gpt-6-luna',
  kind: 'completion',
  servable: true,
  targets: [aTarget()],
  skipped: [],
  maxAttempts: 3,
  ...over,
});

const explain = async (args: readonly string[], plan = aPlan(), stdout = new Captured(), script: FakeScript = {}) => {
  const io = fakeIo({ stdout, env: { NO_COLOR: '1' } });
  const upstream = fakeUpstream({ explain: async () => plan, ...script });
  const code = await run(['explain', ...args], io, upstream.connect);
  return { code, out: io.stdout.text, err: io.stderr.text, ...upstream };
};

describe('the explanation of a call', () => {
  it('is a table with the error of the estimate and the day of the prices', async () => {
    const { code, out, err, gateway } = await explain(['Hi']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(
      [
        'target                    in  at most  out  at most  context      price  at most',
        'vercel:openai/gpt-6-luna  21      310   1k     128k    1.05M  $0.000502  $0.0641',
        '',
        'in, out: tokens by estimate; real input is 0.78 to 1.43 times (o200k) the estimate for texts like those measured',
        'price: US dollars by list price of 2026-11-23',
        '',
      ].join('\n'),
    );
    expect(gateway.disposed).toBe(true);
  });

  it('is asked for with the options of complete', async () => {
    const args = [
      '-m',
      'x/y',
      '--system',
      'Be brief',
      '--temperature',
      '0.2',
      '--max-attempts',
      '2',
      '--emulator',
      'Hi',
    ];
    const { gateway, connections } = await explain(args);
    expect(gateway.explained[0]).toMatchObject({
      model: 'x/y',
      system: 'Be brief',
      prompt: 'Hi',
      temperature: 0.2,
      maxAttempts: 2,
      delivery: 'stream',
      strict: true,
    });
    expect(connections[0]).toMatchObject({ emulator: true });
  });

  it.each([20, 40, 60, 80])('fits a terminal of %i columns', async (columns) => {
    const { out } = await explain(['Hi'], aPlan(), new Captured(true, columns));
    for (const line of out.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  });

  it('says what is dropped, what is not asked at the moment and what cannot serve', async () => {
    const warning = { code: 'parameter-dropped', field: 'seed', message: '`seed` is not taken; it was not sent.' };
    const unavailable = { code: 'circuit-open', reason: 'it failed too often' };
    const targets = [aTarget({ warnings: [warning], unavailable })];
    const skipped = [{ target: 'vercel:x/z', code: 'invalid-request', reason: 'tools: x/z does not call tools' }];
    const { out } = await explain(['Hi'], aPlan({ targets, skipped, strategy: 'in-order' }));
    expect(out).toContain('vercel:openai/gpt-6-luna: `seed` is not taken; it was not sent.\n');
    expect(out).toContain('vercel:openai/gpt-6-luna is not asked at the moment: it failed too often.\n');
    expect(out).toContain('vercel:x/z cannot serve this request: tools: x/z does not call tools.\n');
    expect(out).toContain('the route asks in-order, at most 3 times in all\n');
  });

  it('has the shares of a weighted route, and the speed of a measured one', async () => {
    const weighted = await explain(['Hi'], aPlan({ strategy: 'weighted', targets: [aTarget({ share: 0.75 })] }));
    expect(weighted.out).toMatch(/share[\s\S]*75 %/);
    const measured = { typicalMs: 420, attempts: 9, failures: 0 };
    const fastest = await explain(['Hi'], aPlan({ strategy: 'fastest', targets: [aTarget({ measured })] }));
    expect(fastest.out).toMatch(/first content[\s\S]*420 ms/);
  });

  it('does not invent what is not known', async () => {
    const { outputAtMost: _, ...tokens } = aTarget().tokens;
    const { contextWindow: __, ...bare } = aTarget({ tokens, cost: {} });
    const { out } = await explain(['Hi'], aPlan({ targets: [bare] }));
    expect(out).toContain('vercel:openai/gpt-6-luna  21      310   1k        -        -      -        -\n');
    expect(out).not.toContain('list price');
  });

  it('says that no target can serve, with the reasons, and ends as the call would', async () => {
    const skipped = [{ target: 'vercel:x/z', code: 'invalid-request', reason: 'tools: x/z does not call tools' }];
    const { code, out, err } = await explain(['Hi'], aPlan({ servable: false, targets: [], skipped }));
    expect([code, err]).toEqual([2, '']);
    expect(out).toBe(
      'no target can serve this request\nvercel:x/z cannot serve this request: tools: x/z does not call tools.\n',
    );
  });

  it('is one document as JSON', async () => {
    const { out } = await explain(['--json', 'Hi']);
    expect(JSON.parse(out)).toEqual(aPlan());
  });

  it('reports wrong input as every command does', async () => {
    const refuse = async (): Promise<never> => {
      throw new InvalidRequestError([{ field: 'topP', message: 'is too high.' }]);
    };
    const { code, out, err } = await explain(['Hi'], aPlan(), new Captured(), { explain: refuse });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('is too high');
  });

  it('lets no control characters of a provider through to the terminal', async () => {
    const skipped = [{ target: 'vercel:x', code: 'invalid-request', reason: 'no \u001b[31mred' }];
    const { out } = await explain(['Hi'], aPlan({ skipped }));
    expect(out).not.toContain('\u001b');
  });

  it('needs neither a key nor a network', async () => {
    const io = fakeIo({ env: { NO_COLOR: '1' } });
    const code = await run(
      ['explain', '-m', 'anthropic/claude-haiku-4.5', '--max-output-tokens', '50', 'Hi'],
      io,
      connectVercel,
    );
    expect([code, io.stderr.text]).toEqual([0, '']);
    expect(io.stdout.text).toContain('vercel:anthropic/claude-haiku-4.5');
    expect(io.stdout.text).toContain('(claude)');
  });
});
