import type { ConformanceSpec } from './conformance-spec.js';
import type { Workbench } from './workbench.js';

/** One thing every provider must do. */
export interface ConformanceCase {
  /** A sentence whose subject is the provider. Unique in the suite. */
  readonly name: string;
  /** Whether the case can be played; default: always. */
  readonly applies?: (spec: ConformanceSpec) => boolean;
  readonly run: (bench: Workbench) => Promise<void>;
}

/** Cases about one subject. */
export interface ConformanceGroup {
  readonly subject: string;
  readonly cases: readonly ConformanceCase[];
}
