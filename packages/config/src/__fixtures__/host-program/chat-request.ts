import { z } from 'zod';

const cached = {
  cache_control: z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() }).optional(),
};
const id = z.string().min(1).max(40);
const toolCall = z.strictObject({
  id,
  type: z.literal('function'),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
});

/** Members that one vendor has on its parts, its messages and its answers of earlier turns. */
interface More {
  readonly onAny: z.ZodRawShape;
  readonly onAssistant: z.ZodRawShape;
}

const messagesWith = ({ onAny, onAssistant }: More) => {
  const text = z.strictObject({ type: z.literal('text'), text: z.string(), ...onAny });
  const image = z.strictObject({
    type: z.literal('image_url'),
    image_url: z.strictObject({ url: z.url(), detail: z.enum(['auto', 'low', 'high']).optional() }),
    ...onAny,
  });
  const said = z.union([z.string(), z.array(text).min(1)]);
  return z.array(
    z.union([
      z.strictObject({ role: z.literal('system'), content: said, ...onAny }),
      z.strictObject({
        role: z.literal('user'),
        content: z.union([z.string(), z.array(z.union([text, image])).min(1)]),
        ...onAny,
      }),
      z.strictObject({
        role: z.literal('assistant'),
        content: said.nullable(),
        tool_calls: z.array(toolCall).min(1).optional(),
        ...onAny,
        ...onAssistant,
      }),
      z.strictObject({ role: z.literal('tool'), tool_call_id: id, content: said, ...onAny }),
    ]),
  );
};

type ChatMessage = z.output<ReturnType<typeof messagesWith>>[number];

const areAnswered = (messages: readonly ChatMessage[]): boolean =>
  messages.every((message, at) => {
    const calls = ('tool_calls' in message && message.tool_calls) || [];
    const results = messages.slice(at + 1, at + 1 + calls.length);
    return (
      results.length === calls.length &&
      calls.every((call) => results.some((one) => one.role === 'tool' && one.tool_call_id === call.id))
    );
  });

const requestWith = (more: More, own: z.ZodRawShape) =>
  z.strictObject({
    model: z.string(),
    messages: messagesWith(more).refine(areAnswered, 'answers every call of a tool in the messages behind it'),
    stream: z.literal(true).optional(),
    stream_options: z.strictObject({ include_usage: z.boolean() }).optional(),
    tools: z
      .array(
        z.strictObject({
          type: z.literal('function'),
          function: z.strictObject({
            name: z.string(),
            description: z.string().optional(),
            parameters: z.looseObject({ type: z.literal('object') }),
            strict: z.boolean().optional(),
          }),
          ...more.onAny,
        }),
      )
      .optional(),
    response_format: z
      .strictObject({
        type: z.literal('json_schema'),
        json_schema: z.strictObject({
          name: z.string().regex(/^[\w-]{1,64}$/),
          schema: z.looseObject({}),
          strict: z.boolean().optional(),
        }),
      })
      .optional(),
    ...own,
  });

/** Body of OpenAI's `POST /v1/chat/completions` (https://platform.openai.com/docs/api-reference/chat/create). */
export const openAiRequest = requestWith(
  { onAny: {}, onAssistant: {} },
  { reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).optional() },
);

/** What gateways over models of many makers take back of an earlier answer: its thoughts, and their proofs as they came. */
const REPLAYED: More = {
  onAny: cached,
  onAssistant: {
    reasoning: z.string().optional(),
    reasoning_details: z
      .array(
        z.looseObject({
          type: z.enum(['reasoning.text', 'reasoning.encrypted', 'reasoning.summary']),
          format: z.string(),
        }),
      )
      .optional(),
  },
};

/**
 * Body of Vercel AI Gateway's route (https://vercel.com/docs/ai-gateway/sdks-and-apis/openai-chat-completions) and of
 * OpenRouter's (https://openrouter.ai/docs/api-reference/chat-completion).
 */
export const manyMakersRequest = requestWith(REPLAYED, {
  reasoning: z.strictObject({ effort: z.string() }).optional(),
});
