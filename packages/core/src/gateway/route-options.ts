import type { ModelReference } from '../contract/known-models.js';
import type { ProviderOptions } from '../contract/message.js';
import type { GenerationParameters } from '../contract/parameters.js';
import type { HedgeOptions } from '../hedging/hedge-options.js';
import type { RecoveryMode } from '../pipeline/recovery/recovery-mode.js';

/** A target with what holds for it alone. */
export interface RouteTargetOptions {
  readonly model: ModelReference;
  /** Above 0, at most 1,000; only beside one another do weights mean anything. Default 1. */
  readonly weight?: number;
  /** Parameters of completions by this target: over those of gateway and route, under the caller's own. */
  readonly parameters?: GenerationParameters;
  /** As in a call, whose own go over these, option by option. */
  readonly providerOptions?: ProviderOptions;
}

/** Several targets under one name, which a call gives where it would give a model. */
export interface RouteOptions {
  /** Model references: at least one, none twice, no routes. Weights only with the strategy `weighted`. */
  readonly targets: readonly (ModelReference | RouteTargetOptions)[];
  /**
   * `in-order` (default): the first that can serve is asked first, the next when it fails. `weighted`: which one is asked is
   * drawn for every call, by weight, and so is the next one of those that are left. `fastest`: by the median time to the
   * first content, as measured over the last half an hour at most, streams and whole answers apart. `cheapest`: by the list
   * price of this request, estimated input and expected output; those without a known price come last.
   */
  readonly strategy?: 'in-order' | 'weighted' | 'fastest' | 'cheapest';
  /** Parameters of completions by this route: over the gateway's, under the caller's own. Default: none. */
  readonly defaults?: GenerationParameters;
  /**
   * With the strategy `fastest`: the share of calls that first ask another target than the fastest, to measure it again.
   * 0–1; 0 measures nothing that is not asked anyway. Default 0.05.
   */
  readonly explore?: number;
  /** What happens to a stream that is cut after text was delivered. Default: the gateway's. */
  readonly recovery?: RecoveryMode;
  /** Second attempts beside a target that brings no content: what is left out is the gateway's. Default: the gateway's. */
  readonly hedging?: boolean | HedgeOptions;
}
