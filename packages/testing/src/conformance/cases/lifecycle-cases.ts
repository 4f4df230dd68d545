import assert from 'node:assert/strict';
import { testContext } from '../../context/test-context.js';
import { nextEvent } from '../../stream/collect.js';
import { cut, pause, write } from '../../upstream/upstream-step.js';
import type { ConformanceGroup } from '../conformance-case.js';
import { sideBySide } from '../side-by-side.js';
import { wholeAnswer } from '../whole-answer.js';

const USAGE = { input: 5, output: 5 };

export const lifecycleCases: ConformanceGroup = {
  subject: 'lifecycle',
  cases: [
    {
      name: 'can be closed twice, and before it was ever used',
      run: async (bench) => {
        const { provider } = await bench.pair(bench.streamed(bench.dialect.textStream(['a'], USAGE)));
        const unused = await bench.provider('http://127.0.0.1:9');
        wholeAnswer(await bench.run(provider));
        for (const each of [provider, unused]) {
          await bench.within(Promise.all([each.close?.(), each.close?.()]), 'two close() at once');
          await bench.within(Promise.resolve(each.close?.()), 'a third close()');
        }
      },
    },
    {
      name: 'leaves no connection open when it is closed',
      run: async (bench) => {
        const { upstream, provider } = await bench.pair(bench.streamed(bench.dialect.textStream(['a'], USAGE)));
        wholeAnswer(await bench.run(provider));
        const { closed } = await upstream.waitForRequest(1);
        await bench.within(Promise.resolve(provider.close?.()), 'close() to settle');
        await bench.within(closed, 'the idle connection to be closed with the provider');
      },
    },
    {
      name: 'serves the next call after a failed one',
      run: async (bench) => {
        const { provider } = await bench.pair(
          [...bench.unproved(bench.dialect.textStream(['a'], USAGE)), cut()],
          bench.streamed(bench.dialect.textStream(['b'], USAGE)),
        );
        await bench.failure(provider);
        assert.equal(wholeAnswer(await bench.run(provider)).text, 'b');
      },
    },
    {
      name: 'keeps calls at the same time apart',
      run: async (bench) => {
        const answer = (piece: string) => {
          const { headers, content, proof } = bench.dialect.textStream([piece, piece], USAGE);
          return [
            ...bench.unproved({ headers, content: content.slice(0, -1), proof }),
            pause('both'),
            ...[...content.slice(-1), ...proof].map(write),
          ];
        };
        const { upstream, provider } = await bench.pair(answer('a'), answer('b'));
        const texts = await sideBySide(bench, provider, 2, () => upstream.release('both'));
        assert.deepEqual(texts, ['aa', 'bb']);
      },
    },
    {
      name: 'shares nothing with another provider of its kind',
      run: async (bench) => {
        const { headers, content, proof } = bench.dialect.textStream(['a', 'b'], USAGE);
        const { upstream, provider } = await bench.pair([
          ...bench.unproved({ headers, content: content.slice(0, -1), proof }),
          pause('closed'),
          ...[...content.slice(-1), ...proof].map(write),
        ]);
        const other = await bench.provider(upstream.url);
        const iterator = provider.call(bench.request(), testContext())[Symbol.asyncIterator]();
        await bench.within(nextEvent(iterator, 'text-delta'), 'the first text');
        await bench.within(Promise.resolve(other.close?.()), 'close() of the other provider');
        upstream.release('closed');
        const { reason } = await bench.within(nextEvent(iterator, 'response-end'), 'the end of the answer');
        assert.equal(reason, 'stop');
      },
    },
  ],
};
