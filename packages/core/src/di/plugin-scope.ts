import type { InjectionToken } from 'tsyringe';
import type { ModelSource, Provider } from '../contract/provider.js';

/** A class the container can build; each of its constructor parameters carries `@inject(TOKEN)`. */
// biome-ignore lint: parameters are the container's business
export type Constructor<T> = new (...args: never[]) => T;

/** The plugin's own registrations: nobody else sees them. */
export interface PluginContainer {
  register<T>(token: InjectionToken<T>, value: { readonly useValue: T }): void;
  register<T>(token: InjectionToken<T>, provider: { readonly useClass: Constructor<T> }): void;
}

/** What a plugin sees of a gateway while it registers. It can add a provider and facts, and replace nothing. */
export interface PluginScope {
  readonly own: PluginContainer;
  /** Registers the class under which core will find the provider or the facts. One instance per gateway generation. */
  provide(token: InjectionToken<Provider>, implementation: Constructor<Provider>): void;
  provide(token: InjectionToken<ModelSource>, implementation: Constructor<ModelSource>): void;
}
