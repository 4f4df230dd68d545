import { scriptedProvider } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, createGateway, type GatewayOptions, type RouteOptions } from '../index.js';

const known = () =>
  scriptedProvider([], {
    id: 'known',
    kinds: ['completion', 'embedding'],
    models: [
      { id: 'maker/large' },
      { id: 'maker/small' },
      { id: 'maker/embed', type: 'embedding', dimensions: { default: 4 } },
      { id: 'maker/embed-two', type: 'embedding' },
    ],
  });
const twin = () =>
  scriptedProvider([], {
    id: 'twin',
    kinds: ['embedding'],
    models: [
      { id: 'other/embed', type: 'embedding', dimensions: { default: 4 } },
      { id: 'short/embed', type: 'embedding', dimensions: { default: 2 } },
    ],
  });
const free = () => scriptedProvider([], { id: 'free' });

const gatewayWith = (routes: unknown, options: Partial<GatewayOptions> = {}) =>
  createGateway({
    providers: [known(), twin(), free()],
    routes: routes as Readonly<Record<string, RouteOptions>>,
    ...options,
  });

const refusalOf = (routes: unknown, options: Partial<GatewayOptions> = {}): string => {
  try {
    gatewayWith(routes, options);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error('was not refused');
};

describe('the routes of a gateway', () => {
  it('are taken when every target is a model, whether or not its provider has facts', async () => {
    await using gateway = gatewayWith({
      chat: { targets: ['known:maker/large', 'known:maker/small', 'free:anything'], strategy: 'in-order' },
      shared: { targets: [{ model: 'known:maker/large', weight: 0.5 }, 'free:anything'], strategy: 'weighted' },
      'embed-1': { targets: ['known:maker/embed', 'twin:other/embed'] },
    });
    expect(gateway).toBeDefined();
  });

  it('may name models of the default provider without a prefix', async () => {
    await using gateway = gatewayWith({ chat: { targets: ['maker/large'] } }, { defaultProvider: 'known' });
    expect(gateway).toBeDefined();
  });

  it.each([
    ['no targets', { targets: [] }, 'routes.chat.targets: must hold at least one model'],
    ['no list of targets', {}, 'routes.chat.targets'],
    ['a target that is no text', { targets: [5] }, 'routes.chat.targets[0]'],
    ['an empty target', { targets: [''] }, 'routes.chat.targets[0]: must name a model'],
    ['an unknown field', { targets: ['free:a'], target: [] }, 'routes.chat.target: is not a known field'],
    ['an unknown strategy', { targets: ['free:a'], strategy: 'best' }, 'routes.chat.strategy'],
    ['no weight', { targets: [{ model: 'free:a', weight: 0 }], strategy: 'weighted' }, 'routes.chat.targets[0].weight'],
    ['too much weight', { targets: [{ model: 'free:a', weight: 1_001 }], strategy: 'weighted' }, 'targets[0].weight'],
    ['a weight that is not a number', { targets: [{ model: 'free:a', weight: '1' }] }, 'targets[0].weight'],
    [
      'an unknown field of a target',
      { targets: [{ model: 'free:a', wieght: 1 }] },
      'targets[0].wieght: is not a known',
    ],
    ['a target without a model', { targets: [{ weight: 1 }], strategy: 'weighted' }, 'targets[0]'],
    [
      'a weight in order',
      { targets: [{ model: 'free:a', weight: 2 }] },
      "targets[0].weight: has no effect in order. Set `strategy: 'weighted'`.",
    ],
    [
      'a weight where the fastest is asked',
      { targets: [{ model: 'free:a', weight: 2 }], strategy: 'fastest' },
      'targets[0].weight: has no effect where the fastest is asked.',
    ],
    ['a share that is none', { targets: ['free:a'], strategy: 'fastest', explore: 1.1 }, 'routes.chat.explore'],
    [
      'a share that measures nothing',
      { targets: ['free:a'], explore: 0.1 },
      "routes.chat.explore: has no effect in order. Set `strategy: 'fastest'`.",
    ],
    [
      'an unknown provider',
      { targets: ['knwon:maker/large'] },
      'no provider "knwon" in this gateway. Did you mean "known"?',
    ],
    ['an unknown model', { targets: ['known:maker/lrge'] }, 'no model "maker/lrge". Did you mean "maker/large"?'],
    ['a model without a provider', { targets: ['large'] }, '"large" names no provider'],
    ['a provider without a model', { targets: ['known:'] }, 'names a provider and no model'],
    ['a target twice', { targets: ['free:a', 'free:b', 'free:a'] }, 'targets[2]: "free:a" is already a target'],
    ['a route as a target', { targets: ['chat'] }, 'targets[0]: "chat" is a route; the targets of a route are models'],
    [
      'embeddings of two models',
      { targets: ['known:maker/embed', 'known:maker/embed-two'] },
      'targets[1]: embeds with "embed-two": its vectors cannot be compared with those of "embed". Make two routes of it.',
    ],
    [
      'embeddings of one name and other dimensions',
      { targets: ['known:maker/embed', 'twin:short/embed'] },
      'targets[1]: gives vectors of 2 dimensions, and the first target 4',
    ],
  ])('are refused with %s', (_, route, words) => {
    expect(refusalOf({ chat: route })).toContain(words);
  });

  it('are refused under a name that is a provider, a model of the default provider, or no name', () => {
    const route = { targets: ['free:a'] };
    expect(refusalOf({ known: route })).toContain('routes.known: "known" is already the name of a provider.');
    expect(refusalOf({ 'Chat bot': route })).toContain('"Chat bot" is not a route name. Use a–z, 0–9 and hyphens.');
    const plain = scriptedProvider([], { id: 'plain', models: [{ id: 'large' }] });
    const options = { providers: [plain, free()], defaultProvider: 'plain' };
    expect(refusalOf({ large: route }, options)).toContain('already a model of the default provider "plain"');
  });

  it('are refused with every fault at once, and what was built for them is closed', async () => {
    const provider = known();
    const message = refusalOf(
      { one: { targets: ['no:a', 'nor:b'] }, known: { targets: ['known:x'] } },
      {
        providers: [provider],
      },
    );
    expect(message.match(/ {2}- routes\./g)).toHaveLength(4);
    await Promise.resolve();
    expect(provider.closed).toBe(1);
  });

  it('are suggested to who misspells one', async () => {
    await using gateway = gatewayWith({ summary: { targets: ['free:a'] } });
    await expect(gateway.complete({ model: 'sumary', prompt: 'Hi' })).rejects.toThrow(
      'If it was to name a route: it is "summary".',
    );
    await using other = gatewayWith({ summary: { targets: ['free:a'] } }, { defaultProvider: 'known' });
    await expect(other.complete({ model: 'sumary', prompt: 'Hi' })).rejects.toThrow('it is "summary".');
  });
});
