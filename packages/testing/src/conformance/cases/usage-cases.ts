import assert from 'node:assert/strict';
import type { TokenUsage } from '@headrace/core/plugin';
import type { TokenCounts } from '../../script/token-counts.js';
import type { ConformanceGroup } from '../conformance-case.js';
import type { Dialect } from '../dialect.js';
import { wholeAnswer } from '../whole-answer.js';

const USAGES: readonly TokenCounts[] = [
  { input: 20, output: 3 },
  { input: 1000, cacheRead: 600, output: 50, reasoning: 40 },
  { input: 0, output: 0 },
];

/** Counts that the dialect has no field for are 0. */
const tellable = (counts: TokenCounts, { uncounted = [] }: Dialect): TokenCounts => ({
  ...counts,
  ...Object.fromEntries(uncounted.map((name) => [name, 0])),
});

const checkSums = ({ certainty, input, output, totalTokens }: TokenUsage, expected: TokenCounts): void => {
  assert.equal(input.uncached + input.cacheRead + input.cacheWrite, input.total, 'parts of the input do not sum up');
  assert.equal(output.text + output.reasoning + output.image, output.total, 'parts of the output do not sum up');
  assert.equal(totalTokens, input.total + output.total, 'totalTokens is not input and output');
  for (const count of [...Object.values(input), ...Object.values(output)]) {
    assert.ok(Number.isSafeInteger(count) && count >= 0, `${count} is no number of tokens`);
  }
  assert.equal(certainty, 'exact', 'usage reported for the whole answer is exact');
  const { input: inputTotal, output: outputTotal, cacheRead = 0, reasoning = 0 } = expected;
  assert.deepEqual(
    [input.total, output.total, input.cacheRead, output.reasoning],
    [inputTotal, outputTotal, cacheRead, reasoning],
    'the counts are not those of the upstream',
  );
};

export const usageCases: ConformanceGroup = {
  subject: 'usage',
  cases: [
    {
      name: 'reports the usage of a streamed answer, and its parts sum to the totals',
      run: async (bench) => {
        const scripts = USAGES.map((usage) => bench.streamed(bench.dialect.textStream(['a'], usage)));
        const { provider } = await bench.pair(...scripts);
        for (const expected of USAGES) {
          const { usage } = wholeAnswer(await bench.run(provider)).end;
          assert.ok(usage, 'no usage was reported');
          checkSums(usage, tellable(expected, bench.dialect));
        }
      },
    },
    {
      name: 'reports the usage of a whole answer, and its parts sum to the totals',
      run: async (bench) => {
        const scripts = USAGES.map((usage) => bench.whole(bench.dialect.wholeText('a', usage)));
        const { provider } = await bench.pair(...scripts);
        for (const expected of USAGES) {
          const { usage } = wholeAnswer(await bench.run(provider, bench.request({ delivery: 'whole' }))).end;
          assert.ok(usage, 'no usage was reported');
          checkSums(usage, tellable(expected, bench.dialect));
        }
      },
    },
  ],
};
