import type { JSONObject, LanguageModelV4CustomContent, LanguageModelV4CustomPart } from '@ai-sdk/provider';
import type { JsonObject } from '@headrace/core';
import { checkNames, OWN } from '../shared/own-options.js';

const KIND = `${OWN}.reasoning` as const;

/**
 * The opaque items of an answer's reasoning, such as signatures, as its last part. They come with its end and belong to no
 * single piece of it; a part of this kind is kept in histories and shown to nobody.
 */
export const tracePart = (details: readonly JsonObject[]): LanguageModelV4CustomContent => ({
  type: 'custom',
  kind: KIND,
  providerMetadata: { [OWN]: { details: details as JSONObject[] } },
});

/** The items that such a part brings back; undefined for a part of another kind. @throws InvalidArgumentError */
export const detailsOf = (
  { kind, providerOptions }: LanguageModelV4CustomPart,
  place: string,
): readonly JsonObject[] | undefined => {
  if (kind !== KIND) return undefined;
  const own = providerOptions?.[OWN] ?? {};
  checkNames(own, ['details'], `${place}.providerOptions.${OWN}`);
  // The gateway checks them.
  return (own['details'] ?? []) as readonly JsonObject[];
};
