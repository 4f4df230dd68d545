import assert from 'node:assert/strict';
import type { FinishReason } from '@headrace/core/plugin';
import { type ConformanceCase, type ConformanceGroup, needs } from '../conformance-case.js';
import type { ConformanceSpec } from '../conformance-spec.js';
import type { Dialect } from '../dialect.js';
import { wholeAnswer } from '../whole-answer.js';

const USAGE = { input: 5, output: 5 };

const wordsFor = ({ endings = {} }: Dialect, wanted: FinishReason): readonly string[] =>
  Object.entries(endings).flatMap(([word, reason]) => (reason === wanted ? [word] : []));

const unableToEnd =
  (reason: FinishReason) =>
  (spec: ConformanceSpec): string | undefined =>
    needs('endings')(spec) ??
    (wordsFor(spec.dialect, reason).length === 0
      ? `the \`endings\` of the dialect '${spec.dialect.name}' have no word for '${reason}'`
      : undefined);

const ends = (name: string, reason: FinishReason): ConformanceCase => ({
  name,
  unable: unableToEnd(reason),
  run: async (bench) => {
    for (const word of wordsFor(bench.dialect, reason)) {
      const { provider } = await bench.pair(
        bench.streamed(bench.dialect.textStream(['a'], USAGE, word)),
        bench.whole(bench.dialect.wholeText('a', USAGE, word)),
      );
      for (const delivery of ['stream', 'whole'] as const) {
        const { end } = wholeAnswer(await bench.run(provider, bench.request({ delivery })));
        assert.deepEqual([end.reason, end.rawReason], [reason, word], `${delivery}, '${word}'`);
      }
    }
  },
});

export const endingCases: ConformanceGroup = {
  subject: 'endings',
  cases: [
    ends('tells the ordinary end in the word of the upstream', 'stop'),
    ends('tells an answer that reached its limit', 'length'),
    ends('tells an answer that a filter ended', 'content-filter'),
    ends('tells an end that nobody knows as unknown, in the word of the upstream', 'unknown'),
    {
      name: 'takes an answer that a filter ended before any text for a whole one',
      unable: unableToEnd('content-filter'),
      run: async (bench) => {
        const [word] = wordsFor(bench.dialect, 'content-filter');
        const { provider } = await bench.pair(bench.streamed(bench.dialect.textStream([], USAGE, word)));
        const { end, text } = wholeAnswer(await bench.run(provider));
        assert.deepEqual([end.reason, text], ['content-filter', '']);
      },
    },
    {
      name: 'tells the same end whether the answer comes streamed or whole',
      run: async (bench) => {
        const { provider } = await bench.pair(
          bench.streamed(bench.dialect.textStream(['one ', 'answer'], USAGE)),
          bench.whole(bench.dialect.wholeText('one answer', USAGE)),
        );
        const streamed = wholeAnswer(await bench.run(provider));
        const whole = wholeAnswer(await bench.run(provider, bench.request({ delivery: 'whole' })));
        const said = ({ end, text }: typeof whole) => [text, end.reason, end.rawReason, end.usage];
        assert.deepEqual(said(whole), said(streamed));
      },
    },
  ],
};
