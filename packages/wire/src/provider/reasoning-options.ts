/** How a model's thinking can be set. */
export interface ReasoningOptions {
  readonly toggle?: boolean;
  /** Accepted efforts. */
  readonly efforts?: readonly string[];
  readonly budgetTokens?: { readonly min?: number; readonly max?: number };
}
