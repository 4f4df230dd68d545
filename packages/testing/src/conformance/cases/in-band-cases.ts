import assert from 'node:assert/strict';
import { GatewayError } from '@headrace/core/plugin';
import { cut, finish, status, type UpstreamStep, write } from '../../upstream/upstream-step.js';
import { CANARY_PROMPT } from '../canary.js';
import { type ConformanceGroup, needs } from '../conformance-case.js';
import type { Workbench } from '../workbench.js';

const USAGE = { input: 5, output: 5 };

const failsInside = (
  bench: Workbench,
  pieces: readonly string[],
  message = 'failed inside',
): readonly UpstreamStep[] => [
  ...bench.unproved(bench.dialect.textStream(pieces, USAGE)),
  write(bench.dialect.inBandError?.(message) ?? ''),
  finish(),
];

export const inBandCases: ConformanceGroup = {
  subject: 'failures within a stream',
  cases: [
    {
      name: 'hands over the content that came before a failure in the stream',
      unable: needs('inBandError'),
      run: async (bench) => {
        const { provider } = await bench.pair(failsInside(bench, ['so ', 'far']));
        const { items, ended, error } = await bench.run(provider);
        const said = items
          .flatMap(({ events }) => events)
          .map((event) => (event.type === 'text-delta' ? event.text : ''));
        assert.deepEqual([said.join(''), ended], ['so far', 'thrown']);
        assert.ok(GatewayError.is(error), String(error));
      },
    },
    {
      name: 'fails when the first frame of a stream reports an error',
      unable: needs('inBandError'),
      run: async (bench) => {
        const { headers } = bench.dialect.textStream([], USAGE);
        const frame = bench.dialect.inBandError?.('failed at once') ?? '';
        const { provider } = await bench.pair([status(200, headers), write(frame), finish()]);
        assert.notEqual((await bench.failure(provider)).failureClass, 'truncated', 'the error was passed over');
      },
    },
    {
      name: 'ends at a failure in the stream, whatever comes after it',
      unable: needs('inBandError'),
      run: async (bench) => {
        const { headers, content, proof } = bench.dialect.textStream(['a'], USAGE);
        const frame = bench.dialect.inBandError?.('failed inside') ?? '';
        const { provider } = await bench.pair([
          status(200, headers),
          write([...content, frame, ...proof].join('')),
          finish(),
        ]);
        await bench.failure(provider);
      },
    },
    {
      name: 'keeps its key out of an error that the stream reports and quotes it in',
      unable: needs('inBandError'),
      run: async (bench) => {
        const { provider } = await bench.pair(failsInside(bench, ['a'], `no access with ${bench.apiKey}`));
        bench.noSecretsIn(await bench.failure(provider));
      },
    },
    {
      name: 'keeps out of errors what the answer had said before it broke',
      run: async (bench) => {
        const { headers, content } = bench.dialect.textStream([CANARY_PROMPT], USAGE);
        const { provider } = await bench.pair([status(200, headers), ...content.map(write), cut()]);
        bench.noSecretsIn(await bench.failure(provider));
      },
    },
  ],
};
