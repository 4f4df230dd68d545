import type { SeedModel } from './catalogue-seed.js';
import type { ChatRequest } from './chat-request.js';
import { someSentences } from './filler-text.js';
import type { PromptReading } from './prompt-reading.js';
import { keyWords } from './prompt-words.js';

const SENTENCES_BY_EFFORT: Readonly<Record<string, number>> = {
  minimal: 1,
  low: 2,
  medium: 3,
  high: 5,
  xhigh: 7,
  max: 9,
};

/** Whether and how long a model reasons. */
export interface ReasoningPlan {
  readonly effort: string;
  /** Most tokens of reasoning; undefined: no own limit. */
  readonly budget: number | undefined;
  /** The model reasons, the text stays out of the reply. */
  readonly exclude: boolean;
}

/**
 * A model that can reason does so, unless the request switches it off or the model's own default is not to.
 * @param defaultEffort what the model does when nothing is asked
 */
export function planReasoning(
  request: ChatRequest,
  model: SeedModel,
  defaultEffort: unknown,
): ReasoningPlan | undefined {
  if (model.capabilities?.reasoning !== true) return undefined;
  const { reasoning, thinking } = request;
  if (reasoning?.enabled === false || thinking?.type === 'disabled' || reasoning?.max_tokens === 0) return undefined;
  const asked = reasoning?.effort ?? request.reasoning_effort;
  const switchedOn =
    reasoning?.enabled === true || typeof reasoning?.max_tokens === 'number' || thinking?.type === 'enabled';
  const usual = typeof defaultEffort === 'string' ? defaultEffort : 'medium';
  const effort = asked ?? (switchedOn && usual === 'none' ? 'medium' : usual);
  if (effort === 'none') return undefined;
  return { effort, budget: reasoning?.max_tokens ?? undefined, exclude: reasoning?.exclude === true };
}

/** What the model is said to think: longer with more effort, the same for the same prompt. */
export function reasoningText(reading: PromptReading, effort: string): string {
  const words = keyWords(reading.prompt);
  const count = new Map(Object.entries(SENTENCES_BY_EFFORT)).get(effort) ?? 3;
  const opening =
    reading.toolResults.length > 0
      ? 'The results of the tools are there; the answer can be given from them.'
      : `The prompt is about ${words.length === 0 ? 'something short' : words.join(', ')}.`;
  return ['Emulated reasoning, not that of a model.', opening, ...someSentences(words, count)].join(' ');
}
