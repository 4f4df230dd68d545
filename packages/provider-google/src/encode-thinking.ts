import type { GenerationParameters, JsonObject, ModelInfo, ReasoningEffort } from '@headrace/core/plugin';
import { isGemini3 } from './gemini-model.js';
import type { RequestNotes } from './request-notes.js';

/** Budgets that Google's own compatible API gives the efforts (https://ai.google.dev/gemini-api/docs/openai#thinking). */
const BUDGETS: Readonly<Record<ReasoningEffort, number>> = {
  none: 0,
  minimal: 1_024,
  low: 1_024,
  medium: 8_192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
};

const LEVELS: ReadonlySet<string> = new Set(['minimal', 'low', 'medium', 'high', 'xhigh']);

/** Whether the model is told a level and not a number of tokens. */
const takesLevels = (model: string, info: ModelInfo | undefined): boolean => {
  const { reasoningEffort, reasoningBudgetTokens } = info?.parameters ?? {};
  if (reasoningBudgetTokens?.supported === true) return false;
  return isGemini3(model) || (reasoningEffort?.values?.length ?? 0) > 0;
};

/**
 * `generationConfig.thinkingConfig` (https://ai.google.dev/gemini-api/docs/thinking): a level from Gemini 3 on, a budget
 * before. Thoughts are asked for whenever the call asks for reasoning: they are not told otherwise.
 */
export const encodeThinking = (
  { reasoningEffort: effort, reasoningBudgetTokens: budget }: GenerationParameters,
  model: string,
  info: ModelInfo | undefined,
  notes: RequestNotes,
): JsonObject | undefined => {
  if (budget !== undefined) {
    if (effort !== undefined)
      notes.add('parameter-dropped', 'reasoningEffort', 'The effort was left out: it excludes reasoningBudgetTokens.');
    return { thinkingBudget: budget, ...(budget === 0 ? {} : { includeThoughts: true }) };
  }
  if (effort === undefined) return undefined;
  if (!takesLevels(model, info)) {
    if (effort !== 'none')
      notes.note(
        'parameter-emulated',
        'reasoningEffort',
        `This model is told a number of tokens: "${effort}" was sent as ${BUDGETS[effort]}.`,
      );
    return { thinkingBudget: BUDGETS[effort], ...(effort === 'none' ? {} : { includeThoughts: true }) };
  }
  if (LEVELS.has(effort)) return { thinkingLevel: effort, includeThoughts: true };
  if (effort === 'none') {
    notes.add('parameter-dropped', 'reasoningEffort', 'This model always thinks: it was left at its own default.');
    return undefined;
  }
  notes.add(
    'parameter-renamed',
    'reasoningEffort',
    `The highest level of Gemini is "high": "${effort}" was sent as that.`,
  );
  return { thinkingLevel: 'high', includeThoughts: true };
};
