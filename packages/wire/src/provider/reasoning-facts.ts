import type { ParameterFact, ReasoningEffort } from '@headrace/core/plugin';
import type { ProfileParameter, ProfileSubject } from './parameter-profiles.js';

/** Efforts that gateways and our codecs turn into a budget for models that know budgets only. */
const BY_BUDGET: readonly ReasoningEffort[] = ['minimal', 'low', 'medium', 'high', 'xhigh'];
/** By profile, the models whose maker refuses a budget: they think as much as an effort tells them. */
const WITHOUT_BUDGET: ReadonlySet<string> = new Set(['anthropic-no-sampling', 'anthropic-no-sampling-medium']);

/** Whether the model can be told not to think. */
const canBeOff = ({ reasoningOptions }: ProfileSubject): boolean =>
  reasoningOptions?.toggle === true || reasoningOptions?.budgetTokens?.min === 0;

/** Efforts in our spelling: of the model's own record, else of its profile, else those that become a budget. */
const effortsOf = (parameter: ProfileParameter, { reasoningOptions = {} }: ProfileSubject): readonly string[] => {
  const { efforts = [], budgetTokens } = reasoningOptions;
  const own = efforts.filter((effort) => effort !== 'null').map((effort) => effort.toLowerCase());
  const listed = parameter.values === 'model' ? own : (parameter.values ?? []);
  if (parameter.supported !== false && listed.length > 0) return listed;
  return own.length === 0 && budgetTokens !== undefined ? BY_BUDGET : [];
};

/**
 * What is known of the effort of a model.
 * @param inProfile what the profile says of the parameter beside the efforts.
 */
export const effortFact = (
  parameter: ProfileParameter,
  inProfile: () => ParameterFact,
  subject: ProfileSubject,
): ParameterFact => {
  const otherwise = parameter.otherwise === undefined ? {} : { otherwise: parameter.otherwise };
  if (subject.reasoning === false) return { supported: false, ...otherwise };
  const efforts = effortsOf(parameter, subject);
  if (efforts.length === 0) {
    // `none` switches it off; what the other efforts do to a model that can only be switched, nobody says.
    const isOpen = parameter.supported === 'unknown' || canBeOff(subject);
    return isOpen ? { supported: 'unknown' } : { supported: false, ...otherwise };
  }
  const values = canBeOff(subject) && !efforts.includes('none') ? ['none', ...efforts] : efforts;
  const { default: usual, ...rest } = inProfile();
  // The profile's default is one of the efforts that the model itself has.
  const isOffered = efforts !== BY_BUDGET && typeof usual === 'string' && values.includes(usual);
  return { ...rest, supported: true, values, default: isOffered ? usual : null };
};

export const budgetFact = (profileId: string, subject: ProfileSubject): ParameterFact | undefined => {
  if (subject.reasoning === false || WITHOUT_BUDGET.has(profileId)) return { supported: false };
  const budget = subject.reasoningOptions?.budgetTokens;
  if (budget === undefined) return undefined;
  const { min, max } = budget;
  return { supported: true, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
};
