import {
  type AttemptScript,
  batch,
  collectUntilError,
  end,
  fail,
  fixedRandom,
  reasoning,
  scriptedProvider,
  text,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { request } from '../__fixtures__/call.js';
import type { ModelRequest } from '../contract/request.js';
import { estimateTokens } from '../estimate/estimate-tokens.js';
import { createGateway, type StreamEvent, StreamInterruptedError } from '../index.js';
import { interruptedUsage } from './interrupted-usage.js';

const NOTHING = { text: 0, reasoning: 0 };
const inputOf = (asked: ModelRequest): number | undefined => interruptedUsage(asked, NOTHING)?.input.total;

describe('what an interrupted attempt probably used', () => {
  it('is called an estimate, and has parts that sum to its totals', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1e6), (text, reasoning) => {
        const usage = interruptedUsage(request(), { text, reasoning });
        if (usage === undefined) throw new Error('a completion has an estimate');
        expect(usage.certainty).toBe('estimated');
        expect(usage.output.text + usage.output.reasoning).toBe(usage.output.total);
        expect(usage.input.total + usage.output.total).toBe(usage.totalTokens);
        expect(usage.output.text).toBeGreaterThanOrEqual(text / 4);
        expect(Number.isSafeInteger(usage.totalTokens)).toBe(true);
      }),
    );
  });

  it('counts every text of a conversation, and its tools', () => {
    const long = 'x'.repeat(400);
    const bare = inputOf(request({ messages: [{ role: 'user', content: '' }] })) ?? 0;
    const grows = (change: Partial<Extract<ModelRequest, { kind: 'completion' }>>): number =>
      (inputOf(request({ messages: [{ role: 'user', content: '' }], ...change })) ?? 0) - bare;
    expect(grows({ messages: [{ role: 'user', content: [{ type: 'text', text: long }] }] })).toBe(100);
    expect(
      grows({
        messages: [
          { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'n', argumentsJson: long }] },
          { role: 'tool', content: [{ type: 'tool-result', toolCallId: '1', content: long }] },
        ],
      }),
    ).toBeGreaterThan(200);
    expect(grows({ tools: [{ name: 'n', description: long, parameters: {} }] })).toBeGreaterThan(100);
    expect(grows({ outputFormat: { type: 'json', schema: { description: long } } })).toBeGreaterThan(100);
  });

  it.each([
    [
      'German',
      'Der Fluss entspringt im Schwarzwald, durchquert zehn Länder und erreicht nach fast dreitausend Kilometern das Meer.',
    ],
    [
      'Russian',
      'Река берёт начало в горах, пересекает десять стран и впадает в море, пройдя почти три тысячи километров.',
    ],
    ['Arabic', 'ينبع النهر من الجبال ويعبر عشر دول ويصب في البحر بعد ثلاثة آلاف كيلومتر تقريبا.'],
    ['Hindi', 'यह नदी पहाड़ों से निकलती है और लगभग तीन हज़ार किलोमीटर के बाद समुद्र में मिलती है।'],
    ['Thai', 'แม่น้ำไหลจากภูเขาผ่านสิบประเทศและลงสู่ทะเลหลังจากเกือบสามพันกิโลเมตร'],
    ['Chinese', '这条河发源于山区，流经十个国家，行程近三千公里后注入大海。'],
    ['Japanese', 'この川は山から流れ出し、十か国を通り、三千キロ近くを経て海に注ぎます。'],
    ['Korean', '이 강은 산에서 발원하여 열 개 나라를 지나 약 삼천 킬로미터를 흘러 바다로 들어간다.'],
  ])('is near the guess of the estimator in %s, input and output', (_, sentence) => {
    const text = sentence.repeat(20);
    const asked = request({ messages: [{ role: 'user', content: text }] });
    const { inputTokens } = estimateTokens(asked);
    const usage = interruptedUsage(asked, { text: Buffer.byteLength(text), reasoning: 0 });
    for (const tokens of [usage?.input.total ?? 0, usage?.output.text ?? 0]) {
      expect(tokens / inputTokens).toBeGreaterThan(0.7);
      expect(tokens / inputTokens).toBeLessThan(1.4);
    }
  });

  it('counts texts and documents, and knows nothing of images', () => {
    const common = { model: 'm', delivery: 'whole' } as const;
    expect(inputOf({ ...common, kind: 'embedding', inputs: ['four', 'eight---'] })).toBe(3);
    expect(inputOf({ ...common, kind: 'reranking', query: 'four', documents: ['four', { text: 'x' }] })).toBe(6);
    expect(inputOf({ ...common, kind: 'image', prompt: 'a cat' })).toBeUndefined();
  });
});

describe('a stream that is cut', () => {
  it.each([
    ['with the last attempt', { maxAttempts: 1 }],
    ['and recovered', { maxAttempts: 2, recovery: 'verify' }],
  ] as const)(
    'has in its receipt what came of it by the bytes of its text, reasoning and arguments apart: %s',
    async (_, options) => {
      const pieces = Array.from({ length: 40 }, () => text('这条河'));
      const thoughts = Array.from({ length: 10 }, () => reasoning('река '));
      const scripts: readonly AttemptScript[] = [
        [...(options.maxAttempts === 1 ? thoughts : []), ...pieces, fail(new StreamInterruptedError('cut'))],
        [...pieces, end({ usage: { input: 3, output: 90 } })],
      ];
      const gateway = createGateway({
        providers: [scriptedProvider(scripts)],
        random: fixedRandom(0),
        retry: { baseDelayMs: 0 },
      });
      const stream = gateway.stream({ model: 'scripted:m', prompt: 'Hi', ...options });
      await collectUntilError(stream);
      const { attempts } = await stream.receipt;
      const thought = options.maxAttempts === 1 ? (10 * 9) / 4 : 0;
      expect(attempts[0]?.usage).toMatchObject({
        certainty: 'estimated',
        output: { text: (40 * 9) / 4, reasoning: Math.ceil(thought) },
      });
      expect(attempts[1]?.usage?.certainty).toBe(options.maxAttempts === 1 ? undefined : 'exact');
    },
  );

  it('has the arguments of its tool calls among its text', async () => {
    const start: StreamEvent = { type: 'tool-call-start', index: 0, id: 'c1', name: 'find' };
    const more: StreamEvent = { type: 'tool-call-delta', index: 0, argumentsJson: '河河河' };
    const script: AttemptScript = [
      batch(start, more, { ...more, argumentsJson: '河' }),
      fail(new StreamInterruptedError('cut')),
    ];
    const gateway = createGateway({ providers: [scriptedProvider([script])] });
    const stream = gateway.stream({ model: 'scripted:m', prompt: 'Hi', maxAttempts: 1 });
    await collectUntilError(stream);
    expect((await stream.receipt).attempts[0]?.usage?.output.text).toBe(3);
  });
});
