import { fail, fakeClock, hang, rejectionOf, text, wait } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { OverloadedError, QuotaExhaustedError } from '../index.js';
import {
  countsOf,
  failureOf,
  gate,
  provided,
  rig,
  says,
  silent,
  stopped,
  triedOf,
  well,
} from './__fixtures__/hedged-calls.js';

describe('a second attempt', () => {
  it('is not made when the first has brought content', async () => {
    const a = provided('a', [[text('Hel'), hang()]]);
    const b = provided('b', well());
    const { gateway, clock } = rig([a, b]);
    const call = gateway.stream({ model: 'chat', prompt: 'Hi' });
    for await (const piece of call.text()) {
      expect(piece).toBe('Hel');
      await clock.advance(5_000);
      break;
    }
    expect(countsOf(b)).toEqual([0]);
    expect(clock.pending).toBe(0);
  });

  it('is made after the learned quantile once twenty answers are known', async () => {
    let ms = 0;
    const clock = fakeClock();
    const slow = () => [wait(new Promise<void>((resolve) => void clock.schedule(ms, resolve))), ...says('Hello')];
    const [a, b] = [provided('a', [slow]), provided('b', well())];
    const { stream } = rig([a, b], { clock, hedging: { maxShare: 1, quantile: 0.9 } });
    const ask = async (firstContentMs: number, advanceMs = firstContentMs): Promise<string> => {
      ms = firstContentMs;
      const { answer, receipt } = stream();
      await a.waitForCall(a.calls.length + 1);
      await clock.advance(advanceMs);
      await answer;
      return (await receipt).servedBy?.provider ?? '';
    };
    for (let call = 1; call <= 20; call += 1) expect(await ask(call * 100)).toBe('a');
    expect(countsOf(b)).toEqual([0]);
    // Nine in ten took up to 1,800 ms.
    expect(await ask(1_799)).toBe('a');
    expect(await ask(9_000, 1_800)).toBe('b');
    expect(countsOf(b)).toEqual([1]);
  });

  it('goes to the next target that can serve the request', async () => {
    const tools = [{ name: 't', parameters: { type: 'object' } }] as const;
    const plain = { models: [{ id: 'm', capabilities: { toolCall: false } }] };
    const [a, b, c] = [provided('a', silent), provided('b', well(), plain), provided('c', well('third'))];
    const { stream, clock } = rig([a, b, c], { hedging: { initialDelayMs: 1_000, maxShare: 1, tools: true } });
    const { answer } = stream({ tools });
    await a.waitForCall(1);
    await clock.advance(1_000);
    expect(await answer).toBe('third');
    expect(countsOf(b)).toEqual([0]);
  });

  it.each([
    ['would leave none for a third target', 3, 2, [1, 0, 0]],
    ['leaves one for the third target', 3, 3, [1, 1, 0]],
    ['has only the last target to go to', 2, 2, [1, 1, 0]],
    ['would be beyond the budget', 2, 1, [1, 0, 0]],
  ])('keeps to the attempts of the call when it %s', async (_, targets, maxAttempts, counts) => {
    const all = [provided('a', silent), provided('b', silent), provided('c', silent)];
    const { stream, clock, gateway } = rig(all.slice(0, targets));
    const left = rejectionOf(stream({ maxAttempts }).answer);
    await all[0]?.waitForCall(1);
    await clock.advance(1_000);
    expect(countsOf(...all)).toEqual(counts);
    await gateway.dispose();
    await left;
  });

  it('leaves the failure of the first as it is when it has taken the last attempt', async () => {
    const overloaded = [fail(new OverloadedError('full', { retryAfterMs: 3_000 }))];
    const [a, b] = [provided('a', [overloaded, says('never')]), provided('b', silent)];
    const { stream, clock } = rig([a, b], { clocks: { connectMs: 5_000 } });
    const failed = failureOf(stream({ maxAttempts: 2 }).answer);
    await a.waitForCall(1);
    await clock.advance(10_000);
    const { receipt } = await failed;
    expect(triedOf(receipt)).toEqual([
      ['a', 'failed'],
      ['b', 'failed'],
    ]);
  });

  it('is not made when the deadline is too near for it', async () => {
    const [a, b] = [provided('a', silent), provided('b', silent)];
    const { stream, clock } = rig([a, b]);
    const failed = failureOf(stream({ timeoutMs: 1_200 }).answer);
    await a.waitForCall(1);
    await clock.advance(1_200);
    expect(await failed).toMatchObject({ code: 'deadline-timeout' });
    expect(countsOf(b)).toEqual([0]);
  });

  it('is given to one call in twenty unless the host says otherwise', async () => {
    const [a, b] = [provided('a', silent), provided('b', well())];
    const { stream, clock, gateway } = rig([a, b], { hedging: { initialDelayMs: 1_000 } });
    const calls = Array.from({ length: 39 }, () => stream().answer.catch(() => 'failed'));
    await a.waitForCall(39);
    await clock.advance(1_000);
    expect(countsOf(b)).toEqual([1]);
    await gateway.dispose();
    expect((await Promise.all(calls)).filter((answer) => answer === 'Hello')).toHaveLength(1);
  });

  it('counts for nothing when it is refused before it is sent', async () => {
    const spent = [fail(new QuotaExhaustedError('spent'))];
    const [a, b, c] = [provided('a', silent), provided('b', [spent], { keys: ['one', 'two'] }), provided('c', well())];
    const routes = { chat: { targets: ['a:m', 'b:m'] }, other: { targets: ['a:m', 'c:m'] } };
    const { stream, clock, gateway } = rig([a, b, c], { routes, hedging: { initialDelayMs: 1_000, maxShare: 0.5 } });
    expect(await rejectionOf(stream({ model: 'b:m' }).answer)).toBeInstanceOf(QuotaExhaustedError);
    expect(countsOf(b)).toEqual([2]);
    const left = [stream(), stream()].map(({ answer }) => rejectionOf(answer));
    await a.waitForCall(2);
    await clock.advance(1_000);
    expect(countsOf(b)).toEqual([2]);
    // Of three calls one may have a second attempt: it is still to be had.
    const { answer } = stream({ model: 'other' });
    await a.waitForCall(3);
    await clock.advance(1_000);
    expect(await answer).toBe('Hello');
    await gateway.dispose();
    await Promise.all(left);
  });

  it.each([
    ['the first brings content', true],
    ['the caller aborts', false],
  ])('counts for nothing when it still waits for room as %s', async (_, isAnswered) => {
    const late = gate();
    // A thousand tokens, which is what is taken for the length of an answer, are a dollar.
    const priced = { models: [{ id: 'm', maxOutputTokens: 1_000, pricing: { input: 0, output: 1_000 } }] };
    const [a, b, c] = [
      provided('a', [says('quick'), [wait(late.passed), ...says('first')], [hang()]], priced),
      provided('b', silent, priced),
      provided('c', well('third'), priced),
    ];
    const { stream, clock, gateway } = rig([a, b, c], {
      routes: { chat: { targets: ['a:m', 'b:m'] }, other: { targets: ['a:m', 'c:m'] } },
      hedging: { initialDelayMs: 1_000, maxShare: 0.5, maxUsdPerHour: 1 },
      gate: { concurrency: { targets: { 'b:m': 1 } } },
    });
    const holder = rejectionOf(stream({ model: 'b:m' }).answer);
    await b.waitForCall(1);
    expect(await stream().answer).toBe('quick');
    const controller = new AbortController();
    const { answer } = stream({ signal: controller.signal });
    const ended = answer.catch((error: unknown) => error);
    await a.waitForCall(2);
    await clock.advance(1_000);
    if (isAnswered) late.open();
    else controller.abort('enough');
    expect(await ended).toBe(isAnswered ? 'first' : 'enough');
    expect(countsOf(b)).toEqual([1]);
    // Of three calls one may have a second attempt, and for a dollar: it is still to be had.
    const next = stream({ model: 'other' });
    await a.waitForCall(3);
    await clock.advance(1_000);
    expect(await next.answer).toBe('third');
    await gateway.dispose();
    await holder;
  });

  it('that waits for room keeps its attempt from the retries of the first', async () => {
    const late = gate();
    const done = gate();
    const [a, b] = [
      provided('a', [[wait(late.passed), fail(new OverloadedError('full'))], says('never')]),
      provided('b', [[text('one'), wait(done.passed), ...says('')], says('Hello')]),
    ];
    const { stream, clock } = rig([a, b], { gate: { concurrency: { perTarget: 1 } } });
    const holder = stream({ model: 'b:m' });
    await b.waitForCall(1);
    const { answer, receipt } = stream({ maxAttempts: 2 });
    await a.waitForCall(1);
    await clock.advance(1_000);
    late.open();
    await a.calls[0]?.finished;
    await clock.advance(5_000);
    expect(countsOf(a, b)).toEqual([1, 1]);
    done.open();
    await holder.answer;
    expect(await answer).toBe('Hello');
    expect(triedOf(await receipt)).toEqual([
      ['a', 'failed'],
      ['b', 'complete', 'hedge'],
    ]);
  });

  it('ends its lease of a key without a word against it', async () => {
    const keys = { keys: ['one', 'two'] };
    const late = gate();
    const [a, b] = [
      provided('a', [[wait(late.passed), ...says('first')]]),
      provided('b', [[hang()], says('second')], keys),
    ];
    const { stream, clock } = rig([a, b]);
    const { answer, receipt } = stream();
    await a.waitForCall(1);
    await clock.advance(1_000);
    await b.waitForCall(1);
    late.open();
    await answer;
    expect((await receipt).attempts[1]).toMatchObject({ key: 'one', role: 'hedge', outcome: 'cancelled' });
    const used = [];
    for (let call = 0; call < 2; call += 1) {
      const next = stream({ model: 'b:m' });
      await next.answer;
      used.push((await next.receipt).attempts[0]?.key);
    }
    expect(used).toEqual(['two', 'one']);
  });
});

describe('the caller', () => {
  it('aborts both attempts, with its reason untouched', async () => {
    const [a, b] = [provided('a', silent), provided('b', silent)];
    const { stream, clock } = rig([a, b]);
    const controller = new AbortController();
    const left = rejectionOf(stream({ signal: controller.signal }).answer);
    await a.waitForCall(1);
    await clock.advance(1_000);
    await b.waitForCall(1);
    const reason = { enough: true };
    controller.abort(reason);
    expect(await left).toBe(reason);
    await stopped(a, b);
    expect(clock.pending).toBe(0);
  });

  it('aborts while only the delay runs, and there is no second attempt', async () => {
    const [a, b] = [provided('a', silent), provided('b', silent)];
    const { stream, clock } = rig([a, b]);
    const controller = new AbortController();
    const left = rejectionOf(stream({ signal: controller.signal }).answer);
    await a.waitForCall(1);
    await clock.advance(500);
    controller.abort('enough');
    expect(await left).toBe('enough');
    expect(clock.pending).toBe(0);
    expect(countsOf(b)).toEqual([0]);
  });

  it('ends both with its deadline', async () => {
    const [a, b] = [provided('a', silent), provided('b', silent)];
    const { stream, clock } = rig([a, b]);
    const failed = failureOf(stream({ timeoutMs: 4_000 }).answer);
    await a.waitForCall(1);
    await clock.advance(4_000);
    expect(await failed).toMatchObject({ code: 'deadline-timeout' });
    await stopped(a, b);
    expect(clock.pending).toBe(0);
  });

  it('ends both when it leaves before any content', async () => {
    const [a, b] = [provided('a', silent), provided('b', silent)];
    const { gateway, clock } = rig([a, b]);
    const events = gateway.stream({ model: 'chat', prompt: 'Hi' })[Symbol.asyncIterator]();
    const next = events.next();
    await a.waitForCall(1);
    await clock.advance(1_000);
    await b.waitForCall(1);
    await events.return?.();
    await stopped(a, b);
    expect(clock.pending).toBe(0);
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
