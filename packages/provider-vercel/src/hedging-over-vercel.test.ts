import { createGateway, type GatewayOptions, type Receipt } from '@headrace/core';
import {
  collectText,
  end,
  errorReply,
  fakeClock,
  hang,
  hangBeforeHeaders,
  pause,
  rejectionOf,
  startUpstream,
  text,
  type Upstream,
  type UpstreamStep,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';

const MODEL = 'openai/gpt-4.1-nano';
const says = (words: string): readonly UpstreamStep[] => [text(words), end({ usage: { input: 3, output: 2 } })];

/** Two accounts behind one route, whose calls have a second attempt after a second of the test's clock. */
const rig = (first: Upstream, second: Upstream, options: Partial<GatewayOptions> = {}) => {
  const account = (id: string, { url }: Upstream) =>
    vercel({ id, apiKey: canaryKey(), baseUrl: url, env: {}, catalogue: { refresh: false } });
  const clock = fakeClock();
  const gateway = createGateway({
    providers: [account('first', first), account('second', second)],
    routes: { chat: { targets: [`first:${MODEL}`, `second:${MODEL}`] } },
    hedging: { initialDelayMs: 1_000, maxShare: 1 },
    clock,
    ...options,
  });
  return { gateway, clock };
};

const request = { model: 'chat', prompt: 'Hi' } as const;
const triedOf = ({ attempts }: Receipt): unknown =>
  attempts.map(({ provider, outcome, role = 'first' }) => `${provider} ${outcome} ${role}`);

describe.each([
  ['headers', [hangBeforeHeaders()]],
  ['content', [pause('never'), ...says('never')]],
] as const)('a call whose first upstream sends no %s', (_, script) => {
  it('is served by the second, and the socket of the first is closed', async () => {
    await using first = await startUpstream(script);
    await using second = await startUpstream(says('Hello'));
    const { gateway, clock } = rig(first, second);
    await using _gateway = gateway;
    const stream = gateway.stream(request);
    const answer = collectText(stream);
    const { closed } = await first.waitForRequest(1);
    await clock.advance(1_000);
    expect(await answer).toBe('Hello');
    await closed;
    const receipt = await stream.receipt;
    expect(triedOf(receipt)).toEqual(['first cancelled first', 'second complete hedge']);
    expect(receipt.attempts).toMatchObject([
      { sent: true, usage: { certainty: 'estimated', output: { total: 0 } } },
      { usage: { certainty: 'exact', totalTokens: 5 } },
    ]);
    expect(receipt.usage?.certainty).toBe('estimated');
    expect(receipt.cost?.certainty).toBe('estimated');
  });
});

describe('a call with two attempts under way', () => {
  it('is served by the first when that is faster after all, and the socket of the second is closed', async () => {
    await using first = await startUpstream([pause('late'), ...says('late')]);
    await using second = await startUpstream([hangBeforeHeaders()]);
    const { gateway, clock } = rig(first, second);
    await using _gateway = gateway;
    const stream = gateway.stream(request);
    const answer = collectText(stream);
    await first.reached('late');
    await clock.advance(1_000);
    const { closed } = await second.waitForRequest(1);
    first.release('late');
    expect(await answer).toBe('late');
    await closed;
    expect(triedOf(await stream.receipt)).toEqual(['first complete first', 'second cancelled hedge']);
  });

  it('goes on with the first while the second fails, and the other way round', async () => {
    await using first = await startUpstream([pause('late'), ...says('late')], [pause('fail'), ...errorReply(401)]);
    await using second = await startUpstream(errorReply(401), [pause('later'), ...says('later')]);
    const { gateway, clock } = rig(first, second);
    await using _gateway = gateway;
    const ask = async (number: number, then: () => void): Promise<readonly [string, unknown]> => {
      const stream = gateway.stream(request);
      const answer = collectText(stream);
      await first.waitForRequest(number);
      await clock.advance(1_000);
      await (await second.waitForRequest(number)).played;
      then();
      return [await answer, triedOf(await stream.receipt)];
    };
    expect(await ask(1, () => first.release('late'))).toEqual([
      'late',
      ['first complete first', 'second failed hedge'],
    ]);
    second.release('later');
    first.release('fail');
    const [answer, tried] = await ask(2, () => {});
    expect(answer).toBe('later');
    expect((tried as string[])[1]).toMatch(/^second complete/);
  });

  it('closes both sockets when the caller aborts', async () => {
    await using first = await startUpstream([hangBeforeHeaders()], { repeatLast: true });
    await using second = await startUpstream([hangBeforeHeaders()], { repeatLast: true });
    const { gateway, clock } = rig(first, second);
    await using _gateway = gateway;
    const controller = new AbortController();
    const aborted = rejectionOf(collectText(gateway.stream({ ...request, signal: controller.signal })));
    const one = await first.waitForRequest(1);
    await clock.advance(1_000);
    const other = await second.waitForRequest(1);
    controller.abort('enough');
    expect(await aborted).toBe('enough');
    await Promise.all([one.closed, other.closed]);
  });

  it('never lets anything of the loser through', async () => {
    await using first = await startUpstream([pause('late'), text('one'), hang()]);
    await using second = await startUpstream([text('two'), pause('rest'), ...says(' and more')]);
    const { gateway, clock } = rig(first, second);
    await using _gateway = gateway;
    const pieces: string[] = [];
    const stream = gateway.stream(request);
    const reading = (async () => {
      for await (const piece of stream.text()) {
        pieces.push(piece);
        if (piece === 'two') {
          first.release('late');
          await (await first.waitForRequest(1)).closed;
          second.release('rest');
        }
      }
    })();
    await first.reached('late');
    await clock.advance(1_000);
    await reading;
    expect(pieces.join('')).toBe('two and more');
  });
});
