import type { LanguageModelV4Content, LanguageModelV4StreamPart, SharedV4ProviderMetadata } from '@ai-sdk/provider';

const withMetadata = (
  metadata: SharedV4ProviderMetadata | undefined,
): { providerMetadata?: SharedV4ProviderMetadata } => (metadata === undefined ? {} : { providerMetadata: metadata });

/** Gathers the parts of a stream into the content of a whole answer, in their order. */
export class GatheredContent {
  readonly content: LanguageModelV4Content[] = [];
  #text = '';

  take(part: LanguageModelV4StreamPart): void {
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start':
        this.#text = '';
        return;
      case 'text-delta':
      case 'reasoning-delta':
        this.#text += part.delta;
        return;
      case 'text-end': {
        const cited = part.citations === undefined ? {} : { citations: part.citations };
        this.content.push({ type: 'text', text: this.#text, ...cited, ...withMetadata(part.providerMetadata) });
        return;
      }
      case 'reasoning-end':
        this.content.push({ type: 'reasoning', text: this.#text, ...withMetadata(part.providerMetadata) });
        return;
      case 'custom':
      case 'file':
      case 'source':
      case 'tool-call':
      case 'tool-result':
        this.content.push(part);
        return;
      default:
      // Said again by the parts above, or not part of the content.
    }
  }
}
