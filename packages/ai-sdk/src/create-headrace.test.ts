import { InvalidArgumentError, NoSuchModelError } from '@ai-sdk/provider';
import { end, rejectionOf, text } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { overScript } from './__fixtures__/headrace-over.js';
import { call } from './__fixtures__/prompts.js';
import { createHeadrace } from './index.js';

const KINDS = ['languageModel', 'embeddingModel', 'imageModel', 'rerankingModel'] as const;

describe('createHeadrace', () => {
  it('makes a provider of version 4 that is called for a language model', async () => {
    await using setting = overScript([[text('a'), end()]]);
    const { headrace } = setting;
    expect(headrace.specificationVersion).toBe('v4');
    expect(headrace('scripted:m')).toEqual(headrace.languageModel('scripted:m'));
    for (const kind of KINDS)
      expect(headrace[kind]('scripted:m')).toMatchObject({
        specificationVersion: 'v4',
        provider: 'headrace',
        modelId: 'scripted:m',
      });
  });

  it('refuses at once what cannot name a model', async () => {
    await using setting = overScript([]);
    for (const kind of KINDS)
      for (const id of ['', undefined, 3]) expect(() => setting.headrace[kind](id as string)).toThrow(NoSuchModelError);
    expect(() => setting.headrace('')).toThrow(/a route of the gateway, or "provider:model"/);
  });

  it('says at the call which provider was probably meant, and of what kind the model was to be', async () => {
    await using setting = overScript([]);
    const model = setting.headrace('scriptd:m');
    const error = await rejectionOf(model.doGenerate(call()));
    expect(NoSuchModelError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      modelId: 'scriptd:m',
      modelType: 'languageModel',
      message: expect.stringContaining('"scripted"'),
      cause: { code: 'unknown-provider' },
    });
    const asked = setting.headrace.embeddingModel('scriptd:m').doEmbed({ values: ['a'] });
    expect(await rejectionOf(asked)).toMatchObject({ name: 'AI_NoSuchModelError', modelType: 'embeddingModel' });
  });

  it('holds every call to its defaults, which only the options of a call replace', async () => {
    const tenants: unknown[] = [];
    await using setting = overScript(
      [[text('a'), end()]],
      { repeatLast: true },
      { onReceipt: ({ tenant }) => void tenants.push(tenant) },
      { tenant: 'a' },
    );
    const model = setting.headrace('scripted:m');
    await model.doGenerate(call());
    await model.doGenerate(call({ providerOptions: { headrace: { tenant: 'b' } } }));
    expect(tenants).toEqual(['a', 'b']);
  });

  it('refuses a default that it does not know', async () => {
    await using setting = overScript([]);
    const make = () => createHeadrace(setting.gateway, { tenat: 'a' } as never);
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow('defaults has no "tenat". Did you mean "tenant"?');
  });

  it('takes one provider of a gateway in place of the gateway', async () => {
    await using setting = overScript([[text('a'), end()]]);
    const headrace = createHeadrace(setting.gateway.provider('scripted'));
    expect((await headrace('m').doGenerate(call())).content).toEqual([{ type: 'text', text: 'a' }]);
  });

  it('asks routes by their names', async () => {
    await using setting = overScript([[text('a'), end()]], {}, { routes: { chat: { targets: ['scripted:m'] } } });
    const { providerMetadata } = await setting.headrace('chat').doGenerate(call());
    expect(providerMetadata).toMatchObject({
      headrace: { receipt: { servedBy: { provider: 'scripted', model: 'm' } } },
    });
  });
});
