import { describe, expect, it } from '@jest/globals';
import { aReceipt } from './__fixtures__/fake-gateway.js';
import { attemptLines, receiptFacts, receiptLines } from './receipt-lines.js';

const failed = {
  provider: 'vercel',
  model: 'openai/gpt-6-luna',
  startedAfterMs: 0,
  durationMs: 120,
  waitedMs: 0,
  sent: true,
  outcome: 'failed' as const,
  failure: { code: 'rate-limited', failureClass: 'rate' as const, message: 'slow down', delivered: false, status: 429 },
};

describe('a receipt', () => {
  it('is one line when all went well', () => {
    expect(receiptLines(aReceipt())).toEqual([
      'vercel:openai/gpt-6-luna · 21 tokens in, 35 out (12 reasoning) · $0.000113 · first content after 420 ms · 1.3 s in all',
    ]);
  });

  it('counts one token as one', () => {
    const { usage } = aReceipt();
    if (usage === undefined) throw new Error('the fixture has usage');
    const receipt = aReceipt({ usage: { ...usage, input: { ...usage.input, total: 1, uncached: 1 } } });
    expect(receiptLines(receipt)[0]).toContain(' · 1 token in, 35 out');
    expect(Object.fromEntries(receiptFacts(receipt))['tokens']).toBe('1 in, 35 out (12 reasoning)');
  });

  it('lists the attempts when there were several, and every warning', () => {
    const receipt = aReceipt({
      attempts: [
        failed,
        { ...failed, outcome: 'complete', failure: undefined as never, waitedMs: 512, durationMs: 700 },
      ],
      warnings: [{ code: 'parameter-dropped', message: 'was not sent.', field: 'seed' }],
    });
    expect(receiptLines(receipt).slice(1)).toEqual([
      '  1. vercel:openai/gpt-6-luna: rate-limited (HTTP 429) after 120 ms',
      '  2. waited 512 ms, then vercel:openai/gpt-6-luna: complete after 700 ms',
      '  warning: seed: was not sent.',
    ]);
    expect(receiptLines(receipt)[0]).toContain('2 attempts');
  });

  it('says when the answer was cut and recovered, and nothing of it when it was not', () => {
    const recovery = { mode: 'verify' as const, succeeded: true, parts: [] };
    expect(receiptLines(aReceipt({ recovery }))[0]).toContain(' · recovered after a cut');
    expect(receiptLines(aReceipt({ recovery: { ...recovery, succeeded: false } }))[0]).not.toContain('recovered');
  });

  it('says who was tried behind an attempt, unless the first one served', () => {
    const complete = { ...failed, outcome: 'complete' as const, failure: undefined as never, durationMs: 700 };
    const served = { provider: 'azure', success: true, status: 200 };
    const tries = [
      { provider: 'openai', success: false, status: 503 },
      { provider: 'bedrock', success: false, error: 'PROVIDER_TIMEOUT' },
      { provider: 'vertex', success: false },
      served,
    ];
    const lineOf = (upstreamAttempts: typeof tries) =>
      attemptLines(aReceipt({ attempts: [{ ...complete, upstreamAttempts }] }))[0];
    expect(lineOf(tries)).toBe(
      '1. vercel:openai/gpt-6-luna: complete after 700 ms ' +
        '(openai: HTTP 503, bedrock: PROVIDER_TIMEOUT, vertex: failed, azure: served)',
    );
    expect(lineOf([served])).toBe('1. vercel:openai/gpt-6-luna: complete after 700 ms');
  });

  it('does not invent what is not known', () => {
    const {
      usage: _usage,
      cost: _cost,
      servedBy: _servedBy,
      firstContentMs: _first,
      ...bare
    } = aReceipt({ outcome: 'failed' });
    expect(receiptLines(bare)).toEqual(['failed · tokens not reported · cost not known · 1.3 s in all']);
    expect(Object.fromEntries(receiptFacts(bare))).toMatchObject({
      tokens: 'not reported',
      cost: 'not known',
      end: 'not reached',
    });
  });

  it('says when the end was not the natural one', () => {
    expect(receiptLines(aReceipt({ finishReason: 'length' }))[0]).toMatch(/ended at the token limit$/);
    expect(receiptLines(aReceipt({ finishReason: 'unknown', rawFinishReason: 'odd' }))[0]).toMatch(/ended with "odd"$/);
  });

  it('says how sure the counts are', () => {
    const { usage } = aReceipt();
    if (usage === undefined) throw new Error('the fixture has usage');
    expect(receiptLines(aReceipt({ usage: { ...usage, certainty: 'at-least' } }))[0]).toContain(
      'at least 21 tokens in',
    );
  });

  it('has ids and attempts when asked for everything', () => {
    expect(receiptLines(aReceipt(), true)).toHaveLength(3);
    expect(attemptLines(aReceipt())).toEqual(['1. vercel:openai/gpt-6-luna: complete after 1.3 s']);
  });
});
