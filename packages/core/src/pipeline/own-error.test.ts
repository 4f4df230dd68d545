import {
  collectUntilError,
  end,
  fail,
  fixedRandom,
  hang,
  rejectionOf,
  type ScriptedProvider,
  scriptedProvider,
  text,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { request, scope } from '../__fixtures__/call.js';
import { createGateway, type Gateway, OverloadedError, RateLimitedError, type Receipt } from '../index.js';
import { EventReader } from './event-reader.js';

const call = { model: 'scripted:m', prompt: 'Hi' } as const;

const gatewayOver = (provider: ScriptedProvider, receipts: Receipt[]): Gateway =>
  createGateway({
    providers: [provider],
    random: fixedRandom(0),
    retry: { baseDelayMs: 0 },
    onReceipt: (receipt) => void receipts.push(receipt),
  });

describe('one error object that a plugin throws in several calls', () => {
  it.each([
    ['one after the other', false],
    ['at one time', true],
  ])('has the receipt of its own call in each, %s', async (_, together) => {
    const error = new RateLimitedError('slow down', { retryAfterMs: 3_600_000 });
    const receipts: Receipt[] = [];
    const gateway = gatewayOver(scriptedProvider([[fail(error)]], { repeatLast: true }), receipts);
    const failing = () => rejectionOf(gateway.complete(call)) as Promise<RateLimitedError>;
    const first = failing();
    if (!together) await first;
    const errors = [await first, ...(await Promise.all([failing(), failing()]))];
    expect(errors[0]).toBe(error);
    expect(errors.map((one) => one.receipt?.id)).toEqual(receipts.map(({ id }) => id));
    expect(new Set(errors.map((one) => one.receipt)).size).toBe(3);
    for (const one of errors) {
      expect(one).toBeInstanceOf(RateLimitedError);
      expect(one).toMatchObject({ message: 'slow down', retryAfterMs: 3_600_000, stack: error.stack });
    }
  });

  it('says of each attempt alone whether something was delivered', async () => {
    const error = new OverloadedError('full');
    const receipts: Receipt[] = [];
    const scripts = [[text('He'), fail(error)], [fail(error)], [fail(error)], [text('He'), fail(error)]];
    const gateway = gatewayOver(scriptedProvider(scripts), receipts);
    const first = await collectUntilError(gateway.stream(call));
    const second = await collectUntilError(gateway.stream({ ...call, maxAttempts: 2 }));
    const third = await collectUntilError(gateway.stream(call));
    expect(receipts.map(({ attempts }) => attempts.map(({ failure }) => failure?.delivered))).toEqual([
      [true],
      [false, false],
      [true],
    ]);
    expect([first, second, third].map((one) => one.error)).toMatchObject([
      { delivered: true, isRetryable: false },
      { delivered: false, isRetryable: true },
      { delivered: true, isRetryable: false },
    ]);
  });

  it('may be frozen', async () => {
    const receipts: Receipt[] = [];
    const error = Object.freeze(new RateLimitedError('slow down', { retryAfterMs: 3_600_000 }));
    const gateway = gatewayOver(scriptedProvider([[text('He'), fail(error)]]), receipts);
    const { error: thrown } = await collectUntilError(gateway.stream(call));
    expect(thrown).toBeInstanceOf(RateLimitedError);
    expect(thrown).toMatchObject({ delivered: true, receipt: receipts[0] });
  });

  it('has the receipt of the outer call where a provider hands on what another gateway failed with', async () => {
    const inner = gatewayOver(scriptedProvider([[fail(new OverloadedError('full'))]]), []);
    const handedOn = (await rejectionOf(inner.complete({ ...call, maxAttempts: 1 }))) as OverloadedError;
    const outer = gatewayOver(scriptedProvider([[fail(handedOn)]], { id: 'outer' }), []);
    const error = await rejectionOf(outer.complete({ ...call, model: 'outer:m', maxAttempts: 1 }));
    expect([handedOn, error]).toMatchObject([
      { code: 'overloaded', receipt: { reference: 'scripted:m' } },
      { code: 'overloaded', receipt: { reference: 'outer:m' } },
    ]);
  });

  it('is a copy for the second call also where it comes from no plugin', async () => {
    const error = new OverloadedError('full');
    const read = (): Promise<unknown> =>
      rejectionOf(
        new EventReader(request(), {
          source: () => Promise.reject(error),
          begin: scope,
          onBatch: () => undefined,
          onOver: () => undefined,
        }).next(),
      );
    const [first, second] = [await read(), await read()] as OverloadedError[];
    expect(first).toBe(error);
    expect(second).toBeInstanceOf(OverloadedError);
    expect(second?.receipt).toBeDefined();
    expect(second?.receipt).not.toBe(first?.receipt);
  });

  it('is left as it is when a caller aborts another call with it', async () => {
    const receipts: Receipt[] = [];
    const error = new OverloadedError('full');
    const gateway = gatewayOver(scriptedProvider([[fail(error)], [text('a'), hang()], [end()]]), receipts);
    await rejectionOf(gateway.complete({ ...call, maxAttempts: 1 }));
    const controller = new AbortController();
    const pending = rejectionOf(gateway.complete({ ...call, signal: controller.signal }));
    controller.abort(error);
    expect(await pending).toBe(error);
    expect(error.receipt).toBe(receipts[0]);
    expect(receipts[1]?.outcome).toBe('cancelled');
  });
});
