/** When a second attempt is made beside one that brings no content. */
export interface HedgeOptions {
  /**
   * The delay is this quantile of the target's times to its first content: above 0, below 1. Default 0.95, which is
   * waited for in vain by one call in twenty.
   */
  readonly quantile?: number;
  /** No delay is shorter, in ms. Default 250. */
  readonly minDelayMs?: number;
  /** No delay is longer, in ms; at least `minDelayMs`. Default 10,000. */
  readonly maxDelayMs?: number;
  /** The delay in ms while fewer than 20 answers of the target are known. Default: no second attempt until then. */
  readonly initialDelayMs?: number;
  /** Ask the same target a second time where no other one can serve, as for a model without a route. Default false. */
  readonly sameTarget?: boolean;
  /**
   * Calls with tools as well. Default false: tools of the host run only after an answer, and only one is delivered, but
   * tools that a provider runs itself would run twice.
   */
  readonly tools?: boolean;
}

/** Second attempts for a whole gateway, and what they may cost. */
export interface HedgingOptions extends HedgeOptions {
  /** `all` (default): calls that do not say otherwise. `asked`: only those that ask for it, by their route or themselves. */
  readonly calls?: 'all' | 'asked';
  /**
   * Second attempts per call that could have one, over the last ten minutes: above 0, at most 1. Default 0.05; the first
   * is then sent with the twentieth call.
   */
  readonly maxShare?: number;
  /**
   * US dollars per hour for answers that are paid twice, at the highest price of the dearer of the two: the longest answer that
   * `maxOutputTokens` or the model allows, as nobody says what an aborted one costs. With it a target whose highest price
   * is not known gets no second attempt. Default: no limit.
   */
  readonly maxUsdPerHour?: number;
}

export type HedgeSettings = Required<Omit<HedgeOptions, 'initialDelayMs'>> & Pick<HedgeOptions, 'initialDelayMs'>;

export const DEFAULT_HEDGE: HedgeSettings = {
  quantile: 0.95,
  minDelayMs: 250,
  maxDelayMs: 10_000,
  sameTarget: false,
  tools: false,
};

export const DEFAULT_MAX_SHARE = 0.05;
