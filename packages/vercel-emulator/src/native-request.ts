import { z } from 'zod';
import { ApiError, invalidRequest } from './api-error.js';
import { gatewayOptions } from './chat-request.js';
import { invalidBody } from './invalid-body.js';
import type { RouteRequest } from './route.js';

/** The generations of the protocol that are spoken: 4 by version 7 of the AI SDK, 3 by version 6, 2 by version 5. */
export type Generation = '2' | '3' | '4';

/** By the number in their path, which was another one at first. */
const GENERATIONS: ReadonlyMap<string, Generation> = new Map([
  ['1', '2'],
  ['3', '3'],
  ['4', '4'],
]);

/** The path of a route of the protocol, in every generation. */
export const nativePath = (leaf: string): RegExp => new RegExp(`^/v([134])/ai/${leaf}$`);

/** The generation that a path names first. */
export const generationOf = ([named = '']: readonly string[]): Generation => GENERATIONS.get(named) ?? '4';

export const nativeOptions = z.looseObject({ gateway: gatewayOptions.optional() }).optional();

/** `param` of a refusal is the list of what is wrong, unlike on the other surfaces. */
export function nativeBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const { message, type } = invalidBody(parsed.error).members;
  throw new ApiError(400, { message, type, param: parsed.error.issues });
}

/**
 * The model, which travels in a header. An id without a creator is one of OpenAI's, on this surface only.
 * @param kind of the model, as it stands in the header of the version
 * @throws ApiError with status 400
 */
export function nativeModel({ headers, params }: RouteRequest, kind: string): string {
  const generation = generationOf(params);
  const version = headers[`ai-${kind}-model-specification-version`];
  if (version !== undefined && version !== generation) {
    throw invalidRequest(
      `Invalid input: specification version ${String(version)} is not served under /v${params[0]}/ai`,
    );
  }
  const name = kind === 'language' ? 'ai-language-model-id' : 'ai-model-id';
  const id = headers[name];
  if (typeof id !== 'string' || id === '') throw invalidRequest(`Invalid input: the header ${name} is missing`, name);
  return id.includes('/') ? id : `openai/${id}`;
}
