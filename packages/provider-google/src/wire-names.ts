/** What items of `ReasoningPart.details` are called that hold a thought signature of Gemini; other gateways write them so too. */
export const SIGNATURE_FORMAT = 'google-gemini-v1';
export const SIGNATURE_TYPE = 'reasoning.encrypted';

/**
 * Stands for a signature where there is none to replay, because another model called the tool
 * (https://ai.google.dev/gemini-api/docs/thought-signatures): Gemini 3 and later refuse a call without one.
 */
export const NO_SIGNATURE = 'skip_thought_signature_validator';
