import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider';

/** A prompt of one question. */
export const asking = (text = 'Name a river.'): LanguageModelV4Prompt => [
  { role: 'user', content: [{ type: 'text', text }] },
];

/** A call with that prompt. */
export const call = (more: Partial<LanguageModelV4CallOptions> = {}): LanguageModelV4CallOptions => ({
  prompt: asking(),
  ...more,
});

/** A tool of the host. */
export const weatherTool = {
  type: 'function',
  name: 'weather',
  description: 'Tells the weather.',
  inputSchema: {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
  },
} as const satisfies NonNullable<LanguageModelV4CallOptions['tools']>[number];
