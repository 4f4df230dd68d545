import assert from 'node:assert/strict';
import type { EventBatch, Phase } from '@headrace/core/plugin';
import { type TestContext, testContext } from '../../context/test-context.js';
import { type Collected, collectUntilError, nextEvent } from '../../stream/collect.js';
import { startHoldingUpstream } from '../../upstream/holding-upstream.js';
import { startSilentUpstream } from '../../upstream/silent-upstream.js';
import {
  hangBeforeHeaders,
  pause,
  status,
  type UpstreamStep,
  waitForClose,
  write,
} from '../../upstream/upstream-step.js';
import type { ConformanceCase, ConformanceGroup } from '../conformance-case.js';
import { phaseOf } from '../phase-of.js';
import { wholeAnswer } from '../whole-answer.js';
import type { Workbench } from '../workbench.js';

const USAGE = { input: 5, output: 5 };
/** More than the system takes from a client whose upstream does not read. */
const UPLOAD_BYTES = 8 * 2 ** 20;

/** No `Error`, and not to be changed: a reason that only arrives by being passed on. */
const newReason = (): object => Object.freeze({ reason: 'cancelled by the conformance suite' });

const checkReason = ({ ended, error }: Collected<EventBatch>, reason: object): void => {
  assert.equal(ended, 'thrown', 'a cancelled call ended as if nothing had happened');
  assert.equal(error, reason, 'a cancelled call must throw the reason untouched');
};

const cancelAndCheck = async (
  bench: Workbench,
  context: TestContext,
  rest: Promise<Collected<EventBatch>>,
): Promise<void> => {
  const reason = newReason();
  context.cancel(reason);
  checkReason(await bench.within(rest, 'the cancelled call to throw'), reason);
};

/**
 * Cancels while the upstream stands at a pause and the provider has come as far as the phase, and expects the connection
 * to be closed.
 */
const whileHeld = (
  name: string,
  delivery: 'stream' | 'whole',
  phase: Phase | undefined,
  script: (bench: Workbench) => readonly UpstreamStep[],
): ConformanceCase => ({
  name,
  run: async (bench) => {
    const { upstream, provider } = await bench.pair(script(bench));
    const context = testContext();
    // The request is there: no phase needs to be told.
    const reached = phase === undefined ? Promise.resolve() : phaseOf(context, phase);
    const rest = collectUntilError(provider.call(bench.request({ delivery }), context));
    await bench.within(upstream.reached('here'), 'the request');
    await bench.within(reached, `the phase '${phase}' to be reported`);
    await cancelAndCheck(bench, context, rest);
    const request = await upstream.waitForRequest(1);
    await bench.within(request.closed, 'the connection of the cancelled call to be closed');
  },
});

export const cancellationCases: ConformanceGroup = {
  subject: 'cancellation',
  cases: [
    {
      name: 'sends nothing when it is cancelled before it starts',
      run: async (bench) => {
        const answer = bench.streamed(bench.dialect.textStream(['a'], USAGE));
        const { upstream, provider } = await bench.pair(answer, answer);
        const context = testContext();
        const reason = newReason();
        context.cancel(reason);
        checkReason(await bench.run(provider, bench.request(), context), reason);
        wholeAnswer(await bench.run(provider));
        assert.equal(upstream.requests.length, 1, 'the cancelled call was sent');
      },
    },
    {
      name: 'throws the reason when it is cancelled while connecting',
      run: async (bench) => {
        const silent = bench.keep(await startSilentUpstream());
        const provider = await bench.provider(silent.secureUrl);
        const context = testContext();
        const rest = collectUntilError(provider.call(bench.request(), context));
        const connection = await bench.within(silent.waitForConnection(1), 'a connection');
        await cancelAndCheck(bench, context, rest);
        await bench.within(Promise.resolve(provider.close?.()), 'close() to settle');
        await bench.within(connection.closed, 'the half-open connection to be closed with the provider');
      },
    },
    {
      name: 'stops sending its request when it is cancelled in the middle of it',
      run: async (bench) => {
        const upstream = bench.keep(await startHoldingUpstream());
        const provider = await bench.provider(upstream.url);
        const context = testContext();
        const messages = [{ role: 'user' as const, content: 'x'.repeat(UPLOAD_BYTES) }];
        const rest = collectUntilError(provider.call(bench.request({ messages }), context));
        const request = await bench.within(upstream.waitForRequest(1), 'the head of the request');
        await cancelAndCheck(bench, context, rest);
        const isWhole = await bench.within(request.readOn(), 'the end of the body or of the connection');
        assert.ok(!isWhole, 'the request of the cancelled call was sent to its end');
      },
    },
    whileHeld('closes the connection when it is cancelled while waiting for headers', 'stream', undefined, () => [
      pause('here'),
      hangBeforeHeaders(),
    ]),
    whileHeld('closes the connection when it is cancelled while waiting for a whole answer', 'whole', undefined, () => [
      pause('here'),
      hangBeforeHeaders(),
    ]),
    whileHeld(
      'closes the connection when it is cancelled while waiting for the first content',
      'stream',
      'headers',
      (bench) => [status(200, bench.dialect.textStream([], USAGE).headers), pause('here'), waitForClose()],
    ),
    whileHeld(
      'closes the connection when it is cancelled in the middle of a whole answer',
      'whole',
      'bytes',
      (bench) => {
        const { headers, body } = bench.dialect.wholeText('never complete', USAGE);
        const length = String(Buffer.byteLength(body));
        return [
          status(200, { ...headers, 'content-length': length }),
          write(body.slice(0, 10)),
          pause('here'),
          waitForClose(),
        ];
      },
    ),
    {
      name: 'closes the connection when it is cancelled while streaming',
      run: async (bench) => {
        const { upstream, provider } = await bench.pair([
          ...bench.unproved(bench.dialect.textStream(['a', 'b'], USAGE)),
          waitForClose(),
        ]);
        const context = testContext();
        const batches = provider.call(bench.request(), context);
        const iterator = batches[Symbol.asyncIterator]();
        await bench.within(nextEvent(iterator, 'text-delta'), 'the first text');
        const rest = collectUntilError({ [Symbol.asyncIterator]: () => iterator });
        await cancelAndCheck(bench, context, rest);
        const request = await upstream.waitForRequest(1);
        await bench.within(request.closed, 'the connection of the cancelled call to be closed');
      },
    },
    {
      name: 'gives its whole answer when it is cancelled after the end',
      run: async (bench) => {
        const answer = bench.streamed(bench.dialect.textStream(['a'], USAGE));
        const { provider } = await bench.pair(answer, answer);
        const context = testContext();
        wholeAnswer(await bench.run(provider, bench.request(), context));
        context.cancel(newReason());
        assert.equal(wholeAnswer(await bench.run(provider)).text, 'a');
      },
    },
    {
      name: 'closes the connection when the reader leaves early',
      run: async (bench) => {
        const { upstream, provider } = await bench.pair([
          ...bench.unproved(bench.dialect.textStream(['a', 'b'], USAGE)),
          waitForClose(),
        ]);
        const leave = async (): Promise<void> => {
          for await (const batch of provider.call(bench.request(), testContext())) {
            if (batch.events.some((event) => event.type === 'text-delta')) break;
          }
        };
        await bench.within(leave(), 'the loop to be left');
        const request = await upstream.waitForRequest(1);
        await bench.within(request.closed, 'the connection of the abandoned call to be closed');
      },
    },
    {
      name: 'sends nothing until it is read',
      run: async (bench) => {
        const answer = bench.streamed(bench.dialect.textStream(['a'], USAGE));
        const { upstream, provider } = await bench.pair(answer, answer, answer);
        provider.call(bench.request(), testContext());
        // Two calls one after the other leave time for a third.
        wholeAnswer(await bench.run(provider));
        wholeAnswer(await bench.run(provider));
        assert.equal(upstream.requests.length, 2, 'a call that nobody reads was sent');
      },
    },
  ],
};
