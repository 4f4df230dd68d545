import { type GenerationParameters, InvalidRequestError, type JsonObject, type JsonValue } from '@headrace/core/plugin';

/**
 * The body's `reasoning`: what the parameters say, and the switches of the provider options.
 * @param field where the switches stand, for the message.
 * @throws InvalidRequestError when they contradict each other.
 */
export const chatReasoning = (
  parameters: GenerationParameters,
  said: JsonValue | undefined,
  switches: JsonObject,
  field: string,
): JsonObject => {
  const { reasoningEffort: effort, reasoningBudgetTokens: budget } = parameters;
  const { enabled } = switches;
  const isOff = effort === 'none' || budget === 0;
  const isOn = !isOff && (effort !== undefined || budget !== undefined);
  if ((enabled === false && isOn) || (enabled === true && isOff)) {
    const other = effort === undefined ? `reasoningBudgetTokens ${budget}` : `reasoningEffort "${effort}"`;
    const message = `is ${enabled}, which contradicts ${other}.`;
    throw new InvalidRequestError([{ field: `${field}.enabled`, message, remedy: 'Give one of them.' }]);
  }
  return { ...(said as JsonObject | undefined), ...switches };
};
