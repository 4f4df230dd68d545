import {
  type Attempt,
  collectText,
  end,
  type FakeClock,
  fail,
  fakeClock,
  hang,
  phase,
  rejectionOf,
  type ScriptedProvider,
  scriptedProvider,
  text,
  wait,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import {
  createGateway,
  type Gateway,
  type GatewayOptions,
  type Message,
  OverloadedError,
  type Receipt,
  StreamInterruptedError,
  TransportError,
  UpstreamError,
} from '../index.js';

/** Dollars a token of the model "m". */
const [INPUT, OUTPUT] = [1e-6, 1e-5];
const CHINESE = '请用中文总结这篇文章。'.repeat(100);
/** No tokenizer makes more tokens of it. */
const BYTES = Buffer.byteLength(CHINESE);
/** What may be around one message, in tokens. */
const FRAMES = 256 + 16;
const call = { model: 'p:m', prompt: CHINESE, maxOutputTokens: 5_000 };
const sent = phase('connected');
const cut = fail(new StreamInterruptedError('cut'));

interface Rig {
  readonly gateway: Gateway;
  readonly provider: ScriptedProvider;
}

const rig = (script: readonly Attempt[], options: Partial<GatewayOptions> = {}): Rig => {
  const models = [
    { id: 'm', pricing: { input: 1, output: 10 } },
    { id: 'dear', pricing: { input: 100, output: 1_000 } },
  ];
  const provider = scriptedProvider(script, { id: 'p', models });
  const limits = { gateway: { tokensPerMinute: 1_000_000, budget: { usd: 100, per: 'total' } } } as const;
  const gateway = createGateway({ providers: [provider], limits, retry: { maxAttempts: 1 }, ...options });
  return { provider, gateway };
};

/** Images that are being made. */
interface Drawing {
  readonly clock: FakeClock;
  abort(): void;
  lose(): void;
}

interface Figures {
  readonly usd: number;
  readonly tokens: number;
  readonly reserved: number;
  /** Dollars that the receipt tells. */
  readonly told: number;
  readonly certainty: string | undefined;
}

/** What the call was settled by, which is what its limits have used. */
const figuresOf = async (gateway: Gateway, { admission, cost }: Receipt): Promise<Figures> => {
  const { reserved, settled } = admission ?? {};
  const states = await gateway.limits();
  expect(states.map((state) => [state.used, state.reserved])).toEqual([
    [settled?.tokens, 0],
    [settled?.usd, 0],
  ]);
  return {
    usd: settled?.usd ?? 0,
    tokens: settled?.tokens ?? 0,
    reserved: reserved?.usd ?? 0,
    told: cost?.usd ?? 0,
    certainty: settled?.certainty,
  };
};

const failed = async ({ gateway }: Rig, asked: Parameters<Gateway['stream']>[0] = call): Promise<Figures> => {
  const stream = gateway.stream(asked);
  await rejectionOf(collectText(stream));
  return figuresOf(gateway, await stream.receipt);
};

const aborted = async ({ gateway, provider }: Rig): Promise<Figures> => {
  const controller = new AbortController();
  const stream = gateway.stream({ ...call, signal: controller.signal });
  const reading = rejectionOf(collectText(stream));
  await provider.waitForCall(1);
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort('enough');
  await reading;
  return figuresOf(gateway, await stream.receipt);
};

describe('a call that ends early', () => {
  it('is settled by the upper bound of its input when it is aborted after it was sent', async () => {
    const { usd, told, reserved, certainty, tokens } = await aborted(rig([[sent, hang()]]));
    expect(usd).toBeCloseTo((BYTES + FRAMES) * INPUT, 9);
    expect([usd > told * 4, usd < reserved, certainty]).toEqual([true, true, 'estimated']);
    // By the best guess, as tokens are reserved.
    expect(tokens).toBeGreaterThan(CHINESE.length / 4);
    expect(tokens).toBeLessThan(BYTES);
  });

  it('counts the output that came on top of that', async () => {
    const { usd } = await failed(rig([[text('Well. '.repeat(100)), cut]]));
    expect(usd).toBeCloseTo((BYTES + FRAMES) * INPUT + 150 * OUTPUT, 9);
  });

  it('counts pictures, which no count of characters does', async () => {
    const source = { type: 'url', url: 'https://example.com/a.png' } as const;
    const messages: readonly Message[] = [{ role: 'user', content: [{ type: 'image', source }] }];
    const { usd, told } = await failed(rig([[sent, cut]]), { model: 'p:m', messages, maxOutputTokens: 10 });
    expect(told).toBeLessThan(10 * INPUT);
    expect(usd).toBeGreaterThan(50_000 * INPUT);
  });

  it('is not settled by more than was reserved for it', async () => {
    const { usd, reserved } = await failed(rig([[text('x'.repeat(9_000)), cut]]), { ...call, maxOutputTokens: 10 });
    expect(usd).toBeGreaterThan(reserved);
    const twice = rig(
      [
        [sent, cut],
        [sent, cut],
      ],
      { retry: { maxAttempts: 2, baseDelayMs: 0 } },
    );
    const both = await failed(twice, { ...call, maxOutputTokens: 10 });
    expect(twice.provider.calls).toHaveLength(2);
    expect(both.usd).toBeCloseTo(2 * (BYTES + FRAMES) * INPUT, 9);
    expect(both.usd).toBeLessThan(both.reserved);
  });

  it.each([
    ['is aborted', 'cancelled', 0.08, async ({ abort }: Drawing) => abort()],
    ['runs into its deadline', 'failed', 0.08, async ({ clock }: Drawing) => clock.advance(1_000)],
    ['loses its connection', 'failed', 0, async ({ lose }: Drawing) => lose()],
  ])('costs what its images do when it %s while they are drawn, if they may be', async (_, outcome, usd, ended) => {
    const clock = fakeClock();
    let lose = (): void => {};
    const lost = new Promise<void>((resolve) => {
      lose = resolve;
    });
    const models = [{ id: 'i', type: 'image', pricing: { perImage: 0.04 } }] as const;
    const drawn: Attempt = [sent, wait(lost), fail(new TransportError('gone'))];
    const provider = scriptedProvider([drawn], { id: 'p', kinds: ['image'], models });
    const controller = new AbortController();
    const { gateway } = rig([], { providers: [provider], clock });
    let receipt: Receipt | undefined;
    const failing = rejectionOf(
      gateway.generateImage({
        model: 'p:i',
        prompt: 'A mill',
        n: 2,
        timeoutMs: 1_000,
        signal: controller.signal,
        onReceipt: (made) => {
          receipt = made;
        },
      }),
    );
    await provider.waitForCall(1);
    await ended({ clock, lose, abort: () => controller.abort('enough') });
    await failing;
    if (receipt === undefined) throw new Error('no receipt');
    expect([receipt.outcome, receipt.cost]).toEqual([outcome, undefined]);
    expect(await figuresOf(gateway, receipt)).toMatchObject({ usd, certainty: 'estimated' });
  });

  it('is settled by what an upstream says it cost, if it is sure of it', async () => {
    const upstream = { cost: { usd: 0.000001, certainty: 'exact', source: 'provider' } } as const;
    const { usd } = await failed(rig([[sent, fail(new UpstreamError('broken', { upstream }))]]));
    expect(usd).toBe(0.000001);
  });

  it('goes by the price of the target that was asked, not by the dearest of its route', async () => {
    const routes = { chat: { targets: ['p:m', 'p:dear'] } };
    const { usd } = await failed(rig([[text('Well'), cut]], { routes }), { ...call, model: 'chat' });
    expect(usd).toBeCloseTo((BYTES + FRAMES) * INPUT + OUTPUT, 9);
  });

  it('costs nothing when it was refused, or not sent', async () => {
    const refusal = new OverloadedError('full', { upstream: { status: 503 } });
    expect(await failed(rig([[sent, fail(refusal)]]))).toMatchObject({ usd: 0, tokens: 0 });
    expect(await aborted(rig([[hang()]]))).toMatchObject({ usd: 0, tokens: 0 });
  });
});

describe('a call that was answered', () => {
  it('is settled by the usage that is told, with the list price for want of a bill', async () => {
    const { gateway } = rig([[text('Well'), end({ usage: { input: 900, output: 2 } })]]);
    const { receipt } = await gateway.complete(call);
    expect(receipt.cost?.certainty).toBe('estimated');
    expect(await figuresOf(gateway, receipt)).toMatchObject({ usd: 900 * INPUT + 2 * OUTPUT, tokens: 902 });
  });

  it('counts the attempt that was cut before it by the bound of its input', async () => {
    const { gateway } = rig(
      [
        [sent, cut],
        [text('Well'), end({ usage: { input: 900, output: 2 }, cost: 0.0009 })],
      ],
      {
        retry: { maxAttempts: 2, baseDelayMs: 0 },
      },
    );
    const { receipt } = await gateway.complete({ ...call, delivery: 'stream' });
    const { usd, tokens } = await figuresOf(gateway, receipt);
    expect(receipt.attempts).toHaveLength(2);
    expect(usd).toBeCloseTo((BYTES + FRAMES) * INPUT + 0.0009, 9);
    expect(tokens).toBeGreaterThan(902 + CHINESE.length / 4);
  });
});
