import {
  type GenerationParameters,
  InvalidRequestError,
  type JsonObject,
  type ReasoningEffort,
} from '@headrace/core/plugin';
import type { DroppedFields } from '../chat/dropped-fields.js';

/** How a model is told to think. */
export interface ThinkingForm {
  /** Takes `thinking: {type: "enabled", budget_tokens}`. */
  readonly budget: boolean;
  /** Takes `thinking: {type: "adaptive"}`. */
  readonly adaptive: boolean;
  /** Takes `output_config.effort`. */
  readonly effort: boolean;
  /** Thinks when nothing is said of it. Default false. */
  readonly unasked?: boolean;
  /** May be told not to think. Default true. */
  readonly canBeOff?: boolean;
}

/** What the thinking of one request adds to its body. */
export interface EncodedThinking {
  readonly thinking: JsonObject | undefined;
  /** For `output_config.effort`. */
  readonly effort: string | undefined;
}

/** The upstream's least. */
const LEAST_BUDGET = 1024;
/** Shares of the output limit, for models that know budgets only. */
const SHARES: Readonly<Record<Exclude<ReasoningEffort, 'none'>, number>> = {
  minimal: 0.1,
  low: 0.2,
  medium: 0.5,
  high: 0.8,
  xhigh: 0.9,
  max: 0.95,
};

const budgetIssue = (budget: number, maxTokens: number): string | undefined => {
  if (budget < LEAST_BUDGET) return `is ${budget}; this upstream takes 0 or at least ${LEAST_BUDGET}.`;
  return budget < maxTokens
    ? undefined
    : `is ${budget}, but thinking counts as output, of which ${maxTokens} tokens are allowed.`;
};

const enabled = (budget: number, maxTokens: number): JsonObject => {
  const message = budgetIssue(budget, maxTokens);
  if (message !== undefined)
    throw new InvalidRequestError([
      { field: 'reasoningBudgetTokens', message, remedy: 'Give a budget between them, or a higher maxOutputTokens.' },
    ]);
  return { type: 'enabled', budget_tokens: budget };
};

const emulatedBudget = (
  effort: Exclude<ReasoningEffort, 'none'>,
  maxTokens: number,
  dropped: DroppedFields,
): JsonObject | undefined => {
  const budget = Math.max(LEAST_BUDGET, Math.floor(maxTokens * SHARES[effort]));
  if (budget >= maxTokens) {
    dropped.drop(
      'parameter-dropped',
      'reasoningEffort',
      `The effort was left out: this model thinks with at least ${LEAST_BUDGET} tokens, and ${maxTokens} are allowed in all.`,
    );
    return undefined;
  }
  dropped.note(
    'reasoning-effort-emulated',
    'reasoningEffort',
    `This model knows no effort; a budget of ${budget} tokens for thinking was sent instead.`,
  );
  return { type: 'enabled', budget_tokens: budget };
};

const off = (form: ThinkingForm, effort: ReasoningEffort | undefined, dropped: DroppedFields): EncodedThinking => {
  if (form.canBeOff !== false) return { thinking: { type: 'disabled' }, effort: undefined };
  const field = effort === undefined ? 'reasoningBudgetTokens' : 'reasoningEffort';
  dropped.drop('parameter-dropped', field, 'This model always thinks; it was not told not to.');
  return { thinking: undefined, effort: undefined };
};

/**
 * How much a request is to think. An effort is the upstream's own where the model has it, and a share of the output limit
 * where it knows budgets only; `none` and a budget of 0 switch thinking off.
 * Source: https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking, …/extended-thinking, …/effort
 * @throws InvalidRequestError for a budget that the upstream would refuse
 */
export const encodeThinking = (
  { reasoningEffort: effort, reasoningBudgetTokens: budget }: GenerationParameters,
  maxTokens: number,
  form: ThinkingForm,
  dropped: DroppedFields,
): EncodedThinking => {
  if (effort === 'none' || (effort === undefined && budget === 0)) return off(form, effort, dropped);
  if (budget !== undefined && (effort !== undefined || !form.budget)) {
    const why =
      effort === undefined ? 'this model takes an effort only' : 'it excludes reasoningEffort, which was kept';
    dropped.drop('parameter-dropped', 'reasoningBudgetTokens', `The reasoning budget was left out: ${why}.`);
  } else if (budget !== undefined) return { thinking: enabled(budget, maxTokens), effort: undefined };
  const thinking: JsonObject | undefined = form.adaptive ? { type: 'adaptive' } : undefined;
  if (effort === undefined) return { thinking: budget === undefined ? undefined : thinking, effort };
  if (!form.effort)
    return { thinking: form.budget ? emulatedBudget(effort, maxTokens, dropped) : thinking, effort: undefined };
  if (effort !== 'minimal') return { thinking, effort };
  dropped.drop('reasoning-effort-renamed', 'reasoningEffort', 'This upstream knows no "minimal"; "low" was sent.');
  return { thinking, effort: 'low' };
};
