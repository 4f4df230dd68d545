import { z } from 'zod';

// https://platform.claude.com/docs/en/api/messages

const cached = {
  cache_control: z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() }).optional(),
};
const text = z.strictObject({ type: z.literal('text'), text: z.string().regex(/\S/), ...cached });
const image = z.strictObject({
  type: z.literal('image'),
  source: z.union([
    z.strictObject({
      type: z.literal('base64'),
      media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
      data: z.base64(),
    }),
    z.strictObject({ type: z.literal('url'), url: z.url() }),
  ]),
  ...cached,
});
const id = z.string().regex(/^[a-zA-Z0-9_-]+$/);
const toolResult = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: id,
  content: z.union([z.string(), z.array(z.union([text, image]))]).optional(),
  is_error: z.boolean().optional(),
  ...cached,
});
const toolUse = z.strictObject({
  type: z.literal('tool_use'),
  id,
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  input: z.record(z.string(), z.unknown()),
  ...cached,
});
const thinking = z.union([
  z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string().min(1) }),
  z.strictObject({ type: z.literal('redacted_thinking'), data: z.string().min(1) }),
]);

const user = z.strictObject({
  role: z.literal('user'),
  content: z.union([z.string().regex(/\S/), z.array(z.union([text, image, toolResult])).min(1)]),
});
const assistant = z.strictObject({
  role: z.literal('assistant'),
  content: z.union([z.string().regex(/\S/), z.array(z.union([text, thinking, toolUse])).min(1)]),
});
const message = z.union([user, assistant]);
type Message = z.output<typeof message>;

const blocks = ({ content }: Message) => (typeof content === 'string' ? [] : content);

/** Calls are answered by the next turn, before anything else that it says. */
const isAnswered = (call: Message, next: Message | undefined): boolean => {
  const asked = blocks(call).flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
  const answers = next === undefined ? [] : blocks(next).slice(0, asked.length);
  return (
    asked.length === answers.length &&
    answers.every((block) => block.type === 'tool_result' && asked.includes(block.tool_use_id))
  );
};

/** Body of `POST /v1/messages`. */
export const anthropicRequest = z
  .strictObject({
    model: z.string(),
    max_tokens: z.int().min(1),
    system: z.union([z.string().regex(/\S/), z.array(text).min(1)]).optional(),
    messages: z.array(message).min(1),
    tools: z
      .array(
        z.strictObject({
          name: z.string(),
          description: z.string().optional(),
          input_schema: z.looseObject({ type: z.literal('object') }),
          strict: z.boolean().optional(),
          ...cached,
        }),
      )
      .optional(),
    thinking: z
      .union([
        z.strictObject({ type: z.literal('adaptive'), display: z.enum(['summarized', 'omitted']).optional() }),
        z.strictObject({ type: z.literal('enabled'), budget_tokens: z.int().min(1024) }),
        z.strictObject({ type: z.literal('disabled') }),
      ])
      .optional(),
    output_config: z
      .strictObject({
        effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).optional(),
        format: z.strictObject({ type: z.literal('json_schema'), schema: z.looseObject({}) }).optional(),
      })
      .optional(),
    stream: z.literal(true).optional(),
  })
  .refine(({ messages: [first] }) => first?.role === 'user', 'begins with a turn of the user')
  .refine(
    ({ messages }) => messages.every((one, at) => one.role === 'user' || isAnswered(one, messages[at + 1])),
    'answers every call of a tool in the next turn',
  )
  .refine((body) => JSON.stringify(body).split('"cache_control"').length <= 5, 'has four cache marks at most');
