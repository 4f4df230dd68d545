import type { Message } from '../contract/message.js';
import { isJsonObject } from '../schema/is-json.js';
import * as z from '../zod.js';

/** `JsonObject` as untrusted input. */
export const jsonObject = z.custom<Record<string, never>>(isJsonObject, 'must be a plain JSON object');

/** `ProviderOptions` as untrusted input. */
export const providerOptionsSchema = z.record(z.string(), jsonObject);

/** `Annotations` as untrusted input: members of whatever may bear them. */
export const annotations = () => ({
  cache: z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() }).optional(),
  providerOptions: providerOptionsSchema.optional(),
});

const source = () =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('url'),
      url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
    }),
    z.strictObject({ type: z.literal('base64'), data: z.base64({ error: 'must be base64 (RFC 4648 §4)' }) }),
    z.strictObject({
      type: z.literal('bytes'),
      data: z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be a Uint8Array'),
    }),
  ]);

const mediaType = () => z.string().regex(/^[\w.+-]+\/[\w.+*-]+$/, 'must be a media type such as image/png');

/** `ImageInput` as untrusted input. */
export const imageInputSchema = () => z.strictObject({ source: source(), mediaType: mediaType().optional() });

/** The parts that messages are made of. */
const parts = () => {
  const notes = annotations();
  const media = { source: source(), mediaType: mediaType() };
  return {
    text: z.strictObject({ type: z.literal('text'), text: z.string(), ...notes }),
    image: z
      .strictObject({
        type: z.literal('image'),
        source: media.source,
        mediaType: media.mediaType.optional(),
        detail: z.enum(['auto', 'low', 'high']).optional(),
        ...notes,
      })
      .refine((part) => part.source.type === 'url' || part.mediaType !== undefined, {
        path: ['mediaType'],
        error: 'is needed for an image that is not a URL, such as image/png',
      }),
    file: z.strictObject({ type: z.literal('file'), ...media, filename: z.string().min(1).optional(), ...notes }),
    reasoning: z.strictObject({
      type: z.literal('reasoning'),
      text: z.string(),
      details: z.array(jsonObject).optional(),
      ...notes,
    }),
    toolCall: z.strictObject({
      type: z.literal('tool-call'),
      id: z.string().min(1),
      name: z.string().min(1),
      argumentsJson: z.string(),
      ...notes,
    }),
  };
};

/** `Message` as untrusted input. Made for who gives messages, as are the parts: some hundred schemas, which cost time. */
export const messageSchema = () => {
  const notes = annotations();
  const { text, image, file, reasoning, toolCall } = parts();
  const toolResult = z.strictObject({
    type: z.literal('tool-result'),
    toolCallId: z.string().min(1),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, image, file])).min(1)]),
    isError: z.boolean().optional(),
    ...notes,
  });
  return z.discriminatedUnion('role', [
    z.strictObject({ role: z.literal('system'), content: z.union([z.string(), z.array(text).min(1)]), ...notes }),
    z.strictObject({
      role: z.literal('user'),
      content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, image, file])).min(1)]),
      ...notes,
    }),
    z.strictObject({
      role: z.literal('assistant'),
      content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, image, file, reasoning, toolCall]))]),
      ...notes,
    }),
    z.strictObject({ role: z.literal('tool'), content: z.array(toolResult).min(1), ...notes }),
  ]);
};

// The compiler holds the schema to the contract.
null as unknown as z.infer<ReturnType<typeof messageSchema>> satisfies { role: Message['role'] };
