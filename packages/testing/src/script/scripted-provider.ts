import {
  CONTRACT_VERSION,
  MODEL_SOURCE,
  type ModelInfo,
  type ModelRequest,
  type ModelSource,
  PROVIDER,
  type Provider,
  type ProviderModule,
  type RequestKind,
} from '@headrace/core/plugin';
import { Arrivals } from '../arrivals.js';
import { AttemptPlayer, type Performance } from './attempt-player.js';
import { type ModelFacts, modelInfo, modelSource } from './model-facts.js';
import type { Attempt } from './provider-step.js';
import { CallRecord, type ScriptedCall } from './scripted-call.js';

export interface ScriptedProviderOptions {
  /** The provider's id. Default `scripted`. */
  readonly id?: string;
  /** Play the last attempt again for every call beyond the script. Default false: such a call throws. */
  readonly repeatLast?: boolean;
  /** Facts about its models; given, even if empty, the module also registers a model source. Default: none. */
  readonly models?: readonly ModelFacts[];
  /** In place of a list of `models`: what `listModels` does. */
  readonly listModels?: Provider['listModels'];
  /** Default `['completion']`. */
  readonly kinds?: readonly RequestKind[];
  /** Names of its keys; `context.key` of a call says which one it was to use. Default: none. */
  readonly keys?: readonly string[];
  /** Where it says that it connects. Default: it does not say. */
  readonly origin?: string;
  /** Every `close()` rejects with this. Default: closing works. */
  readonly closeError?: unknown;
}

/** What one call plays: the steps, or what makes them of the request. */
export type AttemptScript = Attempt | ((request: ModelRequest) => Attempt);

/** A provider module that plays a script, and the record of what was asked of it. */
export interface ScriptedProvider extends ProviderModule {
  /** Calls that were read, in the order of their first read, over all gateways the module was given to. */
  readonly calls: readonly ScriptedCall[];
  /** The call with this number, from 1: as soon as its first batch is asked for. */
  waitForCall(number: number): Promise<ScriptedCall>;
  /** How often a gateway built the provider. */
  readonly built: number;
  /** How often `close()` was called. */
  readonly closed: number;
  /** The provider, to be driven by hand without a gateway. It shares script and record with those in gateways. */
  readonly provider: Provider;
}

const ENDS: ReadonlySet<string> = new Set(['end', 'throw']);

const checkAttempt = (attempt: Attempt, number: number): void => {
  const last = attempt.findIndex((step) => ENDS.has(step.step));
  const beyond = last === -1 ? undefined : attempt.slice(last + 1).find((step) => step.step !== 'after-end');
  if (beyond !== undefined) {
    throw new TypeError(
      `attempt ${number} of the script goes on with '${beyond.step}' after its end, where nothing is played; if the breach is meant, write afterEnd(…)`,
    );
  }
};

/**
 * A provider that plays a script: each call takes the next attempt. Register it with a gateway like any other provider.
 * Pieces come one batch a step; for a `whole` delivery they are gathered into one batch, as the contract wants it.
 * A `response-start` (`response_<number>`, the model as asked) goes before the first piece unless a `batch(…)` brought one.
 *
 * @example
 * const primary = scriptedProvider([[text('par'), fail(new TransportError('gone'))], [text('whole'), end()]]);
 * const gateway = createGateway({ providers: [primary] });
 * const embedding = scriptedProvider([() => [end({ result: embeddingResult([0.1, 0.2]) })]], { kinds: ['embedding'] });
 * @throws TypeError for an attempt that goes on after its end without `afterEnd`.
 */
export const scriptedProvider = (
  script: readonly AttemptScript[],
  options: ScriptedProviderOptions = {},
): ScriptedProvider => {
  script.forEach((attempt, index) => {
    if (typeof attempt !== 'function') checkAttempt(attempt, index + 1);
  });
  const { id = 'scripted', kinds = ['completion'], keys = [], repeatLast = false } = options;
  const models: readonly ModelInfo[] = (options.models ?? []).map((facts) => modelInfo(id, facts));
  const calls = new Arrivals<ScriptedCall>();
  let built = 0;
  let closed = 0;

  class PlayedProvider implements Provider {
    readonly id = id;
    readonly kinds = kinds;
    readonly keys = keys;
    readonly origin = options.origin;

    listModels(signal: AbortSignal): Promise<readonly ModelInfo[]> {
      return options.listModels === undefined ? Promise.resolve(models) : options.listModels(signal);
    }

    call(...[request, context]: Parameters<Provider['call']>): AttemptPlayer {
      const begin = (): Performance => {
        const record = new CallRecord(calls.items.length + 1, request, context);
        calls.add(record);
        const scripted = script[record.number - 1] ?? (repeatLast ? script.at(-1) : undefined);
        const attempt = typeof scripted === 'function' ? scripted(request) : scripted;
        if (typeof scripted === 'function') checkAttempt(attempt ?? [], record.number);
        if (attempt !== undefined) return { attempt, record };
        const value = new Error(
          `the script of provider '${id}' has ${script.length} attempts; this is call ${record.number}`,
        );
        return { attempt: [{ step: 'throw', value }], record };
      };
      return new AttemptPlayer(begin, request, context);
    }

    close(): Promise<void> {
      closed += 1;
      return 'closeError' in options ? Promise.reject(options.closeError) : Promise.resolve();
    }
  }

  class RegisteredProvider extends PlayedProvider {
    constructor() {
      super();
      built += 1;
    }
  }

  class KnownModels implements ModelSource {
    readonly #source = modelSource(id, models);
    readonly provider = id;

    find(modelId: string): ModelInfo | undefined {
      return this.#source.find(modelId);
    }

    list(): readonly ModelInfo[] {
      return this.#source.list();
    }

    lookUp(modelId: string, signal: AbortSignal): Promise<ModelInfo | undefined> {
      return this.#source.lookUp(modelId, signal);
    }
  }

  return {
    name: id,
    contractVersion: CONTRACT_VERSION,
    register(scope) {
      scope.provide(PROVIDER, RegisteredProvider);
      if (options.models !== undefined) scope.provide(MODEL_SOURCE, KnownModels);
    },
    provider: new PlayedProvider(),
    waitForCall: (number) => calls.nth(number),
    get calls() {
      return calls.items;
    },
    get built() {
      return built;
    },
    get closed() {
      return closed;
    },
  };
};
