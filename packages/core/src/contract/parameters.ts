/** Reasoning efforts known to the field, weakest first. A model takes a subset: see its facts. */
export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** Generation parameters under one set of names. What is absent is not sent: the upstream's own default rules. */
export interface GenerationParameters {
  /** Sampling temperature, mostly 0–2. */
  readonly temperature?: number;
  /** Nucleus sampling, 0–1. */
  readonly topP?: number;
  /** Only the k likeliest tokens; integer >= 1 where supported. */
  readonly topK?: number;
  /** Upper bound of the answer in tokens, reasoning included; integer >= 1. */
  readonly maxOutputTokens?: number;
  /** Mostly −2 to 2. */
  readonly presencePenalty?: number;
  /** Mostly −2 to 2. */
  readonly frequencyPenalty?: number;
  /** Texts that end the answer when the model writes them. */
  readonly stopSequences?: readonly string[];
  /** Best-effort repeatability; integer. */
  readonly seed?: number;
  /** How long the model may think. Not together with `reasoningBudgetTokens`. */
  readonly reasoningEffort?: ReasoningEffort;
  /** Tokens the model may spend on thinking; integer >= 0. */
  readonly reasoningBudgetTokens?: number;
}

export type ParameterName = keyof GenerationParameters;
