import assert from 'node:assert/strict';
import { GatewayError, type ModelInfo } from '@headrace/core/plugin';
import { hangBeforeHeaders, reply } from '../../upstream/upstream-step.js';
import { type ConformanceGroup, needs } from '../conformance-case.js';

const NEVER = new AbortController().signal;

const LISTED = ['listed-first', 'listed-last'];

/** What `listModels` gives, or the error it is refused with. */
const listed = async (listing: Promise<readonly ModelInfo[]>): Promise<readonly ModelInfo[] | GatewayError> => {
  try {
    return await listing;
  } catch (error) {
    assert.ok(GatewayError.is(error), `threw what is no GatewayError: ${String(error)}`);
    return error;
  }
};

export const listingCases: ConformanceGroup = {
  subject: 'models',
  cases: [
    {
      name: 'lists its models, or says in an error of the contract why it cannot',
      run: async (bench) => {
        const { provider } = await bench.pair(reply(503, ''), { repeatLast: true });
        const found = await bench.within(listed(provider.listModels(NEVER)), 'the models');
        if (GatewayError.is(found)) bench.noSecretsIn(found);
        else assert.ok(Array.isArray(found), 'it is no list');
      },
    },
    {
      name: 'lists every model once, under its own name',
      run: async (bench) => {
        const { provider } = await bench.pair(reply(503, ''), { repeatLast: true });
        // How it fails is the case before.
        const found = await bench.within(
          provider.listModels(NEVER).catch(() => []),
          'the models',
        );
        const ids = found.map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length, 'a model is listed twice');
        assert.ok(!ids.includes(''), 'a model has no id');
        for (const { id, provider: of } of found)
          assert.equal(of, provider.id, `the model ${id} is of another provider`);
      },
    },
    {
      name: 'lists the models that its upstream lists, if it asks, each once and as its own',
      unable: needs('models'),
      run: async (bench) => {
        const rendered = bench.dialect.models?.(LISTED);
        assert.ok(rendered);
        const { upstream, provider } = await bench.pair(bench.whole(rendered), { repeatLast: true });
        const found = await bench.within(provider.listModels(NEVER), 'the models');
        if (upstream.requests.length === 0) return;
        const own = found.flatMap(({ id, provider: of }) => (of === provider.id ? [id] : []));
        const times = LISTED.map((listed) => own.filter((id) => id === listed).length);
        assert.deepEqual(times, [1, 1], `it lists ${found.map(({ id, provider: of }) => `${of}:${id}`).join(', ')}`);
      },
    },
    {
      name: 'takes a page instead of a list of models for an error of the contract',
      run: async (bench) => {
        const page = reply(200, '<html>Sorry</html>', { 'content-type': 'text/html' });
        const { provider } = await bench.pair(page, { repeatLast: true });
        const found = await bench.within(listed(provider.listModels(NEVER)), 'the models');
        if (!GatewayError.is(found)) assert.ok(Array.isArray(found), 'it is no list');
      },
    },
    {
      name: 'stops listing when its signal is aborted',
      run: async (bench) => {
        const { provider } = await bench.pair([hangBeforeHeaders()], { repeatLast: true });
        const controller = new AbortController();
        const listing = provider.listModels(controller.signal);
        controller.abort('enough');
        const settled = listing.then(
          () => 'listed',
          () => 'refused',
        );
        await bench.within(settled, 'the aborted listing to settle');
      },
    },
  ],
};
