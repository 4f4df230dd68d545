import type { JsonObject } from '@headrace/core/plugin';
import { ENVELOPE_MEMBERS } from './answer-metadata.js';

/** Where the parts of `providerMetadata` go: some beside the choices, the rest into the upstream's record. */
export interface EncodedMetadata {
  readonly envelope: JsonObject;
  /** For `delta` or `message`: empty, or with the one member `provider_metadata`. */
  readonly said: JsonObject;
}

const isEnvelopeMember = (name: string): boolean => (ENVELOPE_MEMBERS as readonly string[]).includes(name);

export const encodeMetadata = (metadata: JsonObject | undefined): EncodedMetadata => {
  if (metadata === undefined) return { envelope: {}, said: {} };
  const entries = Object.entries(metadata);
  const onEnvelope = entries.filter(([name, value]) => isEnvelopeMember(name) && typeof value === 'string');
  const record = entries.filter(([name, value]) => !isEnvelopeMember(name) || typeof value !== 'string');
  return {
    envelope: Object.fromEntries(onEnvelope),
    said: record.length === 0 ? {} : { provider_metadata: Object.fromEntries(record) },
  };
};
