import type { ModelInfo, Provider } from '@headrace/core/plugin';
import { modelInfo } from '../../../script/model-facts.js';
import { ReferenceProvider, referenceModule } from '../reference-provider.js';
import { defective, type Mutant, missending, wrapped, hanging } from './mutant.js';

const keysByUrl = new Map<string, string>();

const ID = 'reference-';

let nonce = 0;

/** Asks an upstream, as the reference provider does not. */
const listed = async (
  baseUrl: string,
  signal: AbortSignal | undefined,
  judge: (response: Response) => Promise<readonly ModelInfo[]>,
): Promise<readonly ModelInfo[]> => judge(await fetch(`${baseUrl}/models`, signal === undefined ? {} : { signal }));

const MODEL: ModelInfo = modelInfo('reference', { id: 'test/model' });

/** The models that a list of the suite names. */
const modelsIn = (list: string): readonly ModelInfo[] =>
  [...list.matchAll(/listed-[a-z]+/g)].map(([id]) => modelInfo('reference', { id }));

/** Mutants for registration, lists of models and requests. */
export const setUpMutants: readonly Mutant[] = [
  defective('has an id in lower-case kebab', { id: ID }),
  wrapped('names the kinds of request it serves, completions among them', (provider) => ({
    kinds: [...provider.kinds, 'completion'],
  })),
  wrapped('tells where it connects as an origin, or not at all', (_provider, { baseUrl }) => ({
    origin: `${baseUrl}/v1`,
  })),
  wrapped('names its keys apart and always the same, or not at all', () => ({ keys: ['main', 'main'] })),
  wrapped('is registered by a module of the same name and of this contract', () => ({ id: 'other' })),
  {
    scenario: 'is registered as one provider, with at most one source of facts, every time anew',
    hasOwnModule: true,
    create: (target) => new ReferenceProvider(target),
    module: (target) => {
      const module = referenceModule(target);
      let times = 0;
      return {
        ...module,
        register: (scope) => {
          times += 1;
          if (times === 1) module.register(scope);
        },
      };
    },
  },
  wrapped('lists its models, or says in an error of the contract why it cannot', (_provider, { baseUrl }) => ({
    listModels: (signal) =>
      listed(baseUrl, signal, async (response) => {
        if (response.status === 503) throw new Error('not today');
        return modelsIn(await response.text());
      }),
  })),
  wrapped('lists every model once, under its own name', () => ({ listModels: async () => [MODEL, MODEL] })),
  wrapped('lists the models that its upstream lists, if it asks, each once and as its own', (_provider, { baseUrl }) => ({
    listModels: (signal) =>
      listed(baseUrl, signal, async (response) => modelsIn(await response.text()).slice(1)),
  })),
  wrapped('takes a page instead of a list of models for an error of the contract', (_provider, { baseUrl }) => ({
    listModels: (signal) =>
      listed(baseUrl, signal, async (response) => {
        const body = await response.text();
        if (body.startsWith('<')) JSON.parse(body);
        return modelsIn(body);
      }),
  })),
  hanging(
wrapped('stops listing when its signal is aborted', (_provider, { baseUrl }) => ({
    listModels: () => listed(baseUrl, undefined, async (response) => modelsIn(await response.text())),
  })),
),
  defective('posts JSON and says so', {
    sent: (sent) => ({ ...sent, headers: { ...sent.headers, 'content-type': 'text/plain' } }),
  }),
  missending('names the model that is asked', (body) => body.replace('"model":"test/model"', '"model":"other"')),
  missending('sends every turn of a conversation in its order', (body) => {
    const json: { messages?: unknown[] } = JSON.parse(body);
    if (json.messages?.length === 4) json.messages.reverse();
    return JSON.stringify(json);
  }),
  missending('asks for a stream or a whole answer as it is told', (body) => body.replace('"stream":false', '"stream":true')),
  missending('sends a limit of output tokens on', (body) => body.replace('347', '348')),
  wrapped('changes nothing of the request it is given', (provider) => ({
    call: (request, context) => provider.call(Object.assign(request, { model: request.model }), context),
  })),
  missending('sends the same body for the same request', (body) => {
    nonce += 1;
    return body.replace(/^\{/, `{"nonce":${nonce},`);
  }),
  defective('sends the key of each instance with its own calls alone', ({ baseUrl, apiKey }) => ({
    sent: (sent) => {
      const key = keysByUrl.get(baseUrl) ?? apiKey;
      keysByUrl.set(baseUrl, key);
      return { ...sent, headers: { ...sent.headers, authorization: `Bearer ${key}` } };
    },
  })),
  wrapped('shows no key when it is printed', (_provider, { apiKey }) => Object.assign<Partial<Provider>, object>({}, { apiKey })),
];
