import type { ModelInfo } from '../contract/model-info.js';
import type { Provider } from '../contract/provider.js';

/** Who is to serve a request. */
export interface Target {
  readonly provider: Provider;
  /** The provider's own id of the model. */
  readonly model: string;
  /** Absent for a provider that publishes no facts. */
  readonly info?: ModelInfo;
}

/** `vercel:openai/gpt-6-luna`. */
export const nameOf = (target: Target): string => `${target.provider.id}:${target.model}`;
