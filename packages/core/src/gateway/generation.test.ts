import { describe, expect, it } from '@jest/globals';
import { type InjectionToken, Lifecycle } from 'tsyringe';
import { model, silent } from '../__fixtures__/call.js';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { errorOf } from '../__fixtures__/outcome.js';
import type { Clock } from '../contract/clock.js';
import type { ModelInfo } from '../contract/model-info.js';
import type { ModelSource, Provider } from '../contract/provider.js';
import { container, inject, injectable } from '../di/container.js';
import type { PluginScope } from '../di/plugin-scope.js';
import { CONTRACT_VERSION, type ProviderModule } from '../di/provider-module.js';
import { CLOCK, MODEL_SOURCE, MODEL_SOURCES, PROVIDER, PROVIDERS, RANDOM } from '../di/tokens.js';
import { ConfigurationError, DuplicateProviderError } from '../errors/caller-errors.js';
import { GatewayError } from '../errors/gateway-error.js';
import { ModelRegistry } from '../registry/model-registry.js';
import { ProviderRegistry } from '../registry/provider-registry.js';
import { buildGeneration } from './generation.js';

const NAME = Symbol('Name');

@injectable()
class Facts implements ModelSource {
  static built = 0;
  readonly provider: string;
  readonly serial: number;

  constructor(@inject(NAME) name: string) {
    this.provider = name;
    Facts.built += 1;
    this.serial = Facts.built;
  }

  find(modelId: string): ModelInfo | undefined {
    return this.list().find(({ id }) => id === modelId);
  }

  list(): readonly ModelInfo[] {
    return [model({ provider: this.provider, name: `of ${this.provider}` })];
  }

  async lookUp(): Promise<undefined> {
    return undefined;
  }
}

@injectable()
class Upstream implements Provider {
  readonly kinds = ['completion'] as const;
  readonly call = silent;
  closed = 0;

  constructor(
    @inject(NAME) readonly id: string,
    @inject(CLOCK) readonly clock: Clock,
    @inject(RANDOM) readonly random: () => number,
    @inject(Facts) readonly facts: Facts,
  ) {}

  async listModels(): Promise<readonly ModelInfo[]> {
    return [];
  }

  async close(): Promise<void> {
    this.closed += 1;
  }
}

const plugin = (name: string, register: (scope: PluginScope) => void): ProviderModule => ({
  name,
  contractVersion: CONTRACT_VERSION,
  register,
});

const sound = (name: string): ProviderModule =>
  plugin(name, (scope) => {
    scope.own.register(NAME, { useValue: name });
    scope.own.register(Facts, { useClass: Facts });
    scope.provide(PROVIDER, Upstream);
    scope.provide(MODEL_SOURCE, Facts);
  });

const outerOf = (clock: Clock = new FakeClock()) => {
  const outer = container.createChildContainer();
  outer.register(CLOCK, { useValue: clock });
  outer.register(RANDOM, { useValue: () => 0.5 });
  return outer;
};

const build = (...modules: readonly ProviderModule[]) => buildGeneration(outerOf(), { providers: modules });
const upstream = (generation: ReturnType<typeof build>, id: string): Upstream =>
  generation.providers.get(id) as Upstream;

describe('a generation', () => {
  it('holds what the plugins provide, built with core’s services and the plugin’s own', () => {
    const clock = new FakeClock();
    const generation = buildGeneration(outerOf(clock), { providers: [sound('a'), sound('b')], defaultProvider: 'b' });
    expect(generation.providers.ids).toEqual(['a', 'b']);
    expect(upstream(generation, 'a').clock).toBe(clock);
    expect(upstream(generation, 'a').random()).toBe(0.5);
    expect(generation.models.resolveNow('a:maker/m1')?.info?.name).toBe('of a');
    expect(generation.models.resolveNow('maker/m1')?.provider.id).toBe('b');
  });

  it('has one instance of what a plugin registers for itself, shared by all that asks for it', () => {
    const generation = build(sound('a'));
    const listed = generation.models.list('a');
    expect(listed).toHaveLength(1);
    const before = Facts.built;
    const again = build(sound('a'));
    expect(Facts.built).toBe(before + 1);
    expect(upstream(again, 'a').facts.serial).toBe(before + 1);
    expect(upstream(again, 'a').facts).not.toBe(upstream(generation, 'a').facts);
  });

  it('has one instance of a class that is provided under both tokens', () => {
    let built = 0;
    @injectable()
    class Both extends Object implements Provider, ModelSource {
      readonly id = 'both';
      readonly provider = 'both';
      readonly kinds = ['completion'] as const;
      readonly call = silent;
      constructor() {
        super();
        built += 1;
      }
      async listModels(): Promise<readonly ModelInfo[]> {
        return [];
      }
      find(): undefined {
        return undefined;
      }
      list(): readonly ModelInfo[] {
        return [];
      }
      async lookUp(): Promise<undefined> {
        return undefined;
      }
    }
    build(
      plugin('both', (scope) => {
        scope.provide(PROVIDER, Both);
        scope.provide(MODEL_SOURCE, Both);
      }),
    );
    expect(built).toBe(1);
  });

  it('keeps the settings of two accounts of one plugin apart', () => {
    const generation = build(sound('work'), sound('home'));
    expect(upstream(generation, 'work').facts.provider).toBe('work');
    expect(upstream(generation, 'home').facts.provider).toBe('home');
  });

  it('shares nothing with another generation, not even of the same module', () => {
    const module = sound('a');
    const [first, second] = [build(module), build(module)];
    expect(first.providers).not.toBe(second.providers);
    expect(first.models).not.toBe(second.models);
    expect(upstream(first, 'a')).not.toBe(upstream(second, 'a'));
    expect(upstream(first, 'a').facts).not.toBe(upstream(second, 'a').facts);
  });

  it('closes its own providers and not those of another', async () => {
    const [first, second] = [build(sound('a')), build(sound('a'))];
    await first.close();
    expect([upstream(first, 'a').closed, upstream(second, 'a').closed]).toEqual([1, 0]);
  });

  it('leaves the global container as it was', async () => {
    const ours = [PROVIDER, MODEL_SOURCE, PROVIDERS, MODEL_SOURCES, CLOCK, RANDOM, ProviderRegistry, ModelRegistry];
    const tokens = [...ours, NAME, Facts, Upstream] as readonly InjectionToken[];
    const state = (): boolean[] => tokens.map((token) => container.isRegistered(token, true));
    const before = state();
    expect(before).not.toContain(true);
    const generation = build(sound('a'));
    expect(state()).toEqual(before);
    await generation.close();
    expect(state()).toEqual(before);
  });

  it('leaves the outer container as it was, so that a later generation starts afresh', () => {
    const outer = outerOf();
    buildGeneration(outer, { providers: [sound('a')] });
    const tokens = [
      NAME,
      Facts,
      PROVIDERS,
      MODEL_SOURCES,
      ProviderRegistry,
      ModelRegistry,
    ] as readonly InjectionToken[];
    for (const token of tokens) expect(outer.isRegistered(token)).toBe(false);
  });

  it('has one registry however often it is asked for', () => {
    const outer = outerOf();
    const inner = outer.createChildContainer();
    inner.register(PROVIDERS, { useValue: [] });
    inner.register(ProviderRegistry, { useClass: ProviderRegistry }, { lifecycle: Lifecycle.ContainerScoped });
    expect(inner.resolve(ProviderRegistry)).toBe(inner.resolve(ProviderRegistry));
    const generation = build(sound('a'));
    expect((generation.models as unknown as { providers: ProviderRegistry }).providers).toBe(generation.providers);
  });
});

describe('a plugin', () => {
  it.each([
    ['the clock', CLOCK],
    ['the random source', RANDOM],
    ['the list of providers', PROVIDERS],
    ['a registry', ProviderRegistry],
    ['a token of its own', NAME],
  ])('cannot provide %s', async (_what, token) => {
    const error = await errorOf(() => build(plugin('sly', (scope) => scope.provide(token as never, Upstream))));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).toContain('"sly"');
  });

  it('that registers core’s tokens for itself changes nothing for the others or for core', () => {
    const clock = new FakeClock();
    const sly = plugin('sly', (scope) => {
      scope.own.register(NAME, { useValue: 'sly' });
      scope.own.register(CLOCK, { useValue: new FakeClock() });
      scope.own.register(PROVIDERS, { useValue: [] });
      scope.own.register(ProviderRegistry, { useValue: new ProviderRegistry([]) });
      scope.provide(PROVIDER, Upstream);
    });
    const generation = buildGeneration(outerOf(clock), { providers: [sly, sound('honest')] });
    expect(generation.providers.ids).toEqual(['sly', 'honest']);
    expect(upstream(generation, 'honest').clock).toBe(clock);
  });

  it('sees nothing that another plugin registered for itself', async () => {
    const first = plugin('first', (scope) => scope.own.register(NAME, { useValue: 'secret of first' }));
    const second = plugin('second', (scope) => scope.provide(PROVIDER, Upstream));
    expect(await errorOf(() => build(first, second))).toBeInstanceOf(Error);
  });

  it('gets a scope with nothing else in it', () => {
    let keys: string[] = [];
    build(
      plugin('curious', (scope) => {
        keys = [...Object.keys(scope), ...Object.keys(scope.own)];
        scope.own.register(NAME, { useValue: 'curious' });
        scope.provide(PROVIDER, Upstream);
      }),
    );
    expect(keys.sort()).toEqual(['own', 'provide', 'register']);
  });

  it('cannot take the place of another plugin’s facts', async () => {
    const thief = plugin('thief', (scope) => {
      scope.own.register(NAME, { useValue: 'thief' });
      scope.provide(PROVIDER, Upstream);
      @injectable()
      class Stolen extends Facts {
        constructor() {
          super('victim');
        }
        override list(): readonly ModelInfo[] {
          return [model({ provider: 'victim', name: 'stolen' })];
        }
      }
      scope.provide(MODEL_SOURCE, Stolen);
    });
    const error = await errorOf(() => build(sound('victim'), thief));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).toContain('thief');
  });
});

describe('wiring that is wrong', () => {
  it('fails for two providers of one id', async () => {
    expect(await errorOf(() => build(sound('a'), sound('a')))).toBeInstanceOf(DuplicateProviderError);
  });

  it('fails for a module that provides no provider, or one of another id than its name', async () => {
    const empty = plugin('empty', () => {});
    const misnamed = plugin('one-name', (scope) => {
      scope.own.register(NAME, { useValue: 'another' });
      scope.provide(PROVIDER, Upstream);
    });
    for (const module of [empty, misnamed]) {
      const error = await errorOf(() => build(module));
      expect(error).toBeInstanceOf(ConfigurationError);
      expect((error as Error).message).toContain(module.name);
    }
  });

  it('fails with an error of ours that names the module when its class cannot be built', async () => {
    const forgetful = plugin('forgetful', (scope) => scope.provide(PROVIDER, Upstream));
    const error = await errorOf(() => build(forgetful));
    expect(GatewayError.is(error)).toBe(true);
    expect((error as Error).message).toContain('forgetful');
  });

  it('does not depend on the order in which a plugin registers', () => {
    const backwards = plugin('a', (scope) => {
      scope.provide(PROVIDER, Upstream);
      scope.own.register(Facts, { useClass: Facts });
      scope.own.register(NAME, { useValue: 'a' });
    });
    expect(build(backwards).providers.ids).toEqual(['a']);
  });

  it('closes what was built before it failed', async () => {
    const built: Upstream[] = [];
    @injectable()
    class Noted extends Upstream {
      constructor(
        @inject(NAME) id: string,
        @inject(CLOCK) clock: Clock,
        @inject(RANDOM) random: () => number,
        @inject(Facts) facts: Facts,
      ) {
        super(id, clock, random, facts);
        built.push(this);
      }
    }
    const first = plugin('first', (scope) => {
      scope.own.register(NAME, { useValue: 'first' });
      scope.provide(PROVIDER, Noted);
    });
    @injectable()
    class Failing extends Upstream {
      constructor() {
        super('failing', new FakeClock(), () => 0, new Facts('failing'));
        throw new Error('no options');
      }
    }
    const failing = plugin('failing', (scope) => scope.provide(PROVIDER, Failing));
    await errorOf(() => build(first, failing));
    await new Promise((resolve) => setImmediate(resolve));
    expect(built.map(({ closed }) => closed)).toEqual([1]);
  });
});

describe('closing', () => {
  const poolOf = (close: () => Promise<void>) => {
    const pool = { disposed: 0 };
    @injectable()
    class Pool {
      dispose(): void {
        pool.disposed += 1;
      }
    }
    @injectable()
    class Pooled implements Provider {
      readonly id = 'pooled';
      readonly kinds = ['completion'] as const;
      readonly call = silent;
      readonly close = close;
      constructor(@inject(Pool) readonly pool: Pool) {}
      async listModels(): Promise<readonly ModelInfo[]> {
        return [];
      }
    }
    const module = plugin('pooled', (scope) => {
      scope.own.register(Pool, { useClass: Pool });
      scope.provide(PROVIDER, Pooled);
    });
    return { pool, module };
  };

  it('disposes what a plugin registered for itself, after its provider is closed', async () => {
    const order: number[] = [];
    const { pool, module } = poolOf(async () => {
      order.push(pool.disposed);
    });
    await build(module).close();
    expect([order, pool.disposed]).toEqual([[0], 1]);
  });

  it('lets go of everything although a provider fails to close', async () => {
    const { pool, module } = poolOf(async () => {
      throw new Error('close failed');
    });
    expect(await errorOf(() => build(module).close())).toBeInstanceOf(AggregateError);
    expect(pool.disposed).toBe(1);
  });
});
