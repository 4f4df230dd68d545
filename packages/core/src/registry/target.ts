import type { ModelInfo } from '../contract/model-info.js';
import type { Provider } from '../contract/provider.js';

/** Who is to serve a request. */
export interface Target {
  readonly provider: Provider;
  /** The provider's own id of the model. */
  readonly model: string;
  /** Absent for a provider that publishes no facts. */
  readonly info?: ModelInfo;
  /** What `nameOf` says, where it was said before: to put a name together for each call costs more than to look it up. */
  readonly name?: string;
}

/** `vercel:openai/gpt-6-luna`. */
export const nameOf = ({ name, provider, model }: Target): string => name ?? `${provider.id}:${model}`;

/** What is beyond it in a name does not set models or targets apart. */
const LONGEST_NAME = 512;

/** A name that a caller may have made up, no longer than a map is to keep. */
export const boundedName = (name: string): string => (name.length > LONGEST_NAME ? name.slice(0, LONGEST_NAME) : name);
