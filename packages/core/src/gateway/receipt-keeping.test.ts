import { runInNewContext } from 'node:vm';
import { end, fail, scriptedProvider, text } from '@headrace/testing';
import { describe, expect, it, jest } from '@jest/globals';
import { canaryPrompt } from '../../../testing/src/__fixtures__/canaries/canary.js';
import { errorOf } from '../__fixtures__/outcome.js';
import {
  ConfigurationError,
  createGateway,
  type Gateway,
  type GatewayOptions,
  type HookFailure,
  MemoryReceiptStore,
  OverloadedError,
  type ReceiptStore,
} from '../index.js';

type Script = Parameters<typeof scriptedProvider>[0];

const request = { model: 'scripted:any', prompt: canaryPrompt('Say something.') };

const gatewayOver = (script: Script, options: Partial<GatewayOptions>): Gateway =>
  createGateway({ providers: [scriptedProvider(script, { repeatLast: true })], retry: { maxAttempts: 1 }, ...options });

const storeThat = (append: ReceiptStore['append']): ReceiptStore => ({
  append,
  get: () => undefined,
  query: () => ({ receipts: [] }),
});

describe('a receipt store of a gateway', () => {
  it('keeps the receipt of every call, however it ended', async () => {
    const receipts = new MemoryReceiptStore();
    await using gateway = gatewayOver([[text('a'), end()], [fail(new OverloadedError('no room'))]], { receipts });
    const { receipt } = await gateway.complete({ ...request, tenant: 't' });
    await errorOf(() => gateway.stream(request).final());
    await errorOf(() => gateway.complete({ ...request, signal: AbortSignal.abort('early') }));
    expect(receipts.query().receipts.map(({ outcome }) => outcome)).toEqual(['cancelled', 'failed', 'complete']);
    expect(receipts.get(receipt.id)).toBe(receipt);
    expect(receipts.query({ tenant: 't' })).toEqual({ receipts: [receipt] });
  });

  it('has the receipt before `onReceipt` hears of it', async () => {
    const receipts = new MemoryReceiptStore();
    const found: unknown[] = [];
    const onReceipt: GatewayOptions['onReceipt'] = (receipt) => void found.push(receipts.get(receipt.id) === receipt);
    await using gateway = gatewayOver([[text('a'), end()]], { receipts, onReceipt });
    await gateway.complete({ ...request, onReceipt });
    expect(found).toEqual([true, true]);
  });

  it('that throws or rejects harms neither the call nor other hooks, and its error is told', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    try {
      const append = jest.fn<ReceiptStore['append']>();
      append.mockImplementationOnce(() => {
        throw new Error('thrown');
      });
      append.mockImplementationOnce(() => Promise.reject(new Error('rejected')));
      // A promise that is no instance of this realm's `Promise`.
      append.mockImplementationOnce(() => runInNewContext("Promise.reject(new Error('foreign'))") as Promise<void>);
      const errors: [string, HookFailure][] = [];
      const onReceipt = jest.fn<() => void>();
      await using gateway = gatewayOver([[text('a'), end()]], {
        receipts: storeThat(append),
        onReceipt,
        onHookError: (error, where) => void errors.push([String(error), where]),
      });
      const ids: string[] = [];
      for (let call = 0; call < 4; call += 1) ids.push((await gateway.complete(request)).receipt.id);
      // A turn of the event loop: rejections that nobody handled would be told by then.
      await new Promise((resolve) => setImmediate(resolve));
      expect(errors).toEqual([
        ['Error: thrown', { hook: 'receipts', callId: ids[0] }],
        ['Error: rejected', { hook: 'receipts', callId: ids[1] }],
        ['Error: foreign', { hook: 'receipts', callId: ids[2] }],
      ]);
      expect(onReceipt).toHaveBeenCalledTimes(4);
      expect(append).toHaveBeenCalledTimes(4);
      expect(unhandled).not.toHaveBeenCalled();
    } finally {
      process.off('unhandledRejection', unhandled);
    }
  });

  it('that never settles keeps no call waiting, nor the end of the gateway', async () => {
    const gateway = gatewayOver([[text('a'), end()]], { receipts: storeThat(() => new Promise(() => {})) });
    expect((await gateway.complete(request)).text).toBe('a');
    await gateway.dispose();
  });

  it.each([[1], [{}], [{ append: () => {}, get: () => {} }]])('is refused by name where it is none: %p', (wrong) => {
    const receipts = wrong as unknown as ReceiptStore;
    expect(() => gatewayOver([], { receipts })).toThrow(ConfigurationError);
    expect(() => gatewayOver([], { receipts })).toThrow('receipts: must be a ReceiptStore');
  });
});
