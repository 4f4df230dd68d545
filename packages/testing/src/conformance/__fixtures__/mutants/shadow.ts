import { inspect } from 'node:util';
import type { CallContext, EventBatch, ModelRequest, Provider } from '@headrace/core/plugin';
import type { ProviderTarget } from '../../conformance-spec.js';
import type { Mutant } from './mutant.js';
import { given, type Outcome, ShadowCall, turn } from './shadow-call.js';

const NAMES: readonly string[] = ['id', 'kinds', 'keys', 'origin', 'listModels', 'call', 'close'] satisfies readonly (keyof Provider)[];

type Told = 'id' | 'kinds' | 'keys' | 'origin' | 'listModels';

/** Tells when the mutant does to its context what the provider inside it does not. */
const watched = (context: CallContext, tell: () => void): CallContext =>
  new Proxy(context, {
    get: (inner, name) => {
      if (name === 'onCancel' || name === 'onPhase' || name === 'warn') {
        return () => {
          tell();
          return () => undefined;
        };
      }
      const value: unknown = Reflect.get(inner, name, inner);
      return typeof value === 'function' ? value.bind(inner) : value;
    },
  });

/**
 * A mutant that is asked what the reference provider is asked, and whose own provider answers what that one answers:
 * tells where it would have said or done something else, and does nothing.
 */
class Shadow {
  readonly #own: Partial<Provider>;
  readonly #calls = new Map<CallContext, ShadowCall>();
  #closes = 0;
  #isClosing = false;

  constructor(
    wrap: NonNullable<Mutant['wrap']>,
    real: Provider,
    target: ProviderTarget,
    private readonly tell: () => void,
  ) {
    this.#own = wrap(
      {
        id: 'reference',
        kinds: real.kinds,
        listModels: () => real.listModels(new AbortController().signal),
        call: (request, context) => this.#answer(request, context),
        close: () => this.#noteClose(),
      },
      target,
    );
  }

  /** Of what is no call and no close: that it is another is enough. */
  uses(name: Told): void {
    if (this.#own[name] !== undefined) this.tell();
  }

  isPrinted(): void {
    if (Object.keys(this.#own).some((name) => !NAMES.includes(name))) this.tell();
  }

  async close(): Promise<void> {
    if (this.#own.close === undefined) return;
    this.#closes = 0;
    this.#isClosing = true;
    await this.#own.close().catch(this.tell);
    this.#isClosing = false;
    if (this.#closes !== 1) this.tell();
  }

  call(request: ModelRequest, context: CallContext): ShadowCall | undefined {
    if (this.#own.call === undefined) return undefined;
    const own = watched(context, this.tell);
    const call = new ShadowCall(request, this.tell);
    this.#calls.set(own, call);
    try {
      call.batches = this.#own.call(request, own);
      return call;
    } catch {
      this.tell();
      return undefined;
    }
  }

  #noteClose(): Promise<void> {
    this.#closes += 1;
    if (!this.#isClosing) this.tell();
    return Promise.resolve();
  }

  #answer(request: ModelRequest, context: CallContext): AsyncIterable<EventBatch> {
    const feed = this.#calls.get(context)?.feedFor(request);
    return feed ?? { [Symbol.asyncIterator]: () => ({ next: () => this.#stray() }) };
  }

  /** A call that nobody made of the provider inside. */
  #stray(): Promise<IteratorResult<EventBatch>> {
    this.tell();
    return Promise.resolve({ done: true, value: undefined });
  }
}

const mirrored = (inner: AsyncIterator<EventBatch>, calls: readonly ShadowCall[]): AsyncIterator<EventBatch> => {
  for (const call of calls) call.open();
  return {
    next: async () => {
      for (const call of calls) call.ask();
      const outcome: Outcome = await inner.next().then(
        (result) => ({ result }),
        (error: unknown) => ({ error }),
      );
      await turn();
      for (const call of calls) call.feed(outcome);
      await turn();
      for (const call of calls) call.compare(outcome);
      return given(outcome);
    },
    return: async () => {
      await Promise.all(calls.map((call) => call.leave()));
      return (await inner.return?.()) ?? { done: true, value: undefined };
    },
  };
};

/** The provider, with all mutants that are wrapped around one beside it. `tell` gets each that would have differed. */
export const shadowed = (
  real: Provider,
  target: ProviderTarget,
  mutants: readonly Mutant[],
  tell: (mutant: Mutant) => void,
): Provider => {
  const shadows = mutants.flatMap((mutant) =>
    mutant.wrap === undefined ? [] : [new Shadow(mutant.wrap, real, target, () => tell(mutant))],
  );
  const uses = (name: Told): void => {
    for (const shadow of shadows) shadow.uses(name);
  };
  const printed = (): object => {
    for (const shadow of shadows) shadow.isPrinted();
    return {};
  };
  const watchedProvider: Provider & Record<'toJSON' | typeof inspect.custom, () => object> = {
    toJSON: printed,
    [inspect.custom]: printed,
    get id() {
      uses('id');
      return real.id;
    },
    get kinds() {
      uses('kinds');
      return real.kinds;
    },
    get keys() {
      uses('keys');
      return real.keys ?? [];
    },
    get origin() {
      uses('origin');
      return real.origin;
    },
    listModels: (signal) => {
      uses('listModels');
      return real.listModels(signal);
    },
    call: (request, context) => {
      const calls = shadows.flatMap((shadow) => shadow.call(request, context) ?? []);
      const batches = real.call(request, context);
      return { [Symbol.asyncIterator]: () => mirrored(batches[Symbol.asyncIterator](), calls) };
    },
    close: async () => {
      await Promise.all(shadows.map((shadow) => shadow.close()));
      await real.close?.();
    },
  };
  return watchedProvider;
};
