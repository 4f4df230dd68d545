import { z } from 'zod';

// https://ai.google.dev/api/generate-content and https://ai.google.dev/api/caching#Content

const signed = { thoughtSignature: z.string().min(1).optional() };
const inlineData = z.strictObject({ mimeType: z.string().regex(/^[\w.+-]+\/[\w.+-]+$/), data: z.base64() });
const text = z.strictObject({ text: z.string(), thought: z.boolean().optional(), ...signed });
const call = z.strictObject({
  functionCall: z.strictObject({
    id: z.string().optional(),
    name: z.string(),
    args: z.record(z.string(), z.unknown()).optional(),
  }),
  ...signed,
});
const response = z.strictObject({
  functionResponse: z.strictObject({
    id: z.string().optional(),
    name: z.string(),
    response: z.record(z.string(), z.unknown()),
    parts: z.array(z.strictObject({ inlineData })).optional(),
  }),
});
const part = z.union([
  text,
  z.strictObject({ inlineData, ...signed }),
  z.strictObject({ fileData: z.strictObject({ mimeType: z.string().optional(), fileUri: z.url() }) }),
  call,
  response,
]);
const content = z.strictObject({ role: z.enum(['user', 'model']), parts: z.array(part).min(1) });
type Content = z.output<typeof content>;

const called = ({ parts }: Content): readonly string[] =>
  parts.flatMap((one) => ('functionCall' in one ? [one.functionCall.name] : []));
const answered = ({ parts }: Content): readonly string[] =>
  parts.flatMap((one) => ('functionResponse' in one ? [one.functionResponse.name] : []));

/** From Gemini 3 on the first call of a turn is refused without a signature. */
const isSigned = ({ parts }: Content): boolean => {
  const first = parts.find((one) => 'functionCall' in one);
  return first === undefined || ('thoughtSignature' in first && first.thoughtSignature !== undefined);
};

/** Body of `models.generateContent` for a model of the third generation. */
export const geminiRequest = z
  .strictObject({
    contents: z.array(content).min(1),
    systemInstruction: z.strictObject({ parts: z.array(z.strictObject({ text: z.string() })).min(1) }).optional(),
    tools: z
      .array(
        z.strictObject({
          functionDeclarations: z.array(
            z.strictObject({
              name: z.string(),
              description: z.string().optional(),
              parametersJsonSchema: z.looseObject({ type: z.literal('object') }),
            }),
          ),
        }),
      )
      .optional(),
    generationConfig: z
      .strictObject({
        thinkingConfig: z
          .strictObject({
            thinkingLevel: z.enum(['minimal', 'low', 'medium', 'high']).optional(),
            includeThoughts: z.boolean().optional(),
          })
          .optional(),
        responseMimeType: z.literal('application/json').optional(),
        responseJsonSchema: z.looseObject({}).optional(),
      })
      .optional(),
  })
  .refine(
    ({ contents }) =>
      contents.every((one, at) => {
        const next = contents[at + 1];
        return called(one).join() === (next === undefined ? '' : answered(next).join());
      }),
    'answers every call of a function in the next turn',
  )
  .refine(({ contents }) => contents.every((one) => one.role === 'user' || isSigned(one)), 'signs the calls of a turn');
