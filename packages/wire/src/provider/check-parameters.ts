import type {
  GenerationParameters,
  InputIssue,
  ModelInfo,
  ParameterCondition,
  ParameterFact,
  ParameterName,
} from '@headrace/core/plugin';

type Value = number | string | readonly string[];

/** The condition is used for models that think unless told otherwise. */
const isThinkingOff = (sent: GenerationParameters): boolean =>
  sent.reasoningEffort === 'none' || sent.reasoningBudgetTokens === 0;

const asksNothing = (name: ParameterName, sent: GenerationParameters): boolean =>
  (name === 'reasoningEffort' || name === 'reasoningBudgetTokens') && isThinkingOff(sent);

/** What keeps the condition from holding, if anything. */
export const unmet = (
  when: ParameterCondition,
  sent: GenerationParameters,
  facts: ModelInfo['parameters'],
): string | undefined => {
  if (when.reasoning === 'off' && !isThinkingOff(sent)) return 'is taken only with thinking switched off.';
  const effort = sent.reasoningEffort ?? facts.reasoningEffort?.default;
  if (when.reasoningEffort !== undefined && !(typeof effort === 'string' && when.reasoningEffort.includes(effort)))
    return `is taken only with reasoningEffort ${when.reasoningEffort.map((one) => `"${one}"`).join(' or ')}.`;
  const clash = when.unset?.find((name) => sent[name] !== undefined && !asksNothing(name, sent));
  return clash === undefined ? undefined : `is not taken together with ${clash}.`;
};

const rangeText = (fact: ParameterFact): string => {
  const from = fact.min === undefined ? undefined : `${fact.exclusiveMin ? 'more than' : 'at least'} ${fact.min}`;
  const to = fact.max === undefined ? undefined : `${fact.exclusiveMax ? 'less than' : 'at most'} ${fact.max}`;
  return [from, to].filter((part) => part !== undefined).join(' and ');
};

const numberFault = (fact: ParameterFact, value: number): string | undefined => {
  if (!Number.isFinite(value)) return 'must be a number.';
  const { min, max } = fact;
  const isLow = min !== undefined && (fact.exclusiveMin ? value <= min : value < min);
  const isHigh = max !== undefined && (fact.exclusiveMax ? value >= max : value > max);
  return isLow || isHigh ? `is ${value}; it must be ${rangeText(fact)}.` : undefined;
};

const valueFault = (fact: ParameterFact, value: Value): string | undefined => {
  if (typeof value === 'number') return numberFault(fact, value);
  if (typeof value === 'string')
    return fact.values === undefined || fact.values.includes(value)
      ? undefined
      : `is "${value}"; it must be one of ${fact.values.join(', ')}.`;
  if (fact.maxItems !== undefined && value.length > fact.maxItems)
    return `has ${value.length} entries; at most ${fact.maxItems} are taken.`;
  const { maxBytesEach } = fact;
  const isLong = maxBytesEach !== undefined && value.some((one) => Buffer.byteLength(one) > maxBytesEach);
  return isLong ? `has an entry of more than ${maxBytesEach} bytes.` : undefined;
};

const faultOf = (
  fact: ParameterFact,
  value: Value,
  sent: GenerationParameters,
  facts: ModelInfo['parameters'],
): string | undefined => {
  if (fact.fixed !== undefined) return value === fact.fixed ? undefined : `is fixed at ${fact.fixed}.`;
  if (fact.supported === false) return 'is not taken.';
  const condition =
    fact.supported === 'conditional' && fact.when !== undefined ? unmet(fact.when, sent, facts) : undefined;
  return condition ?? valueFault(fact, value);
};

/** What of the parameters the model does not take, by its facts. What is not known is let through. */
export const parameterIssues = (sent: GenerationParameters, model: ModelInfo): InputIssue[] => {
  const issues: InputIssue[] = [];
  if (sent.reasoningEffort !== undefined && sent.reasoningBudgetTokens !== undefined)
    issues.push({ field: 'reasoningBudgetTokens', message: 'excludes reasoningEffort.', remedy: 'Give one of them.' });
  for (const [name, fact] of Object.entries(model.parameters) as [ParameterName, ParameterFact][]) {
    const value = sent[name];
    const fault = value === undefined ? undefined : faultOf(fact, value, sent, model.parameters);
    if (fault !== undefined) issues.push({ field: name, message: `${model.id}: ${name} ${fault}` });
  }
  return issues;
};
