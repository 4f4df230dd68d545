import type { RequestKind } from './request.js';

/**
 * Ids of models for completion in editors, by provider and kind of request. Empty here: the package of a provider adds
 * its own by declaration merging, under the provider's default id. It restricts nothing; any text is a reference.
 *
 * ```ts
 * declare module '@headrace/core' {
 *   interface KnownModels {
 *     acme: { completion: 'large' | 'small' };
 *   }
 * }
 * ```
 */
export interface KnownModels {}

// oxlint-disable typescript/no-redundant-type-constituents -- only here, where nothing was added, are there no names

type KnownOf<P extends keyof KnownModels & string, K extends string> =
  KnownModels[P] extends Readonly<Record<K, infer Id extends string>> ? Id | `${P}:${Id}` : never;

/**
 * How a model is named: `provider:model`, or a bare model where the provider is given otherwise. Known names are offered,
 * every other text is taken.
 */
export type ModelReference<K extends string = RequestKind> =
  | { [P in keyof KnownModels & string]: KnownOf<P, K> }[keyof KnownModels & string]
  // Plain `string` would swallow the names.
  | (string & {});
// oxlint-enable typescript/no-redundant-type-constituents
