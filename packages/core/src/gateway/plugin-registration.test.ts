import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { silent } from '../__fixtures__/call.js';
import { errorOf } from '../__fixtures__/outcome.js';
import { createGateway } from '../create-gateway.js';
import type { PluginScope } from '../di/plugin-scope.js';
import { CONTRACT_VERSION, type ProviderModule } from '../di/provider-module.js';
import { PROVIDER } from '../di/tokens.js';
import { ConfigurationError } from '../errors/caller-errors.js';

const moduleOf = (register: (scope: PluginScope) => unknown): ProviderModule => ({
  name: 'wild',
  contractVersion: CONTRACT_VERSION,
  register,
});

/** A provider with some members unlike those of the contract. */
const providing = (members: object): ProviderModule =>
  moduleOf((scope) =>
    scope.provide(
      PROVIDER,
      class {
        constructor() {
          Object.assign(this, { id: 'wild', kinds: ['completion'], listModels: async () => [], call: silent }, members);
        }
      } as never,
    ),
  );

const refusal = async (module: ProviderModule): Promise<Error> => {
  const error = await errorOf(() => createGateway({ providers: [module] }));
  expect(error).toBeInstanceOf(ConfigurationError);
  expect((error as Error).message).toContain('"wild"');
  return error as Error;
};

/** What nobody caught while something ran. */
const unhandledIn = async (run: () => Promise<void>): Promise<readonly unknown[]> => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => {
    unhandled.push(reason);
  };
  process.on('unhandledRejection', note);
  try {
    await run();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('unhandledRejection', note);
  }
  return unhandled;
};

describe('a plugin that registers later', () => {
  it('is told of a second copy of core, whose tokens are others', async () => {
    const { description } = PROVIDER as unknown as symbol;
    const foreign = moduleOf((scope) => scope.provide(Symbol(description) as never, class {} as never));
    expect((await refusal(foreign)).message).toMatch(/a PROVIDER of another copy of @headrace\/core.*peer dependency/);
    const odd = moduleOf((scope) => scope.provide(Symbol('Clock') as never, class {} as never));
    expect((await refusal(odd)).message).toContain('neither PROVIDER nor MODEL_SOURCE');
  });

  it('is refused, and its rejection is nobody’s', async () => {
    const late = moduleOf(async () => {
      throw new Error('late');
    });
    const unhandled = await unhandledIn(async () => {
      expect((await refusal(late)).message).toContain('`register` gives a promise');
    });
    expect(unhandled).toEqual([]);
  });

  it('is refused although its promise is no promise of ours', async () => {
    const unhandled = await unhandledIn(async () => {
      const foreign = moduleOf(() => runInNewContext('Promise.reject(5)'));
      expect((await refusal(foreign)).message).toContain('`register` gives a promise');
    });
    expect(unhandled).toEqual([]);
  });
});

describe('a provider that is refused', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('close');
      },
    ],
    ['rejects', () => Promise.reject(new Error('close'))],
    ['gives no promise', () => undefined],
  ])('is told so although its close %s', async (_what, close) => {
    const unhandled = await unhandledIn(async () => {
      expect((await refusal(providing({ id: 'other', close }))).message).toContain('calls itself "other"');
    });
    expect(unhandled).toEqual([]);
  });
});

describe('a provider whose members are not as their types say', () => {
  it.each<[string, object, RegExp]>([
    ['no kinds', { kinds: undefined }, /`kinds` must be a list of what it does, of "completion", "embedding"/],
    ['a word for its kinds', { kinds: 'completion' }, /`kinds` must be a list/],
    ['kinds that are no words', { kinds: [null] }, /`kinds` must be words of "completion"/],
    ['a kind that is none', { kinds: ['completion', 'embeding'] }, /"embeding", which is none of .*"embedding"\?/],
    ['a word for its keys', { keys: 'one' }, /`keys` must be names/],
    ['an id that is no text', { id: 5 }, /calls itself "5"/],
  ])('is refused with %s when the gateway is made', async (_what, members, message) => {
    expect((await refusal(providing(members))).message).toMatch(message);
  });
});
