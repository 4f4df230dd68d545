/**
 * US dollars per million tokens. Here and below a price is the number that its shortest decimal text says: `0.1` is a
 * tenth, not the binary fraction nearest to it, and costs are computed exactly.
 */
export interface TokenPrices {
  readonly input?: number;
  readonly output?: number;
  /** Absent: billed as output. */
  readonly reasoning?: number;
  /** Input read from the prompt cache. Absent: billed as input. */
  readonly cacheRead?: number;
  /** Input written to the prompt cache. Absent: billed as input. */
  readonly cacheWrite?: number;
  /** Input written to the prompt cache for an hour. Absent: as `cacheWrite`. */
  readonly cacheWrite1h?: number;
  /** Absent: billed as input. */
  readonly inputAudio?: number;
  /** Absent: billed as output. */
  readonly outputAudio?: number;
}

/** Prices of a whole request whose input is above the bound. What a tier leaves out is as below it. */
export interface PriceTier extends TokenPrices {
  /** Tokens, cached ones included. */
  readonly aboveInputTokens: number;
}

/** Prices by token, which may depend on the size of the request. */
export interface TokenPricing extends TokenPrices {
  /** Ascending by bound. */
  readonly tiers?: readonly PriceTier[];
}

/** What one image costs that has all the traits named here. */
export interface ImagePrice {
  /** `1024x1024`, `2K`, …; `default`: when no size is asked for. */
  readonly size?: string;
  readonly quality?: string;
  readonly style?: string;
  /** `generate`, `edit`, …: an open set. */
  readonly operation?: string;
  /** US dollars. */
  readonly cost: number;
}

/** What one second of video costs that has all the traits named here. */
export interface VideoSecondPrice {
  /** `480p`, `720p`, `1080p`, `4k`, …: an open set. */
  readonly resolution?: string;
  /** `std`, `pro`, …: an open set. */
  readonly mode?: string;
  /** With sound. */
  readonly audio?: boolean;
  readonly voiceControl?: boolean;
  /** US dollars. */
  readonly cost: number;
}

/** What a million tokens of video cost, input and output together. */
export interface VideoTokenPrice {
  readonly resolution?: string;
  /** US dollars. */
  readonly cost: number;
  /** US dollars, when a video goes in. Absent: as `cost`. */
  readonly costWithVideoInput?: number;
}

/** Prices by whatever is billed. Absent: not known, or not billed; never zero. */
export interface UnitPricing {
  /** US dollars for each image made, unless `images` knows better. */
  readonly perImage?: number;
  readonly images?: readonly ImagePrice[];
  /** US dollars per 1,000 search units of a reranking. */
  readonly perThousandSearchUnits?: number;
  readonly perVideoSecond?: readonly VideoSecondPrice[];
  readonly videoTokens?: readonly VideoTokenPrice[];
  /** US dollars per million characters that are spoken. */
  readonly perMillionCharacters?: number;
  /** US dollars per second of audio that is transcribed, or of a session. */
  readonly perSecond?: number;
  /** US dollars per message of the client in a session. */
  readonly perMessage?: number;
  /** US dollars per 1,000 calls of tools that the upstream runs itself, by name: `webSearch`, `mapsSearch`, …. */
  readonly perThousandToolCalls?: Readonly<Record<string, number>>;
}

/** Prices by token where another class of service is asked for. Each stands alone: nothing is taken from outside it. */
export interface ServicePricing {
  /** By name: `priority`, `flex`, …: an open set. */
  readonly serviceTiers?: Readonly<Record<string, TokenPricing>>;
  /** For the faster variant of the same model. */
  readonly fast?: TokenPricing;
  /** By region: `eu`, `us`, …: an open set. */
  readonly regional?: Readonly<Record<string, TokenPricing & { readonly fast?: TokenPricing }>>;
}

/** The price list of one model. An absent price is not known, never zero. */
export interface Pricing extends TokenPricing, UnitPricing, ServicePricing {
  /** Who serves decides: a host behind the upstream may ask another price. */
  readonly variesByProvider?: boolean;
  /** Last day on which these prices hold, in UTC (`YYYY-MM-DD`). Absent: until further notice. */
  readonly until?: string;
  /** The whole list from the day after. Absent beside `until`: not known. */
  readonly next?: Pricing;
}
