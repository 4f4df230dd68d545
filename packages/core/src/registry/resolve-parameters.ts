import type { ModelInfo, ParameterCondition, ParameterFact } from '../contract/model-info.js';
import type { GenerationParameters, ParameterName } from '../contract/parameters.js';
import type { InputIssue } from '../errors/caller-errors.js';
import type { CoreWarning } from '../pipeline/core-warning.js';
import { badValue, type ParameterValue } from './parameter-value.js';

export interface ResolvedParameters {
  readonly parameters: GenerationParameters;
  /** What was left out, and why. */
  readonly warnings: readonly CoreWarning[];
  /** What cannot be sent at all. */
  readonly issues: readonly InputIssue[];
}

const NONE: readonly never[] = [];

type Left = Partial<Record<ParameterName, ParameterValue>>;

const required = new WeakMap<ModelInfo, readonly (readonly [ParameterName, ParameterValue])[]>();

/** What the model must be sent, and the value when nobody asks for one. Kept: facts do not change, and calls are many. */
const requiredOf = (info: ModelInfo): readonly (readonly [ParameterName, ParameterValue])[] => {
  const known = required.get(info);
  if (known !== undefined) return known;
  const found: [ParameterName, ParameterValue][] = [];
  for (const [name, fact] of Object.entries(info.parameters) as [ParameterName, ParameterFact][]) {
    const value = fact.fixed ?? fact.default ?? fact.max;
    if (fact.required === true && value !== undefined && value !== null) found.push([name, value as ParameterValue]);
  }
  required.set(info, found);
  return found;
};

/** Whether the call asks for anything by it: no thinking is what many models do anyway. */
const isAsked = (name: ParameterName, left: Left): boolean => {
  const value = left[name];
  const isOff = (name === 'reasoningEffort' && value === 'none') || (name === 'reasoningBudgetTokens' && value === 0);
  return value !== undefined && !isOff;
};

/** Why the condition does not hold; undefined when it does. */
const unmet = (condition: ParameterCondition, left: Left, info: ModelInfo): string | undefined => {
  const effort = left.reasoningEffort ?? info.parameters.reasoningEffort?.default ?? undefined;
  const budget = left.reasoningBudgetTokens;
  const off = budget === undefined ? effort === 'none' : budget === 0;
  if (condition.reasoning === 'off' && !off) {
    return 'only with thinking switched off (`reasoningEffort: "none"` or `reasoningBudgetTokens: 0`)';
  }
  if (condition.reasoningEffort !== undefined && !condition.reasoningEffort.includes(String(effort))) {
    return `only with reasoningEffort ${condition.reasoningEffort.join(' or ')}`;
  }
  const clash = condition.unset?.find((name) => isAsked(name, left));
  return clash === undefined ? undefined : `only without \`${clash}\``;
};

/** Why the model never takes the value; undefined when it may. */
const refusal = (fact: ParameterFact, value: ParameterValue): string | undefined => {
  if (fact.supported === false) return 'is not taken by this model';
  if (fact.fixed !== undefined && fact.fixed !== value) return `is fixed at ${fact.fixed} for this model`;
  return undefined;
};

const conditionRefusal = (fact: ParameterFact, left: Left, info: ModelInfo): string | undefined => {
  if (fact.supported !== 'conditional' || fact.when === undefined) return undefined;
  const reason = unmet(fact.when, left, info);
  return reason === undefined ? undefined : `is taken by this model ${reason}`;
};

/**
 * The parameters as this model takes them. Out of range is an issue always; what the model does not take is left out
 * with a warning, or an issue when `strict`. Of two that exclude each other one is left. Only what the upstream
 * requires is added unasked.
 */
export const resolveParameters = (
  asked: GenerationParameters,
  info: ModelInfo | undefined,
  strict: boolean,
): ResolvedParameters => {
  const names = Object.keys(asked) as ParameterName[];
  if (info === undefined || (names.length === 0 && requiredOf(info).length === 0)) {
    return { parameters: asked, warnings: NONE, issues: NONE };
  }
  const left: Left = { ...asked };
  const warnings: CoreWarning[] = [];
  const issues: InputIssue[] = [];
  const drop = (name: ParameterName, reason: string): void => {
    delete left[name];
    if (strict) issues.push({ field: name, message: `${reason} (${info.id}).`, remedy: 'Leave it out.' });
    else {
      const message = `\`${name}\` ${reason} (${info.id}); it was not sent.`;
      warnings.push({ code: 'parameter-dropped', field: name, message });
    }
  };
  for (const name of names) {
    const [value, fact] = [left[name], info.parameters[name]];
    if (value === undefined || fact === undefined) continue;
    const reason = refusal(fact, value);
    const bad = badValue(fact, value);
    if (reason !== undefined) drop(name, reason);
    else if (bad !== undefined) {
      delete left[name];
      issues.push({ field: name, message: `${bad} (${info.id})` });
    }
  }
  // After the first round: a condition must not fail for a parameter that is not sent anyway.
  for (const name of names) {
    const fact = info.parameters[name];
    const reason = left[name] === undefined || fact === undefined ? undefined : conditionRefusal(fact, left, info);
    if (reason !== undefined) drop(name, reason);
  }
  for (const [name, value] of requiredOf(info)) {
    if (left[name] !== undefined) continue;
    left[name] = value;
    const message = `\`${name}\` is required by this model (${info.id}), and was not given; ${String(value)} was sent.`;
    warnings.push({ code: 'parameter-defaulted', field: name, message });
  }
  return { parameters: left as GenerationParameters, warnings, issues };
};
