import assert from 'node:assert/strict';
import { CONTRACT_VERSION, MODEL_SOURCE, type PluginScope, PROVIDER } from '@headrace/core/plugin';
import { type ConformanceGroup, needsModule } from '../conformance-case.js';

const KEBAB = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

const UNUSED = { baseUrl: 'http://127.0.0.1:9', apiKey: 'unused' };

/** A scope that only takes notes: nothing is built. */
const notingScope = (): { scope: PluginScope; provided: [unknown, unknown][] } => {
  const provided: [unknown, unknown][] = [];
  const scope: PluginScope = {
    own: { register: () => undefined },
    provide: (token: unknown, implementation: unknown) => {
      provided.push([token, implementation]);
    },
  };
  return { scope, provided };
};

export const registrationCases: ConformanceGroup = {
  subject: 'registration',
  cases: [
    {
      name: 'has an id in lower-case kebab',
      run: async (bench) => {
        const { id } = await bench.provider(UNUSED.baseUrl);
        assert.match(id, KEBAB);
        assert.ok(!id.includes(':'), 'a colon separates provider and model in a reference');
      },
    },
    {
      name: 'names the kinds of request it serves, completions among them',
      run: async (bench) => {
        const { kinds } = await bench.provider(UNUSED.baseUrl);
        assert.ok(kinds.includes('completion'));
        assert.equal(new Set(kinds).size, kinds.length, 'a kind is named twice');
        const tested = ['completion', ...Object.keys(bench.spec.otherKinds ?? {})];
        assert.deepEqual([...kinds].sort(), tested.sort(), 'the kinds it names are not those that it is tested for');
      },
    },
    {
      name: 'tells where it connects as an origin, or not at all',
      run: async (bench) => {
        const { origin } = await bench.provider(UNUSED.baseUrl);
        if (origin !== undefined) assert.equal(origin, UNUSED.baseUrl, 'it is not scheme, host and port alone');
      },
    },
    {
      name: 'names its keys apart and always the same, or not at all',
      run: async (bench) => {
        const provider = await bench.provider(UNUSED.baseUrl);
        const { keys } = provider;
        if (keys === undefined) return;
        assert.equal(new Set(keys).size, keys.length, 'two keys have one name');
        assert.ok(!keys.some((name) => name === '' || name.includes(bench.apiKey)), 'a name is empty, or is the key');
        assert.deepEqual(provider.keys, keys, 'the second look finds other names');
      },
    },
    {
      name: 'is registered by a module of the same name and of this contract',
      unable: needsModule,
      run: async (bench) => {
        const { id } = await bench.provider(UNUSED.baseUrl);
        const module = bench.spec.module?.(UNUSED);
        assert.equal(module?.name, id);
        assert.equal(module?.contractVersion, CONTRACT_VERSION);
      },
    },
    {
      name: 'is registered as one provider, with at most one source of facts, every time anew',
      unable: needsModule,
      run: async (bench) => {
        const module = bench.spec.module?.(UNUSED);
        for (const gateway of ['first', 'second']) {
          const { scope, provided } = notingScope();
          module?.register(scope);
          const providers = provided.filter(([token]) => token === PROVIDER);
          const sources = provided.filter(([token]) => token === MODEL_SOURCE);
          assert.equal(providers.length, 1, `providers in the ${gateway} gateway`);
          assert.ok(sources.length <= 1, `sources of facts in the ${gateway} gateway`);
          assert.equal(provided.length, providers.length + sources.length, 'a plugin provides nothing else');
          for (const [, implementation] of provided) assert.equal(typeof implementation, 'function', 'give a class');
        }
      },
    },
  ],
};
