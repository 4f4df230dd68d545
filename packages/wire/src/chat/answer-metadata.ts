import type { JsonObject, JsonValue } from '@headrace/core/plugin';
import { isObject, type WireObject } from './json-object.js';
import { safeObject } from './safe-json.js';

/** Members of the envelope that describe how the answer was served; they sit beside the upstream's own record. */
export const ENVELOPE_MEMBERS = ['service_tier', 'system_fingerprint', 'generationId'] as const;

/** Gathers what an upstream says about routing and serving, wherever in an answer it says it. */
export class AnswerMetadata {
  #record: Record<string, JsonValue | undefined> | undefined;

  /** Reads the members of a chunk or whole answer. Returns whether there were any. */
  readFrame(frame: WireObject): boolean {
    let found = this.readRecord(frame['provider_metadata']);
    found = this.readRecord(frame['providerMetadata']) || found;
    for (const name of ENVELOPE_MEMBERS) {
      const value = frame[name];
      if (typeof value !== 'string') continue;
      this.#record ??= {};
      this.#record[name] = value;
      found = true;
    }
    return found;
  }

  /** Takes a `provider_metadata` object; later members replace earlier ones of the same name. */
  readRecord(value: unknown): boolean {
    if (!isObject(value)) return false;
    const safe = safeObject(value);
    // Just parsed, so nobody else holds it and the first one may grow.
    this.#record = this.#record === undefined ? safe : { ...this.#record, ...safe };
    return true;
  }

  value(): JsonObject | undefined {
    return this.#record;
  }
}
