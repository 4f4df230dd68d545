import { describe, expect, it, jest } from '@jest/globals';
import { model, provider, silent } from '../__fixtures__/call.js';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { errorOf } from '../__fixtures__/outcome.js';
import type { ModelInfo } from '../contract/model-info.js';
import type { ModelSource, Provider } from '../contract/provider.js';
import { ModelNotFoundError, UnknownProviderError } from '../errors/caller-errors.js';
import { GatewayError } from '../errors/gateway-error.js';
import { ModelRegistry } from './model-registry.js';
import { ProviderRegistry } from './provider-registry.js';

const p1 = provider(silent, 'p1');
const p2 = provider(silent, 'p2');
const luna = model({ id: 'openai/gpt-6-luna' });
const { signal } = new AbortController();

class Source implements ModelSource {
  readonly lookedUp: string[] = [];
  news: ModelInfo | undefined;

  constructor(
    readonly provider: string,
    private readonly known: readonly ModelInfo[],
    private readonly aliases: Readonly<Record<string, string>> = {},
  ) {}

  find(modelId: string): ModelInfo | undefined {
    return this.known.find(({ id }) => id === (this.aliases[modelId] ?? modelId));
  }

  list(): readonly ModelInfo[] {
    return this.known;
  }

  async lookUp(modelId: string): Promise<ModelInfo | undefined> {
    this.lookedUp.push(modelId);
    return this.news;
  }

  explain(modelId: string): string | undefined {
    return modelId === 'openai/gpt-3' ? 'It was retired on 2025-01-01; use "openai/gpt-6-luna".' : undefined;
  }
}

const registry = (
  sources: readonly ModelSource[] = [],
  defaultProvider?: string,
  providers: readonly Provider[] = [p1, p2],
): ModelRegistry => new ModelRegistry(new ProviderRegistry(providers), sources, { defaultProvider, routes: [] });

describe('a model reference', () => {
  it('is split at the first colon, so that a model may hold colons and slashes', () => {
    expect(registry().split('p1:maker/m:free:beta')).toEqual({ provider: p1, model: 'maker/m:free:beta' });
    expect(registry().split('p2:m')).toEqual({ provider: p2, model: 'm' });
  });

  it('is remembered once it was split, unless it is longer than any name', () => {
    const models = registry([], 'p2');
    expect(models.split('maker/m')).toBe(models.split('maker/m'));
    const long = 'm'.repeat(100_000);
    expect(models.split(long)).not.toBe(models.split(long));
    expect(models.split(long)).toEqual({ provider: p2, model: long });
  });

  it('belongs to the default provider when it has no prefix', () => {
    expect(registry([], 'p2').split('maker/m')).toEqual({ provider: p2, model: 'maker/m' });
  });

  it('belongs to the default provider, colon and all, when what stands before the colon is no provider', () => {
    expect(registry([], 'p2').split('maker/m:free')).toEqual({ provider: p2, model: 'maker/m:free' });
    expect(registry([], 'p2').split('llama3:8b')).toEqual({ provider: p2, model: 'llama3:8b' });
    expect(registry([], 'p2').split(':m')).toEqual({ provider: p2, model: ':m' });
  });

  it('goes to the provider it names even if there is another default', () => {
    expect(registry([], 'p2').split('p1:m')).toEqual({ provider: p1, model: 'm' });
  });

  it('of an unknown provider fails with the nearest known one', async () => {
    const error = await errorOf(() => registry([], undefined, [provider(silent, 'vercel')]).split('vercell:maker/m'));
    expect(error).toBeInstanceOf(UnknownProviderError);
    expect((error as Error).message).toContain('Did you mean "vercel"?');
  });

  it('without a provider fails with what to write', async () => {
    for (const reference of ['maker/m', 'maker/m:free', 'm', ':m']) {
      const error = await errorOf(() => registry().split(reference));
      expect(error).toBeInstanceOf(ModelNotFoundError);
      expect((error as Error).message).toContain(`"p1:${reference}"`);
      expect((error as Error).message).toContain('defaultProvider');
    }
  });

  it('that names a provider and no model is refused before it is sent anywhere', async () => {
    expect(await errorOf(() => registry().resolve('p1:', signal))).toBeInstanceOf(ModelNotFoundError);
  });
});

describe('resolving', () => {
  it('needs no promise when the model is known', () => {
    const source = new Source('p1', [luna]);
    expect(registry([source]).resolveNow('p1:openai/gpt-6-luna')).toEqual({
      provider: p1,
      model: 'openai/gpt-6-luna',
      info: luna,
      name: 'p1:openai/gpt-6-luna',
    });
    expect(source.lookedUp).toEqual([]);
  });

  it('gives all calls the same target, and another one when the facts have changed', () => {
    const known = [luna];
    const models = registry([new Source('p1', known, { 'openai/luna': 'openai/gpt-6-luna' })]);
    const first = models.resolveNow('p1:openai/luna');
    expect(models.resolveNow('p1:openai/luna')).toBe(first);
    const changed = { ...luna, name: 'Luna' };
    known[0] = changed;
    const second = models.resolveNow('p1:openai/luna');
    expect(second).toEqual({ ...first, info: changed });
    expect(second?.name).toBe('p1:openai/gpt-6-luna');
    known.length = 0;
    expect(models.resolveNow('p1:openai/luna')).toBeUndefined();
  });

  it('needs no facts of a provider that publishes none', async () => {
    const models = registry([new Source('p1', [luna])]);
    expect(models.resolveNow('p2:anything')).toEqual({ provider: p2, model: 'anything', name: 'p2:anything' });
    await expect(models.resolve('p2:anything', signal)).resolves.toBe(models.resolveNow('p2:anything'));
  });

  it('sends the current id of a model that was renamed', () => {
    const source = new Source('p1', [luna], { 'openai/luna': 'openai/gpt-6-luna' });
    expect(registry([source]).resolveNow('p1:openai/luna')).toMatchObject({ model: 'openai/gpt-6-luna', info: luna });
  });

  it('looks for news only when the model is not known', async () => {
    const source = new Source('p1', [luna]);
    const models = registry([source]);
    await models.resolve('p1:openai/gpt-6-luna', signal);
    expect(source.lookedUp).toEqual([]);
    expect(models.resolveNow('p1:new')).toBeUndefined();
    expect(source.lookedUp).toEqual([]);
    source.news = model({ id: 'maker/new' });
    await expect(models.resolve('p1:new', signal)).resolves.toEqual({
      provider: p1,
      model: 'maker/new',
      info: source.news,
      name: 'p1:maker/new',
    });
    expect(source.lookedUp).toEqual(['new']);
  });

  it('hands its signal to the look-up', async () => {
    let seen: AbortSignal | undefined;
    const source = new Source('p1', []);
    source.lookUp = async (_model: string, given?: AbortSignal) => {
      seen = given;
      return luna;
    };
    await registry([source]).resolve('p1:x', signal);
    expect(seen).toBe(signal);
  });

  it('fails for an unknown model with the nearest known ones', async () => {
    const error = await errorOf(() => registry([new Source('p1', [luna])]).resolve('p1:openai/gpt-6-lunna', signal));
    expect(error).toBeInstanceOf(ModelNotFoundError);
    expect((error as Error).message).toBe(
      'The provider "p1" has no model "openai/gpt-6-lunna". Did you mean "openai/gpt-6-luna"?',
    );
  });

  it('fails for a retired model with what became of it instead of a guess', async () => {
    const error = await errorOf(() => registry([new Source('p1', [luna])]).resolve('p1:openai/gpt-3', signal));
    expect(error).toBeInstanceOf(ModelNotFoundError);
    expect((error as Error).message).toContain('It was retired on 2025-01-01');
    expect((error as Error).message).not.toContain('Did you mean');
  });

  it('passes on a failure of the look-up that is a GatewayError', async () => {
    const failure = new ModelNotFoundError('Elsewhere.');
    const source = new Source('p1', []);
    source.lookUp = async () => {
      throw failure;
    };
    expect(await errorOf(() => registry([source]).resolve('p1:x', signal))).toBe(failure);
  });

  it('wraps a failure of the look-up that is the plugin’s own fault', async () => {
    const cause = new TypeError('x is not a function');
    const source = new Source('p1', []);
    source.lookUp = async () => {
      throw cause;
    };
    const error = await errorOf(() => registry([source]).resolve('p1:x', signal));
    expect(GatewayError.is(error)).toBe(true);
    expect(error).toMatchObject({ code: 'provider-fault', cause });
  });
});

describe('listing', () => {
  const other = model({ id: 'o', provider: 'p2' });

  it('gives what is known, of all providers or of one', () => {
    const models = registry([new Source('p1', [luna]), new Source('p2', [other])]);
    expect(models.list()).toEqual([luna, other]);
    expect(models.list('p2')).toEqual([other]);
    expect(models.list('p3')).toEqual([]);
  });

  const asks: string[] = [];
  const live = (id: string, listModels: Provider['listModels']): Provider => ({
    ...provider(silent, id),
    listModels: (asked) => {
      asks.push(id);
      return listModels(asked);
    },
  });
  const clock = new FakeClock();

  it('asks the providers themselves when told to', async () => {
    const known = [new Source('p1', []), new Source('p2', [])];
    const models = registry(known, undefined, [live('p1', async () => [luna]), live('p2', async () => [other])]);
    await expect(models.listNow(signal, clock, { refresh: true })).resolves.toEqual([luna, other]);
    await expect(models.listNow(signal, clock, { refresh: true, provider: 'p1' })).resolves.toEqual([luna]);
    await expect(models.listNow(signal, clock)).resolves.toEqual([]);
    expect(await errorOf(() => models.listNow(signal, clock, { provider: 'p3' }))).toBeInstanceOf(UnknownProviderError);
  });

  it('asks those of whom nothing is known, and gives what is known of the others', async () => {
    asks.length = 0;
    const providers = [live('p1', async () => []), live('p2', async () => [other])];
    const models = registry([new Source('p1', [luna])], undefined, providers);
    await expect(models.listNow(signal, clock)).resolves.toEqual([luna, other]);
    expect(asks).toEqual(['p2']);
  });

  it('gives what is known where the others fail, with a warning of the process', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const providers = [live('p1', async () => []), live('p2', () => Promise.reject(new Error('hidden')))];
    const models = registry([new Source('p1', [luna])], undefined, providers);
    await expect(models.listNow(signal, clock)).resolves.toEqual([luna]);
    expect(warned.mock.calls).toEqual([[expect.stringContaining('"p2" failed'), expect.anything()]]);
    warned.mockRestore();
    expect(await errorOf(() => models.listNow(signal, clock, { provider: 'p2' }))).toMatchObject({
      code: 'provider-fault',
    });
  });
});
