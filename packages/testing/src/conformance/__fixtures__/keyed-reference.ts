import type { CallContext, Provider } from '@headrace/core/plugin';
import type { KeyedTarget } from '../conformance-spec.js';
import { ReferenceProvider } from './reference-provider.js';

/** The reference provider with several keys: one of its kind for each. */
export const keyedReference = ({ baseUrl, apiKeys }: KeyedTarget): Provider => {
  const byName = new Map(
    apiKeys.map((apiKey, place) => [`key ${place + 1}`, new ReferenceProvider({ baseUrl, apiKey })]),
  );
  const [first] = byName.values();
  const providerFor = ({ key }: CallContext): ReferenceProvider => {
    const found = key === undefined ? first : byName.get(key);
    if (found === undefined) throw new TypeError(`there is no key '${key}'`);
    return found;
  };
  return {
    id: 'reference',
    kinds: ['completion', 'embedding', 'reranking', 'image'],
    keys: [...byName.keys()],
    listModels: () => Promise.resolve([]),
    call: (request, context) => providerFor(context).call(request, context),
    close: async () => {
      await Promise.all([...byName.values()].map((each) => each.close()));
    },
  };
};
