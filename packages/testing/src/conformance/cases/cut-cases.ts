import assert from 'node:assert/strict';
import type { EventBatch, FailureClass } from '@headrace/core/plugin';
import { testContext } from '../../context/test-context.js';
import { type Collected, collectUntilError } from '../../stream/collect.js';
import { refusedUrl } from '../../upstream/silent-upstream.js';
import { cut, finish, pause, reset, status, type UpstreamStep, write } from '../../upstream/upstream-step.js';
import type { ConformanceCase, ConformanceGroup } from '../conformance-case.js';
import type { Workbench } from '../workbench.js';

const USAGE = { input: 5, output: 5 };

const checkClass = (actual: FailureClass, ...allowed: readonly FailureClass[]): void =>
  assert.ok(allowed.includes(actual), `the failure class is '${actual}', not '${allowed.join("' or '")}'`);

const textOf = ({ items }: Collected<EventBatch>): string =>
  items
    .flatMap((batch) => batch.events)
    .map((event) => (event.type === 'text-delta' ? event.text : ''))
    .join('');

/** Content, then the fault, and no proof of the end: always a cut answer, and the content is handed over first. */
const afterContent = (name: string, word: string, fault: () => UpstreamStep): ConformanceCase => ({
  name,
  run: async (bench) => {
    const steps = (): readonly UpstreamStep[] => [
      ...bench.unproved(bench.dialect.textStream(['so ', word], USAGE)),
      pause('read'),
      fault(),
    ];
    const { upstream, provider } = await bench.pair(steps(), steps());
    let text = '';
    const context = testContext();
    const read = async function* (): AsyncGenerator<EventBatch> {
      for await (const batch of provider.call(bench.request(), context)) {
        yield batch;
        text += textOf({ items: [batch], ended: 'whole', error: undefined });
        if (text === `so ${word}`) upstream.release('read');
      }
    };
    const collected = await bench.within(collectUntilError(read()), 'the cut call to throw');
    assert.equal(text, `so ${word}`, 'what came before the cut was not handed over');
    assert.equal(collected.ended, 'thrown', 'a cut answer ended as if it were whole');
    checkClass((await bench.failure(provider)).failureClass, 'truncated');
  },
});

const fails = (
  name: string,
  allowed: readonly FailureClass[],
  script: (bench: Workbench) => readonly UpstreamStep[],
  delivery: 'stream' | 'whole' = 'stream',
): ConformanceCase => ({
  name,
  run: async (bench) => {
    const { provider } = await bench.pair(script(bench));
    checkClass((await bench.failure(provider, bench.request({ delivery }))).failureClass, ...allowed);
  },
});

const halfOf = (bench: Workbench, text: string): readonly UpstreamStep[] => {
  const { headers, body } = bench.dialect.wholeText(text, USAGE);
  const bytes = Buffer.from(body);
  return [
    status(200, { ...headers, 'content-length': String(bytes.length) }),
    write(bytes.subarray(0, bytes.length / 2)),
  ];
};

export const cutCases: ConformanceGroup = {
  subject: 'broken connections',
  cases: [
    afterContent('takes a stream that ends in good order, but without proof, for a cut one', 'good', finish),
    afterContent('takes a stream whose connection is closed for a cut one', 'soon', cut),
    afterContent('takes a stream whose connection is reset for a cut one', 'sudden', reset),
    fails('takes half a frame at the end for a cut answer', ['truncated'], (bench) => {
      const { headers, content, proof } = bench.dialect.textStream(['g'], USAGE);
      const half = proof[0]?.slice(0, 12) ?? '';
      return [status(200, headers), write(content.join('')), write(half), cut()];
    }),
    fails('takes a stream without a single frame for a cut one', ['truncated'], (bench) => [
      status(200, bench.dialect.textStream([], USAGE).headers),
      finish(),
    ]),
    fails(
      'takes half of a whole answer for a cut one',
      ['truncated'],
      (bench) => [...halfOf(bench, 'closed'), cut()],
      'whole',
    ),
    fails(
      'takes a whole answer that breaks off for a cut one',
      ['truncated'],
      (bench) => [...halfOf(bench, 'reset'), reset()],
      'whole',
    ),
    fails('calls a connection that closes before the answer a failure of transport', ['transport'], () => [cut()]),
    fails('calls a connection that breaks before the answer a failure of transport', ['transport'], () => [reset()]),
    {
      name: 'calls a refused connection a failure of transport',
      run: async (bench) => {
        const provider = await bench.provider(await refusedUrl());
        checkClass((await bench.failure(provider)).failureClass, 'transport');
      },
    },
  ],
};
