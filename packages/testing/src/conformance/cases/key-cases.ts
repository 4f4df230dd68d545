import assert from 'node:assert/strict';
import type { Provider } from '@headrace/core/plugin';
import { testContext } from '../../context/test-context.js';
import { collectUntilError } from '../../stream/collect.js';
import type { RecordedRequest } from '../../upstream/recorded-request.js';
import type { Upstream } from '../../upstream/start-upstream.js';
import type { ConformanceCase, ConformanceGroup } from '../conformance-case.js';
import { everythingPrintable } from '../secrets.js';
import { wholeAnswer } from '../whole-answer.js';
import type { Workbench } from '../workbench.js';

const USAGE = { input: 5, output: 5 };

const keysOf = (bench: Workbench): readonly string[] =>
  ['one', 'two', 'three'].map((name) => `${bench.apiKey}-${name}`);

const withKeys = async (bench: Workbench, upstream: Upstream): Promise<Provider> => {
  const provider = await bench.spec.createWithKeys?.({ baseUrl: upstream.url, apiKeys: keysOf(bench) });
  assert.ok(provider);
  return bench.keep(provider);
};

/** The keys that a request was sent with. */
const sentWith = (bench: Workbench, { headers }: RecordedRequest): readonly string[] => {
  const values = Object.values(headers).join('\n');
  return keysOf(bench).filter((key) => values.includes(key));
};

const CASES: readonly ConformanceCase[] = [
  {
    name: 'names each of its several keys',
    run: async (bench) => {
      const { keys = [] } = await withKeys(bench, await bench.upstream());
      assert.equal(new Set(keys).size, keysOf(bench).length, 'the names are not as many as the keys');
      for (const key of keysOf(bench)) assert.ok(!keys.some((name) => name.includes(key)), 'a name is the key');
    },
  },
  {
    name: 'sends the key that the call names and no other',
    run: async (bench) => {
      const answer = bench.streamed(bench.dialect.textStream(['a'], USAGE));
      const upstream = await bench.upstream(answer, { repeatLast: true });
      const provider = await withKeys(bench, upstream);
      const names = provider.keys ?? [];
      const asked = [...names, ...names.toReversed()];
      for (const key of asked) wholeAnswer(await bench.run(provider, bench.request(), testContext({ key })));
      const sent = upstream.requests.map((request) => sentWith(bench, request));
      assert.deepEqual(
        sent.map(({ length }) => length),
        asked.map(() => 1),
        'a call was not sent with one key',
      );
      const [there, back] = [sent.slice(0, names.length), sent.slice(names.length).toReversed()];
      assert.deepEqual(back, there, 'one name stands for two keys');
      assert.equal(new Set(there.flat()).size, names.length, 'two names stand for one key');
    },
  },
  {
    name: 'leaves it to its caller to go on with another key when one is refused',
    run: async (bench) => {
      const refusal = bench.whole(bench.dialect.errorBody(401, 'refused by the conformance suite'), 401);
      const upstream = await bench.upstream(refusal, bench.streamed(bench.dialect.textStream(['a'], USAGE)));
      const provider = await withKeys(bench, upstream);
      const context = testContext({ key: provider.keys?.[0] ?? '' });
      const { error } = await bench.within(
        collectUntilError(provider.call(bench.request(), context)),
        'the refused call to throw',
      );
      assert.equal(Object(error).failureClass, 'credential', String(error));
      assert.equal(upstream.requests.length, 1, 'a provider makes one attempt for a call');
    },
  },
  {
    name: 'shows none of its several keys when it is printed',
    run: async (bench) => {
      const printed = everythingPrintable(await withKeys(bench, await bench.upstream()));
      assert.ok(!keysOf(bench).some((key) => printed.includes(key)), 'a key is printed with the provider');
    },
  },
];

export const keyCases: ConformanceGroup = {
  subject: 'several keys',
  cases: CASES.map((one) => ({
    ...one,
    unable: (spec) => (spec.createWithKeys === undefined ? 'no `createWithKeys` was given' : undefined),
  })),
};
