import type { JSONObject } from '@ai-sdk/provider';

type Loose = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A record of ours for the AI SDK, which writes it into histories and logs: our types are JSON but for members that are
 * absent by being `undefined`.
 */
export const jsonOf = (value: object): JSONObject => JSON.parse(JSON.stringify(value)) as JSONObject;
