import type { Annotations, JsonObject, Warning } from '@headrace/core/plugin';

/** Gathers what of a request this dialect cannot carry, and what it carries in a form of its own. */
export class DroppedFields {
  /** What is lost, or changed. */
  readonly warnings: Warning[] = [];
  /** What loses nothing. */
  readonly notes: Warning[] = [];

  /** @param dialect what it is called in warnings */
  constructor(
    readonly providerId: string,
    private readonly dialect = 'chat',
  ) {}

  drop(code: string, field: string, message: string): void {
    this.warnings.push({ code, field, message });
  }

  note(code: string, field: string, message: string): void {
    this.notes.push({ code, field, message });
  }

  /** Options on a message, part or tool have no place in this dialect; those for other providers are not meant for it. */
  options(annotated: Annotations, field: string): void {
    if (annotated.providerOptions === undefined || !Object.hasOwn(annotated.providerOptions, this.providerId)) return;
    this.drop(
      'provider-options-dropped',
      `${field}.providerOptions.${this.providerId}`,
      `The ${this.dialect} dialect takes no provider options here.`,
    );
  }

  /** Adds the cache mark to an encoded message, part or tool. */
  marked(encoded: JsonObject, { cache }: Annotations): JsonObject {
    if (cache === undefined) return encoded;
    const mark = cache.ttl === undefined ? { type: cache.type } : { type: cache.type, ttl: cache.ttl };
    return { ...encoded, cache_control: mark };
  }
}
