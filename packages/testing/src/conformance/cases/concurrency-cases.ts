import assert from 'node:assert/strict';
import type { EventBatch } from '@headrace/core/plugin';
import { GatewayError } from '@headrace/core/plugin';
import { testContext } from '../../context/test-context.js';
import { type Collected, collectText, collectUntilError, nextEvent } from '../../stream/collect.js';
import { cut, pause, reset, type UpstreamStep, waitForClose, write } from '../../upstream/upstream-step.js';
import type { ConformanceGroup } from '../conformance-case.js';
import { sideBySide } from '../side-by-side.js';
import { wholeAnswer } from '../whole-answer.js';
import type { Workbench } from '../workbench.js';

const USAGE = { input: 5, output: 5 };
const MANY = 24;

/** First piece, a pause, then the rest. */
const halting = (bench: Workbench, text: string): readonly UpstreamStep[] => {
  const { headers, content, proof } = bench.dialect.textStream([text, text], USAGE);
  return [
    ...bench.unproved({ headers, content: content.slice(0, -1), proof }),
    pause('all'),
    ...[...content.slice(-1), ...proof].map(write),
  ];
};

export const concurrencyCases: ConformanceGroup = {
  subject: 'calls at the same time',
  cases: [
    {
      name: 'gives each of two dozen calls its own answer',
      run: async (bench) => {
        const names = Array.from({ length: MANY }, (_call, place) => `<${place}>`);
        const { upstream, provider } = await bench.pair(...names.map((name) => halting(bench, name)));
        const texts = await sideBySide(bench, provider, MANY, () => upstream.release('all'));
        assert.deepEqual(texts, names.map((name) => name + name).sort());
      },
    },
    {
      name: 'lets one call fail without the others',
      run: async (bench) => {
        const rendered = bench.dialect.textStream(['lost'], USAGE);
        const { upstream, provider } = await bench.pair(halting(bench, 'kept'), [
          ...bench.unproved(rendered),
          pause('lost'),
          cut(),
        ]);
        const calls: readonly Promise<Collected<EventBatch>>[] = [1, 2].map(() =>
          collectUntilError(provider.call(bench.request(), testContext())),
        );
        await bench.within(upstream.waitForRequest(2), 'two requests at once');
        await bench.within(upstream.reached('all'), 'the first piece');
        upstream.release('lost');
        assert.equal((await bench.within(Promise.race(calls), 'the call to fail')).ended, 'thrown');
        upstream.release('all');
        const ends = await bench.within(Promise.all(calls), 'both calls');
        const texts = ends.flatMap((each) => (each.ended === 'whole' ? [wholeAnswer(each).text] : []));
        assert.deepEqual(texts, ['keptkept']);
      },
    },
    {
      name: 'lets one of two dozen calls break without the others',
      run: async (bench) => {
        const breaking = [...bench.unproved(bench.dialect.textStream(['gone'], USAGE)), pause('gone'), reset()];
        const scripts = Array.from({ length: MANY }, (_call, place) =>
          place === MANY / 2 ? breaking : halting(bench, 'kept'),
        );
        const { upstream, provider } = await bench.pair(...scripts);
        const calls = scripts.map(() => collectUntilError(provider.call(bench.request(), testContext())));
        await bench.within(upstream.waitForRequest(MANY), 'all requests at once');
        await bench.within(Promise.all([upstream.reached('all'), upstream.reached('gone')]), 'the first pieces');
        upstream.release('gone');
        assert.equal((await bench.within(Promise.race(calls), 'the call to break')).ended, 'thrown');
        upstream.release('all');
        const ends = await bench.within(Promise.all(calls), 'all calls');
        const texts = ends.flatMap((each) => (each.ended === 'whole' ? [wholeAnswer(each).text] : []));
        assert.deepEqual(texts, Array<string>(MANY - 1).fill('keptkept'));
      },
    },
    {
      name: 'lets one call be cancelled without the others',
      run: async (bench) => {
        const { upstream, provider } = await bench.pair(halting(bench, 'a'), halting(bench, 'a'));
        const cancelled = testContext();
        const one = collectUntilError(provider.call(bench.request(), cancelled));
        const other = collectText(provider.call(bench.request(), testContext()));
        await bench.within(upstream.waitForRequest(2), 'two requests at once');
        await bench.within(upstream.reached('all'), 'the first pieces');
        cancelled.cancel('only this one');
        assert.equal((await bench.within(one, 'the cancelled call to throw')).error, 'only this one');
        upstream.release('all');
        assert.equal(await bench.within(other, 'the other answer'), 'aa');
      },
    },
    {
      name: 'lets one reader leave without the others',
      run: async (bench) => {
        const { upstream, provider } = await bench.pair(halting(bench, 'a'), halting(bench, 'a'));
        const leaving = provider.call(bench.request(), testContext())[Symbol.asyncIterator]();
        await bench.within(nextEvent(leaving, 'text-delta'), 'the first text');
        const staying = collectText(provider.call(bench.request(), testContext()));
        await bench.within(upstream.waitForRequest(2), 'the second request');
        await bench.within(Promise.resolve(leaving.return?.()), 'return() to settle');
        upstream.release('all');
        assert.equal(await bench.within(staying, 'the answer of the one who stays'), 'aa');
      },
    },
    {
      name: 'ends the calls under way when it is closed',
      run: async (bench) => {
        const { upstream, provider } = await bench.pair([
          ...bench.unproved(bench.dialect.textStream(['a'], USAGE)),
          pause('here'),
          waitForClose(),
        ]);
        const running = collectUntilError(provider.call(bench.request(), testContext()));
        await bench.within(upstream.reached('here'), 'the first piece');
        await bench.within(Promise.resolve(provider.close?.()), 'close() to settle');
        const { ended, error } = await bench.within(running, 'the call under way to end');
        assert.equal(ended, 'thrown', 'a call whose provider was closed ended as if it were whole');
        assert.ok(GatewayError.is(error), `threw what is no GatewayError: ${String(error)}`);
        const { closed } = await upstream.waitForRequest(1);
        await bench.within(closed, 'the connection of the call under way to be closed');
      },
    },
    {
      name: 'answers a call after its close, or refuses it with an error of the contract',
      run: async (bench) => {
        const answer = bench.streamed(bench.dialect.textStream(['late'], USAGE));
        const { provider } = await bench.pair(answer);
        await bench.within(Promise.resolve(provider.close?.()), 'close() to settle');
        const collected = await bench.run(provider);
        if (collected.ended === 'whole') assert.equal(wholeAnswer(collected).text, 'late');
        else assert.ok(GatewayError.is(collected.error), `threw what is no GatewayError: ${String(collected.error)}`);
        await bench.within(Promise.resolve(provider.close?.()), 'close() after the late call');
      },
    },
  ],
};
