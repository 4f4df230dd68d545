import type { JsonObject } from './json.js';
import type { Annotations } from './message.js';

/** A function that the model may ask the caller to run. */
export interface ToolDefinition extends Annotations {
  /** 1–64 of `A–Z a–z 0–9 _ -`: the set that every upstream accepts. */
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments; its root is an object. */
  readonly parameters: JsonObject;
  /** Asks the upstream to hold the model to the schema, where it can. */
  readonly strict?: boolean;
}

/** `auto`: the model decides. `required`: some tool. `{ name }`: that tool. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };
