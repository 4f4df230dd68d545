import { describe, expect, it } from '@jest/globals';
import { container } from '../di/container.js';
import { CONTRACT_VERSION, PROVIDER, type ProviderModule } from '../plugin.js';
import { PluginPool } from './plugin-pool.js';

const moduleOf = (name: string, close?: () => Promise<void>): ProviderModule => ({
  name,
  contractVersion: CONTRACT_VERSION,
  register: (scope) =>
    scope.provide(
      PROVIDER,
      class {
        readonly id = name;
        readonly kinds = ['completion'] as const;
        readonly close = close;
        listModels = async () => [];
        call(): never {
          throw new Error('not called');
        }
      } as never,
    ),
});

const poolOf = () => new PluginPool(container.createChildContainer());

describe('the plugins of a gateway', () => {
  it('stay one for each module, until the last who has it lets go', async () => {
    let closed = 0;
    const pool = poolOf();
    const module = moduleOf('a', async () => {
      closed += 1;
    });
    const [first, second] = [pool.take(module), pool.take(module)];
    expect(second.provider).toBe(first.provider);
    await pool.release([module]);
    expect(closed).toBe(0);
    await pool.release([module]);
    expect(closed).toBe(1);
    const third = pool.take(module);
    expect(third.provider).not.toBe(first.provider);
    expect(third.serial).not.toBe(first.serial);
  });

  it('are all closed, those without a close included, also when some fail', async () => {
    const closed: string[] = [];
    const modules = [
      moduleOf('a', async () => {
        throw new Error('a failed');
      }),
      moduleOf('b', () => {
        throw new Error('b failed at once');
      }),
      moduleOf('c'),
      moduleOf('d', async () => {
        closed.push('d');
      }),
    ];
    const pool = poolOf();
    for (const module of modules) pool.take(module);
    const error = await pool.release(modules).catch((reason: unknown) => reason);
    expect((error as AggregateError).errors.map((one: Error) => one.message)).toEqual(
      expect.arrayContaining(['a failed', 'b failed at once']),
    );
    expect(closed).toEqual(['d']);
  });
});
