import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { errorOf, stateOf } from '../__fixtures__/outcome.js';
import { createGateway } from '../create-gateway.js';
import { container } from '../di/container.js';
import { CONTRACT_VERSION, inject, injectable, PROVIDER, type ProviderModule } from '../plugin.js';
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

const poolOf = (clock = new FakeClock()) => new PluginPool(container.createChildContainer(), clock);

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

  it('are not waited for longer than 5 s each when their close is never done', async () => {
    const closed: string[] = [];
    const never = () => new Promise<void>(() => {});
    const clock = new FakeClock();
    const pool = poolOf(clock);
    const modules = [moduleOf('a', never), moduleOf('b', async () => void closed.push('b')), moduleOf('c', never)];
    for (const module of modules) pool.take(module);
    const releasing = pool.release(modules);
    releasing.catch(() => {});
    expect([await stateOf(releasing), closed]).toEqual(['pending', ['b']]);
    clock.advance(4_999);
    expect(await stateOf(releasing)).toBe('pending');
    clock.advance(1);
    const error = await errorOf(() => releasing);
    expect((error as AggregateError).errors).toMatchObject([
      { code: 'provider-fault', message: expect.stringContaining('"a" was not done within 5000 ms') },
      { code: 'provider-fault', message: expect.stringContaining('"c"') },
    ]);
    expect(clock.pending).toBe(0);
  });

  it('do not keep a gateway from being disposed', async () => {
    const clock = new FakeClock();
    const gateway = createGateway({ providers: [moduleOf('a', () => new Promise(() => {}))], clock });
    const disposing = gateway.dispose();
    disposing.catch(() => {});
    expect(await stateOf(disposing)).toBe('pending');
    clock.advance(5_000);
    expect(await errorOf(() => disposing)).toBeInstanceOf(AggregateError);
  });

  it('let go of what they registered for themselves although that is never done, or fails', async () => {
    const clock = new FakeClock();
    const pool = poolOf(clock);
    const owning = (name: string, dispose: () => unknown): ProviderModule => {
      class Owned {
        dispose = dispose;
      }
      @injectable()
      class Owner {
        readonly id = name;
        readonly kinds = ['completion'];
        constructor(@inject(Owned) readonly owned: Owned) {}
      }
      return {
        ...moduleOf(name),
        register: (scope) => {
          scope.own.register(Owned, { useClass: Owned });
          scope.provide(PROVIDER, Owner as never);
        },
      };
    };
    const modules = [
      owning('a', () => new Promise(() => {})),
      owning('b', () => Promise.reject(new Error('b failed'))),
    ];
    for (const module of modules) pool.take(module);
    const releasing = pool.release(modules);
    releasing.catch(() => {});
    await stateOf(releasing);
    clock.advance(5_000);
    const error = await errorOf(() => releasing);
    expect((error as AggregateError).errors.map((one: Error) => one.message)).toEqual([
      'b failed',
      expect.stringContaining('"a"'),
    ]);
  });
});
