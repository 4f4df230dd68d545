import assert from 'node:assert/strict';
import { type FailureClass, GatewayError } from '@headrace/core/plugin';
import { testContext } from '../../context/test-context.js';
import { finish, reply, status, type UpstreamStep, write } from '../../upstream/upstream-step.js';
import { type ConformanceCase, type ConformanceGroup, needs } from '../conformance-case.js';
import type { Workbench } from '../workbench.js';

const USAGE = { input: 5, output: 5 };
const HTML = '<!doctype html><html><head><title>Sorry</title></head><body><h1>Sorry</h1></body></html>';
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8' };

const CLASSES: readonly (readonly [status: number, failureClass: FailureClass])[] = [
  [400, 'caller'],
  [401, 'credential'],
  [402, 'quota'],
  [403, 'forbidden'],
  [404, 'model-not-found'],
  [429, 'rate'],
  [500, 'upstream'],
  [503, 'capacity'],
];

const refusal = (
  bench: Workbench,
  code: number,
  headers: Readonly<Record<string, string>> = {},
): readonly UpstreamStep[] => {
  const rendered = bench.dialect.errorBody(code, 'refused by the conformance suite');
  return bench.whole({ ...rendered, headers: { ...rendered.headers, ...headers } }, code);
};

const statusCase = ([code, failureClass]: (typeof CLASSES)[number]): ConformanceCase => ({
  name: `gives a ${code} the class '${failureClass}', streamed or whole`,
  run: async (bench) => {
    const { upstream, provider } = await bench.pair(refusal(bench, code), refusal(bench, code));
    for (const delivery of ['stream', 'whole'] as const) {
      const error = await bench.failure(provider, bench.request({ delivery }));
      assert.equal(error.failureClass, failureClass, `${delivery}: ${error.message}`);
      assert.equal(error.upstream?.status, code, 'upstream.status is not the status of the answer');
    }
    assert.equal(upstream.requests.length, 2, 'a provider makes one attempt for a call; retries are the pipeline’s');
  },
});

const fails = (
  name: string,
  failureClass: FailureClass,
  script: (bench: Workbench) => readonly UpstreamStep[],
  ...deliveries: readonly ('stream' | 'whole')[]
): ConformanceCase => ({
  name,
  run: async (bench) => {
    const { provider } = await bench.pair(...deliveries.map(() => script(bench)));
    for (const delivery of deliveries) {
      const error = await bench.failure(provider, bench.request({ delivery }));
      assert.equal(error.failureClass, failureClass, `${delivery}: ${error.message}`);
    }
  },
});

const waitOf = async (bench: Workbench, headers: Readonly<Record<string, string>>): Promise<GatewayError> => {
  const { provider } = await bench.pair(refusal(bench, 429, headers));
  return bench.failure(provider);
};

export const refusalCases: ConformanceGroup = {
  subject: 'refusals',
  cases: [
    ...CLASSES.map(statusCase),
    {
      name: 'passes on how many seconds a 429 asks to wait',
      run: async (bench) => assert.equal((await waitOf(bench, { 'retry-after': '7' })).retryAfterMs, 7000),
    },
    {
      name: 'passes on until which date a 429 asks to wait',
      run: async (bench) => {
        const { retryAfterMs } = await waitOf(bench, { 'retry-after': new Date(Date.now() + 90_000).toUTCString() });
        assert.ok(
          retryAfterMs !== undefined && retryAfterMs > 60_000 && retryAfterMs <= 90_000,
          `it was ${retryAfterMs}`,
        );
      },
    },
    {
      name: 'invents no wait for a 429 that names none',
      run: async (bench) => assert.equal((await waitOf(bench, {})).retryAfterMs, undefined),
    },
    {
      name: 'invents no wait for a 429 whose hint cannot be read',
      run: async (bench) => assert.equal((await waitOf(bench, { 'retry-after': 'soon' })).retryAfterMs, undefined),
    },
    fails('calls an HTML page under 200 malformed', 'malformed', () => reply(200, HTML, HTML_TYPE), 'stream', 'whole'),
    fails(
      'calls a whole answer that is no JSON malformed',
      'malformed',
      () => [status(200, { 'content-type': 'application/json' }), write('{"almost": '), finish()],
      'whole',
    ),
    fails(
      'calls a whole answer of another form malformed',
      'malformed',
      () => reply(200, { of: 'another form' }),
      'whole',
    ),
    fails(
      'goes by the status when the error page is HTML',
      'upstream',
      () => reply(502, HTML, HTML_TYPE),
      'stream',
      'whole',
    ),
    fails('goes by the status when the error has no body', 'upstream', () => reply(500, ''), 'stream', 'whole'),
    {
      name: 'passes over a frame that breaks the format with a warning and proof of the end, or not at all',
      unable: needs('malformedFrame'),
      run: async (bench) => {
        const rendered = bench.dialect.textStream(['a'], USAGE);
        const broken = [...bench.unproved(rendered), write(bench.dialect.malformedFrame ?? '')];
        const { provider } = await bench.pair([...broken, ...rendered.proof.map(write)], broken);
        const context = testContext();
        const { items, ended, error } = await bench.run(provider, bench.request(), context);
        const told = items.flatMap(({ events }) => events).some(({ type }) => type === 'warning');
        if (ended === 'thrown') assert.ok(GatewayError.is(error) && error.failureClass === 'malformed', String(error));
        else assert.ok(told || context.warnings.length > 0, 'the broken frame was passed over in silence');
        const unproved = await bench.failure(provider);
        assert.equal(unproved.failureClass, 'malformed', `without proof of the end: ${unproved.message}`);
      },
    },
    {
      name: 'fails when the stream reports an error, before or after the first content',
      unable: needs('inBandError'),
      run: async (bench) => {
        const failed = (pieces: readonly string[]): readonly UpstreamStep[] => [
          ...bench.unproved(bench.dialect.textStream(pieces, USAGE)),
          write(bench.dialect.inBandError?.('failed inside') ?? ''),
        ];
        const { provider } = await bench.pair(failed([]), failed(['a']));
        for (const moment of ['before', 'after']) {
          const { failureClass } = await bench.failure(provider);
          assert.notEqual(failureClass, 'truncated', `the error ${moment} the content was passed over`);
        }
      },
    },
  ],
};
