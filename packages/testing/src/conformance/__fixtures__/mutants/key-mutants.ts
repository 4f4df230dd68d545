import type { Provider } from '@headrace/core/plugin';
import { testContext } from '../../../context/test-context.js';
import type { KeyedTarget } from '../../conformance-spec.js';
import { keyedReference } from '../keyed-reference.js';
import { ReferenceProvider, referenceModule } from '../reference-provider.js';
import type { Mutant } from './mutant.js';

const keyed = (scenario: string, wrap: (provider: Provider, target: KeyedTarget) => object): Mutant => ({
  scenario,
  create: (target) => new ReferenceProvider(target),
  module: (target) => referenceModule(target),
  createWithKeys: (target) => {
    const provider = keyedReference(target);
    return { ...provider, ...wrap(provider, target) };
  },
});

/** Mutants that fail at keeping several keys. */
export const keyMutants: readonly Mutant[] = [
  keyed('names each of its several keys', ({ keys = [] }) => ({ keys: keys.slice(1) })),
  // Takes them in turns, whatever the call says.
  keyed('sends the key that the call names and no other', (provider) => {
    let calls = 0;
    return {
      call: (...[request]: Parameters<Provider['call']>) => {
        const { keys = [] } = provider;
        calls += 1;
        return provider.call(request, testContext({ key: keys[calls % keys.length] ?? '' }));
      },
    };
  }),
  keyed('leaves it to its caller to go on with another key when one is refused', (provider) => ({
    call: async function* (...[request, context]: Parameters<Provider['call']>) {
      try {
        yield* provider.call(request, context);
      } catch (error) {
        const other = provider.keys?.find((name) => name !== context.key);
        if (Object(error).failureClass !== 'credential' || other === undefined) throw error;
        yield* provider.call(request, testContext({ key: other }));
      }
    },
  })),
  keyed('shows none of its several keys when it is printed', (_provider, { apiKeys }) => ({ apiKeys })),
];
