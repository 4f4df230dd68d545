import assert from 'node:assert/strict';
import { type TestContext, testContext } from '../../context/test-context.js';
import { collectUntilError, nextEvent } from '../../stream/collect.js';
import { cut, hangBeforeHeaders, pause, status, waitForClose, write } from '../../upstream/upstream-step.js';
import type { ConformanceGroup } from '../conformance-case.js';
import { onPhaseOf } from '../phase-of.js';
import { wholeAnswer } from '../whole-answer.js';
import type { Workbench } from '../workbench.js';

const USAGE = { input: 5, output: 5 };

const nobodyListens = (context: TestContext): void =>
  assert.equal(context.cancelListeners, 0, 'a listener for the cancelling of the call was left behind');

/** A call whose upstream hangs after two pieces, read up to the first. */
const halfRead = async (bench: Workbench, context: TestContext) => {
  const { upstream, provider } = await bench.pair([
    ...bench.unproved(bench.dialect.textStream(['c', 'd'], USAGE)),
    waitForClose(),
  ]);
  const iterator = provider.call(bench.request(), context)[Symbol.asyncIterator]();
  await bench.within(nextEvent(iterator, 'text-delta'), 'the first text');
  return { upstream, iterator };
};

export const phaseCases: ConformanceGroup = {
  subject: 'leaving and letting go',
  cases: [
    {
      name: 'throws the reason when it is cancelled between the content and the proof of its end',
      run: async (bench) => {
        const { headers, content, proof } = bench.dialect.textStream(['f'], USAGE);
        const [first = ''] = proof;
        const { upstream, provider } = await bench.pair([
          status(200, headers),
          ...content.map(write),
          write(first.slice(0, 10)),
          pause('here'),
          waitForClose(),
        ]);
        const context = testContext();
        const iterator = provider.call(bench.request(), context)[Symbol.asyncIterator]();
        await bench.within(nextEvent(iterator, 'text-delta'), 'the text');
        await bench.within(upstream.reached('here'), 'the beginning of the proof');
        const rest = collectUntilError({ [Symbol.asyncIterator]: () => iterator });
        context.cancel('no longer wanted');
        const { ended, error } = await bench.within(rest, 'the cancelled call to throw');
        assert.deepEqual([ended, error], ['thrown', 'no longer wanted']);
      },
    },
    {
      name: 'closes the connection of a cancelled call that nobody reads',
      run: async (bench) => {
        const context = testContext();
        const { upstream, iterator } = await halfRead(bench, context);
        context.cancel('nobody is there');
        const { closed } = await upstream.waitForRequest(1);
        await bench.within(closed, 'the connection of the cancelled call to be closed');
        assert.equal((await collectUntilError({ [Symbol.asyncIterator]: () => iterator })).error, 'nobody is there');
      },
    },
    {
      name: 'is cancelled from within a report of its own phase',
      run: async (bench) => {
        const { upstream, provider } = await bench.pair([
          status(200, bench.dialect.textStream([], USAGE).headers),
          waitForClose(),
        ]);
        const context = testContext();
        onPhaseOf(context, (phase) => {
          if (phase === 'headers') context.cancel('at the headers');
        });
        const rest = collectUntilError(provider.call(bench.request(), context));
        const { error } = await bench.within(rest, 'the call to throw');
        assert.equal(error, 'at the headers');
        const { closed } = await upstream.waitForRequest(1);
        await bench.within(closed, 'the connection to be closed');
      },
    },
    {
      name: 'throws a reason that is no object as it is',
      run: async (bench) => {
        for (const reason of ['enough', 0, null, false]) {
          const { upstream, provider } = await bench.pair([pause('here'), hangBeforeHeaders()]);
          const context = testContext();
          const rest = collectUntilError(provider.call(bench.request(), context));
          await bench.within(upstream.reached('here'), 'the request');
          context.cancel(reason);
          const { ended, error } = await bench.within(rest, 'the cancelled call to throw');
          assert.deepEqual([ended, error], ['thrown', reason]);
        }
      },
    },
    {
      name: 'lets go of its cancelling when the answer is whole',
      run: async (bench) => {
        const { provider } = await bench.speaking(['a']);
        const context = testContext();
        wholeAnswer(await bench.run(provider, bench.request(), context));
        nobodyListens(context);
      },
    },
    {
      name: 'lets go of its cancelling when the call fails',
      run: async (bench) => {
        const { provider } = await bench.pair([...bench.unproved(bench.dialect.textStream(['a'], USAGE)), cut()]);
        const context = testContext();
        assert.equal((await bench.run(provider, bench.request(), context)).ended, 'thrown');
        nobodyListens(context);
      },
    },
    {
      name: 'lets go of its cancelling when the reader leaves',
      run: async (bench) => {
        const context = testContext();
        const { iterator } = await halfRead(bench, context);
        await bench.within(Promise.resolve(iterator.return?.()), 'return() to settle');
        nobodyListens(context);
      },
    },
    {
      name: 'sends nothing for a reader who leaves before the first look',
      run: async (bench) => {
        const answer = bench.streamed(bench.dialect.textStream(['a'], USAGE));
        const { upstream, provider } = await bench.pair(answer, answer);
        const iterator = provider.call(bench.request(), testContext())[Symbol.asyncIterator]();
        await bench.within(Promise.resolve(iterator.return?.()), 'return() to settle');
        assert.equal((await bench.within(iterator.next(), 'next() after return()')).done, true);
        await bench.text(provider);
        assert.equal(upstream.requests.length, 1, 'the call that nobody read was sent');
      },
    },
    {
      name: 'stays at its end when it is read on after the end',
      run: async (bench) => {
        const { provider } = await bench.speaking(['a']);
        const iterator = provider.call(bench.request(), testContext())[Symbol.asyncIterator]();
        await bench.within(nextEvent(iterator, 'response-end'), 'the end of the answer');
        for (const look of ['first', 'second', 'third']) {
          const { done } = await bench.within(iterator.next(), `the ${look} next() after the end`);
          assert.equal(done, true, `the ${look} look after the end found something`);
        }
      },
    },
    {
      name: 'stays at its end when it is read on after a failure',
      run: async (bench) => {
        const { upstream, provider } = await bench.pair(
          [cut()],
          bench.streamed(bench.dialect.textStream(['a'], USAGE)),
        );
        const iterator = provider.call(bench.request(), testContext())[Symbol.asyncIterator]();
        await assert.rejects(bench.within(iterator.next(), 'the failure'));
        const { done } = await bench.within(iterator.next(), 'next() after the failure');
        assert.equal(done, true, 'something came after the failure');
        assert.equal(upstream.requests.length, 1, 'reading on sent the request again');
      },
    },
    {
      name: 'closes the connection when the reader leaves at the first batch',
      run: async (bench) => {
        const { headers, content } = bench.dialect.textStream(['e'], USAGE);
        const { upstream, provider } = await bench.pair([
          status(200, headers),
          write(content.join('')),
          waitForClose(),
        ]);
        const leave = async (): Promise<void> => {
          for await (const _batch of provider.call(bench.request(), testContext())) break;
        };
        await bench.within(leave(), 'the loop to be left');
        const { closed } = await upstream.waitForRequest(1);
        await bench.within(closed, 'the connection of the abandoned call to be closed');
      },
    },
  ],
};
