import assert from 'node:assert/strict';
import type { EventBatch, TokenUsage } from '@headrace/core/plugin';
import { testContext } from '../../context/test-context.js';
import { type Collected, collectUntilError } from '../../stream/collect.js';
import { pause } from '../../upstream/upstream-step.js';
import { type ConformanceGroup, needs } from '../conformance-case.js';
import { wholeAnswer } from '../whole-answer.js';

const totalsOf = (collected: Collected<EventBatch>): readonly (number | undefined)[] => {
  const usage: TokenUsage | undefined = wholeAnswer(collected).end.usage;
  return [usage?.input.total, usage?.output.total];
};

export const usageReportCases: ConformanceGroup = {
  subject: 'usage reports',
  cases: [
    {
      name: 'counts beyond 32 bits exactly',
      run: async (bench) => {
        const { provider } = await bench.speaking(['a'], { input: 5_000_000_001, output: 4_294_967_297 });
        assert.deepEqual(totalsOf(await bench.run(provider)), [5_000_000_001, 4_294_967_297]);
      },
    },
    {
      name: 'invents no usage where the upstream reports none',
      unable: needs('textStreamWithoutUsage'),
      run: async (bench) => {
        const rendered = bench.dialect.textStreamWithoutUsage?.(['a']);
        assert.ok(rendered);
        const { provider } = await bench.pair(bench.streamed(rendered));
        assert.equal(wholeAnswer(await bench.run(provider)).end.usage, undefined);
      },
    },
    {
      name: 'reports the usage of an answer that calls tools',
      unable: needs('toolCallStream'),
      run: async (bench) => {
        const call = { id: 'call_a', name: 'clock', argumentsJson: ['{}'] };
        const rendered = bench.dialect.toolCallStream?.([call], { input: 31, output: 17 });
        assert.ok(rendered);
        const { provider } = await bench.pair(bench.streamed(rendered));
        const tools = [{ name: 'clock', parameters: { type: 'object', properties: {} } }];
        assert.deepEqual(totalsOf(await bench.run(provider, bench.request({ tools }))), [31, 17]);
      },
    },
    {
      name: 'reports to each of two calls at the same time its own usage',
      run: async (bench) => {
        const answer = (input: number) => [
          pause('both'),
          ...bench.streamed(bench.dialect.textStream(['a'], { input, output: 1 })),
        ];
        const { upstream, provider } = await bench.pair(answer(101), answer(202));
        const both = Promise.all([1, 2].map(() => collectUntilError(provider.call(bench.request(), testContext()))));
        await bench.within(upstream.waitForRequest(2), 'two requests at once');
        upstream.release('both');
        const inputs = (await bench.within(both, 'both answers')).map((each) => totalsOf(each)[0]);
        assert.deepEqual(new Set(inputs), new Set([101, 202]));
      },
    },
  ],
};
