import assert from 'node:assert/strict';
import type { FailureClass, GatewayError } from '@headrace/core/plugin';
import { reply, type UpstreamStep } from '../../upstream/upstream-step.js';
import { type ConformanceCase, type ConformanceGroup, needs } from '../conformance-case.js';
import type { Workbench } from '../workbench.js';

const USAGE = { input: 5, output: 5 };

type Head = Readonly<Record<string, string>>;

const refusal = (bench: Workbench, code: number, headers: Head = {}): readonly UpstreamStep[] => {
  const rendered = bench.dialect.errorBody(code, 'refused by the conformance suite');
  return bench.whole({ ...rendered, headers: { ...rendered.headers, ...headers } }, code);
};

const refused = async (bench: Workbench, code: number, headers: Head = {}): Promise<GatewayError> => {
  const { provider } = await bench.pair(refusal(bench, code, headers));
  return bench.failure(provider);
};

/** Statuses that providers may tell apart in their own way, within what the status can mean. */
const OTHERS: readonly (readonly [status: number, ...allowed: FailureClass[]])[] = [
  [408, 'upstream', 'transport', 'silence'],
  [409, 'upstream', 'caller', 'capacity'],
  [413, 'context-length', 'caller'],
  [418, 'caller'],
  [422, 'caller'],
  [502, 'upstream', 'capacity'],
  [504, 'upstream', 'silence'],
  [529, 'capacity'],
  [599, 'upstream'],
];

const statusCase = ([code, ...allowed]: (typeof OTHERS)[number]): ConformanceCase => ({
  name: `gives a ${code} a class that such a status can mean`,
  run: async (bench) => {
    const error = await refused(bench, code);
    assert.ok(allowed.includes(error.failureClass), `the failure class is '${error.failureClass}'`);
    assert.equal(error.upstream?.status, code, 'upstream.status is not the status of the answer');
  },
});

const waits = (
  name: string,
  headers: Head,
  check: (waitMs: number | undefined) => void,
  code = 429,
): ConformanceCase => ({
  name,
  run: async (bench) => check((await refused(bench, code, headers)).retryAfterMs),
});

const is =
  (expected: number | undefined) =>
  (waitMs: number | undefined): void =>
    assert.equal(waitMs, expected);

const neverBelow = (waitMs: number | undefined): void =>
  assert.ok(waitMs === undefined || waitMs >= 0, `the wait is ${waitMs} ms`);

const follows = (
  name: string,
  codes: readonly number[],
  where: (elsewhere: string, own: string) => string,
): ConformanceCase => ({
  name,
  run: async (bench) => {
    const lure = bench.streamed(bench.dialect.textStream(['lured'], USAGE));
    const elsewhere = await bench.upstream(...codes.map(() => lure));
    for (const code of codes) {
      const { upstream, provider } = await bench.pair(
        (request) => reply(code, '', { location: where(elsewhere.url, request.path) }),
        lure,
      );
      await bench.failure(provider);
      assert.equal(upstream.requests.length, 1, `the redirect ${code} was followed on its own origin`);
      assert.equal(elsewhere.requests.length, 0, `the redirect ${code} took key and prompt to another origin`);
    }
  },
});

export const statusCases: ConformanceGroup = {
  subject: 'statuses',
  cases: [
    ...OTHERS.map(statusCase),
    {
      name: 'goes by what the body of a refusal says where that is more than its status',
      unable: needs('errors'),
      run: async (bench) => {
        for (const { name, status, reply: rendered, failureClass } of bench.dialect.errors ?? []) {
          const { provider } = await bench.pair(bench.whole(rendered, status));
          assert.equal((await bench.failure(provider)).failureClass, failureClass, name);
        }
      },
    },
    waits('passes on a wait of no time', { 'retry-after': '0' }, is(0)),
    waits('passes on a wait in fractions of a second', { 'retry-after': '1.5' }, is(1500)),
    waits('passes on the wait that a 503 asks for', { 'retry-after': '3' }, is(3000), 503),
    waits('never waits a time below nothing', { 'retry-after': '-5' }, neverBelow),
    waits('never waits for a date that is past', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, neverBelow),
    waits('takes an endless number for no wait it could count', { 'retry-after': '9'.repeat(400) }, (waitMs) =>
      assert.ok(waitMs === undefined || Number.isFinite(waitMs), `the wait is ${waitMs} ms`),
    ),
    follows(
      'follows no redirect that would make a GET of it',
      [301, 302, 303],
      (elsewhere) => `${elsewhere}/elsewhere`,
    ),
    follows('follows no redirect for good', [308], (elsewhere) => `${elsewhere}/elsewhere`),
    follows('follows no redirect on its own origin', [307], (_elsewhere, own) => `${own}/moved`),
    {
      name: 'fails on a redirect that names no place',
      run: async (bench) => {
        const { provider } = await bench.pair(reply(302, ''));
        assert.equal((await bench.failure(provider)).upstream?.status, 302);
      },
    },
    {
      name: 'reads the body of a refusal to its end before the next call',
      run: async (bench) => {
        const { headers, body } = bench.dialect.errorBody(500, 'x'.repeat(200_000));
        const { provider } = await bench.pair(
          bench.whole({ headers, body }, 500),
          bench.streamed(bench.dialect.textStream(['next'], USAGE)),
        );
        assert.equal((await bench.failure(provider)).failureClass, 'upstream');
        assert.equal(await bench.text(provider), 'next');
      },
    },
  ],
};
