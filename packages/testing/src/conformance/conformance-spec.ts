import type {
  CompletionRequest,
  EmbeddingRequest,
  ImageRequest,
  Provider,
  ProviderModule,
  RerankingRequest,
} from '@headrace/core/plugin';
import type { ConformanceReport } from './conformance-report.js';
import type { Dialect } from './dialect.js';

/** Where a provider under test is to go. */
export interface ProviderTarget {
  /** Origin of the upstream, without a path and without a slash at the end. */
  readonly baseUrl: string;
  /** The key the provider is to send. */
  readonly apiKey: string;
}

/** Where a provider with several keys is to go. */
export interface KeyedTarget {
  /** As in `ProviderTarget`. */
  readonly baseUrl: string;
  /** The keys, all different. */
  readonly apiKeys: readonly string[];
}

/** Kinds of request beside completions, each with fields of the suite's requests, such as a `model` that is accepted. */
export interface OtherKinds {
  readonly embedding?: Partial<EmbeddingRequest>;
  readonly reranking?: Partial<RerankingRequest>;
  readonly image?: Partial<ImageRequest>;
}

/** What `describeProvider` needs to know of a provider. */
export interface ConformanceSpec {
  /** Title of the suite. */
  readonly name: string;
  /** A new provider that speaks to the target. Called for every case; the suite closes what it made. */
  create(target: ProviderTarget): Provider | Promise<Provider>;
  /** As `create`, for a provider that takes several keys: given, it is held to naming them and using the one that is named. */
  createWithKeys?(target: KeyedTarget): Provider | Promise<Provider>;
  /** The plugin's module for the same target; given, its registration is checked as well. */
  module?(target: ProviderTarget): ProviderModule;
  /** How the upstream speaks. */
  readonly dialect: Dialect;
  /** Fields of the suite's requests, such as a `model` the provider accepts. */
  readonly request?: Partial<CompletionRequest>;
  /**
   * What the provider does beside completions: it is held to each, and may declare no other. The dialect must be able to
   * say the answers. Default: nothing.
   */
  readonly otherKinds?: OtherKinds;
  /** The key, where the provider demands a form of it. Default: a text found nowhere else. */
  readonly apiKey?: string;
  /** Cases to leave out, by their full name, and why. An unknown name is refused. */
  readonly except?: Readonly<Record<string, string>>;
  /** ms after which a case that waits is given up, with a sentence about what it waited for. Default 4000. */
  readonly patienceMs?: number;
  /**
   * Gets the report when the last case is over: `(report) => writeFile('acme.json', JSON.stringify(report))`, or
   * `conformanceText(report)` for people. Under a runner this is a test of its own, the last of the suite: one that fails
   * when this throws, and is not run when the runner is told to run other tests only.
   */
  readonly report?: (report: ConformanceReport) => void | Promise<void>;
}

/** The two functions of a test runner that are needed: those of Jest, Vitest and `node:test` fit. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: ((name: string, body: () => Promise<void>) => unknown) & {
    readonly skip?: (name: string, body: () => Promise<void>) => unknown;
  };
  /** Not used; allowed so that a runner can be passed as it comes. */
  readonly expect?: unknown;
}
