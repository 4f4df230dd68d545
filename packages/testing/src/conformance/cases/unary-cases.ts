import assert from 'node:assert/strict';
import type { FailureClass, MediaSource, ModelRequest, ModelResult } from '@headrace/core/plugin';
import { testContext } from '../../context/test-context.js';
import { embeddingResult, rerankingResult } from '../../script/model-result.js';
import { collectUntilError } from '../../stream/collect.js';
import { finish, hangBeforeHeaders, pause, reply, reset, status, write } from '../../upstream/upstream-step.js';
import { CANARY_PROMPT } from '../canary.js';
import type { ConformanceGroup } from '../conformance-case.js';
import type { OtherKinds } from '../conformance-spec.js';
import type { Dialect, RenderedReply } from '../dialect.js';
import type { Workbench } from '../workbench.js';

/** What is played of one kind of request. */
interface UnaryKind {
  readonly kind: keyof OtherKinds;
  /** What the dialect needs for it. */
  readonly member: 'embeddings' | 'ranking' | 'images';
  /** With its article, in front of "request". */
  readonly name: string;
  readonly request: (bench: Workbench) => ModelRequest;
  readonly answer: (dialect: Dialect) => RenderedReply | undefined;
  /** Whether the result is what the answer said. */
  readonly check: (result: ModelResult | undefined) => void;
  /** Answers to other requests. */
  readonly misfits: (dialect: Dialect) => readonly (RenderedReply | undefined)[];
}

const USAGE = { input: 7 };
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

const bytesOf = (source: MediaSource | undefined): Uint8Array | undefined => {
  if (source?.type === 'base64') return Buffer.from(source.data, 'base64');
  return source?.type === 'bytes' ? Buffer.from(source.data) : undefined;
};

const KINDS: readonly UnaryKind[] = [
  {
    kind: 'embedding',
    member: 'embeddings',
    name: 'an embedding',
    request: (bench) => bench.embeddingRequest(),
    answer: (dialect) =>
      dialect.embeddings?.(
        [
          [0.5, -1],
          [0.25, 2],
        ],
        USAGE,
      ),
    check: (result) => assert.deepEqual(result, embeddingResult([0.5, -1], [0.25, 2])),
    misfits: (dialect) => [
      dialect.embeddings?.([], USAGE),
      dialect.embeddings?.([[0.5, -1]], USAGE),
      dialect.embeddings?.([[0.5, -1], [0.25]], USAGE),
    ],
  },
  {
    kind: 'reranking',
    member: 'ranking',
    name: 'a reranking',
    request: (bench) => bench.rerankingRequest(),
    answer: (dialect) =>
      dialect.ranking?.([
        [2, 0.75],
        [0, 0.5],
        [1, 0.25],
      ]),
    check: (result) => assert.deepEqual(result, rerankingResult([2, 0.75], [0, 0.5], [1, 0.25])),
    misfits: (dialect) => [
      dialect.ranking?.([[3, 0.5]]),
      dialect.ranking?.([
        [0, 0.5],
        [0, 0.25],
      ]),
    ],
  },
  {
    kind: 'image',
    member: 'images',
    name: 'an image',
    request: (bench) => bench.imageRequest(),
    answer: (dialect) => dialect.images?.([PNG]),
    check: (result) => {
      assert.ok(result?.kind === 'image', 'the result is no image');
      assert.deepEqual(
        result.images.map(({ source }) => bytesOf(source)),
        [PNG],
      );
    },
    misfits: (dialect) => [dialect.images?.([])],
  },
];

const rendered = (answer: RenderedReply | undefined): RenderedReply => {
  assert.ok(answer, 'the dialect cannot say this answer');
  return answer;
};

const REFUSALS: readonly (readonly [status: number, failureClass: FailureClass])[] = [
  [402, 'quota'],
  [429, 'rate'],
  [503, 'capacity'],
];

const groupOf = ({ kind, member, name, request, answer, check, misfits }: UnaryKind): ConformanceGroup => {
  const unable: ConformanceGroup['cases'][number]['unable'] = ({ otherKinds, dialect }) => {
    if (otherKinds?.[kind] !== undefined) return undefined;
    const why = dialect.lacks?.[member];
    return `\`otherKinds\` names no ${kind}${why === undefined ? '' : `: ${why}`}`;
  };
  const cases: ConformanceGroup['cases'] = [
    {
      name: `answers ${name} request in one batch that ends in its result`,
      run: async (bench) => {
        const { provider } = await bench.pair(bench.whole(rendered(answer(bench.dialect))));
        const { items, ended, error } = await bench.run(provider, request(bench));
        assert.equal(ended, 'whole', `the call failed: ${String(error)}`);
        assert.equal(items.length, 1, 'a whole answer is one batch');
        const events = items.flatMap((batch) => batch.events);
        const end = events.at(-1);
        assert.ok(end?.type === 'response-end', 'the batch does not end in response-end');
        const others = events.slice(0, -1).map(({ type }) => type);
        assert.ok(
          others.every((type) => type === 'response-start' || type === 'warning'),
          `the answer holds ${others.join(', ')} beside its result`,
        );
        check(end.result);
        if (kind === 'embedding') assert.equal(end.usage?.totalTokens, USAGE.input, 'the usage is not reported');
      },
    },
    {
      name: `refuses an answer that does not fit ${name} request`,
      run: async (bench) => {
        const answers = misfits(bench.dialect).map(rendered);
        const { provider } = await bench.pair(...answers.map((misfit) => bench.whole(misfit)));
        for (const _answer of answers)
          assert.equal((await bench.failure(provider, request(bench))).failureClass, 'malformed');
      },
    },
    {
      name: `takes half of the answer to ${name} request for a cut one`,
      run: async (bench) => {
        const { headers, body } = rendered(answer(bench.dialect));
        const half = body.slice(0, Math.floor(body.length / 2));
        const length = String(Buffer.byteLength(body));
        const { provider } = await bench.pair(
          [status(200, headers), write(half), finish()],
          [status(200, { ...headers, 'content-length': length }), write(half), reset()],
        );
        for (const _cut of ['ends early', 'breaks off']) {
          const { failureClass } = await bench.failure(provider, request(bench));
          assert.ok(['truncated', 'malformed'].includes(failureClass), `the failure class is '${failureClass}'`);
        }
      },
    },
    {
      name: `gives a refusal of ${name} request the class of its status`,
      run: async (bench) => {
        const scripts = REFUSALS.map(([code]) => bench.whole(bench.dialect.errorBody(code, 'refused'), code));
        const { upstream, provider } = await bench.pair(...scripts);
        for (const [code, failureClass] of REFUSALS) {
          const error = await bench.failure(provider, request(bench));
          assert.deepEqual([error.failureClass, error.upstream?.status], [failureClass, code]);
        }
        assert.equal(upstream.requests.length, REFUSALS.length, 'a provider makes one attempt for a call');
      },
    },
    {
      name: `closes the connection when ${name} request is cancelled`,
      run: async (bench) => {
        const { upstream, provider } = await bench.pair([pause('here'), hangBeforeHeaders()]);
        const context = testContext();
        const rest = collectUntilError(provider.call(request(bench), context));
        await bench.within(upstream.reached('here'), 'the request');
        const reason = Object.freeze({ reason: 'cancelled by the conformance suite' });
        context.cancel(reason);
        const { error } = await bench.within(rest, 'the cancelled call to throw');
        assert.equal(error, reason, 'a cancelled call must throw the reason untouched');
        const sent = await upstream.waitForRequest(1);
        await bench.within(sent.closed, 'the connection of the cancelled call to be closed');
      },
    },
    {
      name: `keeps what ${name} request holds out of errors, and its key in a header`,
      run: async (bench) => {
        const { upstream, provider } = await bench.pair(reply(200, `no JSON: ${CANARY_PROMPT}`));
        bench.noSecretsIn(await bench.failure(provider, request(bench)));
        const { path, headers, body } = await upstream.waitForRequest(1);
        assert.ok(
          Object.values(headers).some((value) => value.includes(bench.apiKey)),
          'the key is in no header',
        );
        assert.ok(!path.includes(bench.apiKey) && !body.includes(bench.apiKey), 'the key is not in a header alone');
      },
    },
  ];
  return { subject: `${name} request`, cases: cases.map((one) => ({ ...one, unable })) };
};

/** Cases of every kind but completions, for providers that do them. */
export const unaryGroups: readonly ConformanceGroup[] = KINDS.map(groupOf);
