import type { ModelInfo } from '@headrace/core/plugin';
import type { ReasoningOptions } from './reasoning-options.js';

/** What an upstream's own list says of one model; absent fields it leaves open. */
export interface LiveModel
  extends Partial<Omit<ModelInfo, 'id' | 'provider' | 'parameters' | 'provenance' | 'factProvenance'>> {
  readonly id: string;
  readonly type: string;
  readonly reasoningOptions?: ReasoningOptions;
}
