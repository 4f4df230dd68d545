import type { DependencyContainer, InjectionToken } from 'tsyringe';
import type { ModelSource, Provider } from '../contract/provider.js';
import { Lifecycle } from '../di/container.js';
import type { Constructor, PluginScope } from '../di/plugin-scope.js';
import type { ProviderModule } from '../di/provider-module.js';
import { MODEL_SOURCE, PROVIDER } from '../di/tokens.js';
import { ConfigurationError } from '../errors/caller-errors.js';
import { GatewayError } from '../errors/gateway-error.js';
import { didYouMean } from '../errors/nearest.js';
import { REQUEST_KINDS } from '../registry/kind-issue.js';
import { isThenable } from '../schema/is-thenable.js';

/** What one plugin gave, and the container it lives in. */
export interface Plugin {
  readonly provider: Provider;
  readonly source: ModelSource | undefined;
  /** The plugin's own; dispose it after the provider is closed. */
  readonly own: DependencyContainer;
}

const wrong = (module: ProviderModule, message: string, cause?: unknown): ConfigurationError => {
  const options = cause === undefined ? {} : { cause };
  return new ConfigurationError('createGateway', [{ field: `providers "${module.name}"`, message }], options);
};

/** One instance in this plugin of this generation; tsyringe's `Singleton` would share it with every gateway. */
const registerOnce = <T>(own: DependencyContainer, token: InjectionToken<T>, type: Constructor<T>): void => {
  own.register(token, { useClass: type as new () => T }, { lifecycle: Lifecycle.ContainerScoped });
};

const build = <T>(own: DependencyContainer, module: ProviderModule, type: Constructor<T>): T => {
  try {
    return own.resolve(type as new () => T);
  } catch (cause) {
    if (GatewayError.is(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw wrong(module, `its class "${type.name}" cannot be built: ${reason}`, cause);
  }
};

const kindsFault = (kinds: unknown): string | undefined => {
  const known = REQUEST_KINDS.map((kind) => `"${kind}"`).join(', ');
  if (!Array.isArray(kinds)) return `its \`kinds\` must be a list of what it does, of ${known}.`;
  for (const kind of kinds as readonly unknown[]) {
    if (typeof kind !== 'string') return `its \`kinds\` must be words of ${known}.`;
    if (!REQUEST_KINDS.includes(kind))
      return `its \`kinds\` has ${JSON.stringify(kind)}, which is none of ${known}.${didYouMean(kind, REQUEST_KINDS)}`;
  }
  return undefined;
};

/** What of a provider is not as its type says: types do not hold a plugin written without them. */
const memberFault = ({ id, kinds, keys = [] }: Provider, name: string): string | undefined => {
  const areNames =
    Array.isArray(keys) &&
    keys.every((key) => typeof key === 'string' && key !== '') &&
    new Set(keys).size === keys.length;
  if (!areNames) return 'its `keys` must be names that differ from one another.';
  if (id !== name) return `its provider calls itself "${id}"; name and id must be the same.`;
  return kindsFault(kinds);
};

const TOKENS = Object.entries<unknown>({ PROVIDER, MODEL_SOURCE });

const isAlike = (one: unknown, other: unknown): boolean =>
  typeof one === 'symbol' && typeof other === 'symbol' && one.description === other.description;

/** Tokens are made once in each copy of core: those of another look alike and are not the same. */
const strayToken = (token: InjectionToken<unknown>): string => {
  const alike = TOKENS.find(([, known]) => isAlike(token, known));
  return alike === undefined
    ? 'provides something that is neither PROVIDER nor MODEL_SOURCE.'
    : `provides a ${alike[0]} of another copy of @headrace/core than that of this gateway: ` +
        'install one copy, and let the package of the plugin have it as a peer dependency.';
};

/** Lets a plugin register itself in a container of its own, then builds what it provides. @throws ConfigurationError */
export const registerPlugin = (parent: DependencyContainer, module: ProviderModule): Plugin => {
  const own = parent.createChildContainer();
  const classes = new Map<InjectionToken<unknown>, Constructor<unknown>>();
  const scope: PluginScope = {
    own: {
      register: <T>(token: InjectionToken<T>, given: { useValue: T } | { useClass: Constructor<T> }): void => {
        if ('useValue' in given) own.register(token, { useValue: given.useValue });
        else registerOnce(own, token, given.useClass);
      },
    },
    provide: (token: InjectionToken<unknown>, type: Constructor<unknown>): void => {
      if (token !== PROVIDER && token !== MODEL_SOURCE) {
        throw wrong(module, strayToken(token));
      }
      if (classes.has(token))
        throw wrong(module, 'provides two providers or two model sources; a module provides one of each.');
      classes.set(token, type);
      registerOnce(own, type, type);
    },
  };
  try {
    const answer: unknown = module.register(scope);
    if (isThenable(answer)) {
      // What becomes of it is nobody's any more: it must not end the process.
      Promise.resolve(answer).catch(() => {});
      throw wrong(module, 'its `register` gives a promise; it must be done when it returns.');
    }
  } catch (cause) {
    if (GatewayError.is(cause)) throw cause;
    throw wrong(module, `it failed to register: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  const providerClass = classes.get(PROVIDER) as Constructor<Provider> | undefined;
  if (providerClass === undefined) throw wrong(module, 'provides no PROVIDER.');
  const sourceClass = classes.get(MODEL_SOURCE) as Constructor<ModelSource> | undefined;
  // Facts first: if they are another's, no provider has been built that would have to be closed.
  const source = sourceClass === undefined ? undefined : build(own, module, sourceClass);
  if (source !== undefined && source.provider !== module.name) {
    throw wrong(module, `provides facts about the models of "${source.provider}", which are not its own.`);
  }
  const provider = build(own, module, providerClass);
  const fault = memberFault(provider, module.name);
  if (fault === undefined) return { provider, source, own };
  // Whatever it does: what is wrong with the module is what the host must hear of.
  void (async () => provider.close?.())().catch(() => {});
  throw wrong(module, fault);
};
