import type { Annotations, Warning } from '@headrace/core/plugin';

/** Gathers what of a request Gemini cannot carry, and what it carries in a form of its own. */
export class RequestNotes {
  /** What is lost, or changed. */
  readonly warnings: Warning[] = [];
  /** What loses nothing. */
  readonly notes: Warning[] = [];

  constructor(private readonly providerId: string) {}

  add(code: string, field: string, message: string): void {
    this.warnings.push({ code, field, message });
  }

  note(code: string, field: string, message: string): void {
    this.notes.push({ code, field, message });
  }

  /** What may sit on any message, part or tool and has no place here. Options for other providers are not meant for us. */
  annotations({ cache, providerOptions }: Annotations, field: string): void {
    if (cache !== undefined)
      this.add(
        'cache-mark-dropped',
        `${field}.cache`,
        'Gemini keeps prefixes by itself and takes no cache marks; a cache made before is named by providerOptions.',
      );
    if (providerOptions !== undefined && Object.hasOwn(providerOptions, this.providerId))
      this.add(
        'provider-options-dropped',
        `${field}.providerOptions.${this.providerId}`,
        'Gemini takes provider options for the whole request only.',
      );
  }
}
