import {
  embeddingResult,
  end,
  fail,
  fakeClock,
  hang,
  imageResult,
  rerankingResult,
  scriptedProvider,
  text,
} from '@headrace/testing';
import { describe, expect, it, jest } from '@jest/globals';
import { canaryPrompt } from '../../../testing/src/__fixtures__/canaries/canary.js';
import { errorOf } from '../__fixtures__/outcome.js';
import {
  type BegunCall,
  type CallObserver,
  ConfigurationError,
  createGateway,
  type Gateway,
  type GatewayOptions,
  type HookFailure,
  InvalidRequestError,
  OverloadedError,
  type Receipt,
} from '../index.js';

type Script = Parameters<typeof scriptedProvider>[0];

const request = { model: 'scripted:any', prompt: canaryPrompt('Say something.') };

const gatewayOver = (script: Script, options: Partial<GatewayOptions> = {}): Gateway =>
  createGateway({
    providers: [
      scriptedProvider(script, { kinds: ['completion', 'embedding', 'reranking', 'image'], repeatLast: true }),
    ],
    retry: { maxAttempts: 1 },
    ...options,
  });

/** A gateway whose receipts are gathered. */
const recorded = (script: Script, options: Partial<GatewayOptions> = {}) => {
  const receipts: Receipt[] = [];
  const gateway = gatewayOver(script, { onReceipt: (receipt) => void receipts.push(receipt), ...options });
  return { gateway, receipts };
};

const outcomesOf = (receipts: readonly Receipt[]): unknown => receipts.map(({ outcome }) => outcome);

describe('onReceipt', () => {
  it('hears of every kind of call once, before the caller does', async () => {
    const { gateway, receipts } = recorded([
      [text('a'), end()],
      [text('a'), end()],
      [end({ result: embeddingResult([1, 2]) })],
      [end({ result: rerankingResult([0, 1]) })],
      [end({ result: imageResult({ source: { type: 'bytes', data: Uint8Array.of(1) } }) })],
    ]);
    await using _ = gateway;
    const calls = [
      () => gateway.complete(request),
      () => gateway.stream(request).final(),
      () => gateway.embed({ model: 'scripted:e', input: 'a' }),
      () => gateway.rerank({ model: 'scripted:r', query: 'a', documents: ['b'] }),
      () => gateway.generateImage({ model: 'scripted:i', prompt: 'a heron' }),
    ];
    for (const [index, call] of calls.entries()) {
      const { receipt } = await call();
      expect(receipts).toHaveLength(index + 1);
      expect(receipts[index]).toBe(receipt);
    }
  });

  it('hears of calls that failed, once', async () => {
    const { gateway, receipts } = recorded([
      [fail(new OverloadedError('no room'))],
      [text('a'), fail(new OverloadedError('cut'))],
    ]);
    await using _ = gateway;
    const first = await errorOf(() => gateway.complete(request));
    await errorOf(() => gateway.stream(request).final());
    await errorOf(() => gateway.embed({ model: 'nobody:e', input: 'a' }));
    expect(outcomesOf(receipts)).toEqual(['failed', 'failed', 'failed']);
    expect(first).toMatchObject({ receipt: receipts[0] });
    expect(receipts[2]).toMatchObject({ attempts: [], failure: { code: 'unknown-provider' } });
  });

  it('hears of calls that were aborted, left, or closed before they began, once', async () => {
    const { gateway, receipts } = recorded([[text('a'), hang()]]);
    await using _ = gateway;
    await errorOf(() => gateway.complete({ ...request, signal: AbortSignal.abort('early') }));
    for await (const _piece of gateway.stream(request).text()) break;
    const events = gateway.stream(request)[Symbol.asyncIterator]();
    await events.return?.();
    await events.return?.();
    expect(outcomesOf(receipts)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(receipts.map(({ attempts }) => attempts.length)).toEqual([0, 1, 0]);
  });

  it('hears of what a disposed gateway ended, also of a stream that is read only then', async () => {
    const { gateway, receipts } = recorded([[text('a'), hang()]]);
    const late = gateway.stream(request);
    const running = gateway.stream(request)[Symbol.asyncIterator]();
    await running.next();
    await gateway.dispose();
    await errorOf(() => late.final());
    expect(outcomesOf(receipts)).toEqual(['failed', 'failed']);
  });

  it('hears of a call that is aborted while its reader does something else, and the reader is told when it comes back', async () => {
    const { gateway, receipts } = recorded([[text('a'), text('b'), hang()]]);
    await using _ = gateway;
    const controller = new AbortController();
    const stream = gateway.stream({ ...request, signal: controller.signal });
    const events = stream[Symbol.asyncIterator]();
    while ((await events.next()).value?.type !== 'text-delta');
    controller.abort('enough');
    expect(receipts).toMatchObject([{ outcome: 'cancelled', attempts: [{ outcome: 'cancelled', sent: true }] }]);
    expect(await errorOf(() => events.next())).toBe('enough');
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(await errorOf(() => stream.final())).toBe('enough');
    expect(receipts).toHaveLength(1);
  });

  it('hears nothing of input that was refused before a call began, nor of a stream that nobody read', async () => {
    const { gateway, receipts } = recorded([[text('a'), end()]]);
    const unread = gateway.stream(request);
    expect(await errorOf(() => gateway.complete({ model: '' }))).toBeInstanceOf(InvalidRequestError);
    await gateway.dispose();
    expect(receipts).toEqual([]);
    expect(unread).toBeDefined();
  });

  it('of one call is told of that call alone, after the gateway’s own', async () => {
    const order: string[] = [];
    const gateway = gatewayOver([[text('a'), end()]], { onReceipt: () => void order.push('gateway') });
    await using _ = gateway;
    await gateway.complete({ ...request, onReceipt: () => void order.push('call') });
    await gateway.provider('scripted').complete({ ...request, model: 'any', onReceipt: () => void order.push('own') });
    await gateway.complete(request);
    expect(order).toEqual(['gateway', 'call', 'gateway', 'own', 'gateway']);
  });

  it('that throws, rejects or never settles leaves the call as it is, and its error is told', async () => {
    const errors: [unknown, HookFailure][] = [];
    const gateway = gatewayOver([[text('a'), end()]], {
      onReceipt: () => {
        throw new Error('thrown');
      },
      onHookError: (...failure) => void errors.push(failure),
    });
    await using _ = gateway;
    const first = await gateway.complete({ ...request, onReceipt: () => Promise.reject(new Error('rejected')) });
    await gateway.complete({ ...request, onReceipt: () => new Promise(() => {}) });
    expect(errors.map(([error, { hook }]) => [String(error), hook])).toEqual([
      ['Error: thrown', 'onReceipt'],
      ['Error: rejected', 'onReceipt'],
      ['Error: thrown', 'onReceipt'],
    ]);
    expect(errors[0]?.[1].callId).toBe(first.receipt.id);
  });

  it('that fails is told as a warning of the process where nobody hears of it, and once', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    try {
      const onReceipt = (): never => {
        throw new Error('thrown');
      };
      await using gateway = gatewayOver([[text('a'), end()]], { onReceipt });
      await gateway.complete(request);
      await gateway.complete(request);
      expect(warn.mock.calls.map(([message]) => message)).toEqual([
        'A hook (`onReceipt`) of a gateway failed: Error: thrown. Give `onHookError` to hear of the others.',
      ]);
    } finally {
      warn.mockRestore();
    }
  });

  it('harms nobody even where `onHookError` fails too', async () => {
    const onReceipt = (): never => {
      throw new Error('thrown');
    };
    const onHookError = jest.fn<() => Promise<void>>();
    onHookError.mockImplementationOnce(onReceipt).mockImplementation(() => Promise.reject(new Error('again')));
    await using gateway = gatewayOver([[text('a'), end()]], { onReceipt, onHookError });
    await gateway.complete(request);
    await gateway.complete(request);
    expect(onHookError).toHaveBeenCalledTimes(2);
  });
});

describe('observers', () => {
  it('are told what begins, and give the trace that goes upstream', async () => {
    const scripted = scriptedProvider([[text('a'), end()]], { repeatLast: true });
    const begun: BegunCall[] = [];
    const ended: Receipt[] = [];
    const observer = (traceparent: string): CallObserver => ({
      onCall: (call) => {
        begun.push(call);
        return { trace: { traceparent }, onReceipt: (receipt) => void ended.push(receipt) };
      },
    });
    await using gateway = createGateway({
      providers: [scripted],
      observers: [observer('first'), observer('second'), { onCall: () => undefined }],
      clock: fakeClock(),
    });
    const { receipt } = await gateway.complete({ ...request, tenant: 't', trace: { traceparent: 'own' } });
    expect(begun).toMatchObject([
      { id: receipt.id, reference: 'scripted:any', kind: 'completion', delivery: 'whole', tenant: 't' },
      { trace: { traceparent: 'first' } },
    ]);
    expect(begun[0]?.trace).toEqual({ traceparent: 'own' });
    expect(begun[0]?.startedAtMs).toBe(Date.parse(receipt.startedAt));
    expect(scripted.calls[0]?.context.trace).toEqual({ traceparent: 'second' });
    expect(ended).toEqual([receipt, receipt]);
  });

  it('leave the trace of the call as it is where they have none, and keep their own `this`', async () => {
    const scripted = scriptedProvider([[text('a'), end()]]);
    class Counting implements CallObserver {
      ended = 0;
      onCall() {
        return this;
      }
      onReceipt(): void {
        this.ended += 1;
      }
    }
    const counting = new Counting();
    await using gateway = createGateway({ providers: [scripted], observers: [counting] });
    await gateway.complete({ ...request, trace: { traceparent: 'own' } });
    expect(scripted.calls[0]?.context.trace).toEqual({ traceparent: 'own' });
    expect(counting.ended).toBe(1);
  });

  it('that throw harm neither the call nor one another', async () => {
    const errors: HookFailure[] = [];
    const ended: Receipt[] = [];
    const thrower = (): never => {
      throw new Error('thrown');
    };
    await using gateway = gatewayOver([[text('a'), end()]], {
      observers: [
        { onCall: thrower },
        { onCall: () => ({ onReceipt: thrower }) },
        { onCall: () => ({ onReceipt: (receipt) => void ended.push(receipt) }) },
      ],
      onHookError: (_error, where) => void errors.push(where),
    });
    const { receipt } = await gateway.complete(request);
    expect(errors).toEqual([
      { hook: 'observers', callId: receipt.id },
      { hook: 'observers', callId: receipt.id },
    ]);
    expect(ended).toEqual([receipt]);
  });
});

describe('hooks that are none', () => {
  it('are refused by name', async () => {
    const wrong = { onReceipt: 1, observers: [{}], onHookError: 'x' } as unknown as Partial<GatewayOptions>;
    const error = await errorOf(() => gatewayOver([], wrong));
    if (!(error instanceof ConfigurationError)) throw new Error('not a ConfigurationError');
    expect(error.issues.map(({ field }) => field)).toEqual(['onReceipt', 'observers[0]', 'onHookError']);
    await using gateway = gatewayOver([]);
    const call = { ...request, onReceipt: 1 as never };
    expect(await errorOf(() => gateway.complete(call))).toMatchObject({ issues: [{ field: 'onReceipt' }] });
  });
});
