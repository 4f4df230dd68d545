import type { CacheMark, CompletionRequest, Message } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeChatRequest } from './decode-chat-request.js';
import { encodeChatRequest } from './encode-chat-request.js';

/** What may be undefined is absent then. */
type Known<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

describe('writing a request and reading it again', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 });
  const word = fc.stringMatching(/^[a-z_]{1,8}$/);
  const cache = fc.option(fc.constantFrom<CacheMark>({ type: 'ephemeral' }, { type: 'ephemeral', ttl: '1h' }), {
    nil: undefined,
  });
  const known = <T extends object>(value: T): Known<T> =>
    Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as unknown as Known<T>;
  const textPart = fc.record({ type: fc.constant('text' as const), text, cache }).map(known);
  const base64 = fc.base64String({ minLength: 4, maxLength: 12 });
  const imagePart = fc.record({
    type: fc.constant('image' as const),
    source: fc.record({ type: fc.constant('base64' as const), data: base64 }),
    mediaType: fc.constantFrom('image/png', 'image/webp'),
  });
  const filePart = fc.record({
    type: fc.constant('file' as const),
    source: fc.record({ type: fc.constant('base64' as const), data: base64 }),
    mediaType: fc.constant('application/pdf'),
    filename: word,
  });
  const toolCall = fc.record({
    type: fc.constant('tool-call' as const),
    id: word,
    name: word,
    argumentsJson: fc.json(),
  });
  const details = fc.array(fc.record({ type: word, text, index: fc.nat(3) }), { minLength: 1, maxLength: 3 });
  const reasoning = fc.record({ type: fc.constant('reasoning' as const), text, details });
  const assistant = fc
    .tuple(fc.option(reasoning), fc.option(text), fc.array(toolCall, { maxLength: 2 }))
    .map(([thought, said, toolCalls]) => {
      const spoken = said === null ? [] : [{ type: 'text' as const, text: said }];
      return [...(thought === null ? [] : [thought]), ...spoken, ...toolCalls];
    })
    .filter((parts) => parts.length > 1 || parts[0]?.type === 'tool-call');
  const message: fc.Arbitrary<Message> = fc.oneof(
    fc.record({ role: fc.constant('system' as const), content: text, cache }).map(known),
    fc.record({ role: fc.constant('user' as const), content: text, cache }).map(known),
    fc.record({ role: fc.constant('assistant' as const), content: text, cache }).map(known),
    fc.record({
      role: fc.constant('user' as const),
      content: fc.array(fc.oneof(textPart, imagePart, filePart), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({ role: fc.constant('assistant' as const), content: assistant }),
  );
  const toolRound: fc.Arbitrary<Message> = fc.record({
    role: fc.constant('tool' as const),
    content: fc.array(
      fc.record({ type: fc.constant('tool-result' as const), toolCallId: word, content: text, cache }).map(known),
      { minLength: 1, maxLength: 3 },
    ),
  });
  const tool = fc
    .record({
      name: word,
      description: fc.option(text, { nil: undefined }),
      parameters: fc.record({ type: fc.constant('object') }),
      strict: fc.option(fc.boolean(), { nil: undefined }),
      cache,
    })
    .map(known);
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const parameters = fc.record(
    {
      temperature: number,
      topP: number,
      topK: fc.nat(),
      maxOutputTokens: fc.integer({ min: 1 }),
      presencePenalty: number,
      frequencyPenalty: number,
      stopSequences: fc.array(text),
      seed: fc.integer(),
      reasoningEffort: fc.constantFrom('none' as const, 'low' as const, 'max' as const),
    },
    { requiredKeys: [] },
  );
  const request: fc.Arbitrary<CompletionRequest> = fc.record(
    {
      kind: fc.constant('completion' as const),
      model: word,
      delivery: fc.constantFrom('stream' as const, 'whole' as const),
      // A tool message between others: neighbouring ones would become one.
      messages: fc
        .tuple(message, toolRound, message, fc.array(message))
        .map(([first, round, next, rest]) => [first, round, next, ...rest]),
      parameters,
      tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
      toolChoice: fc.oneof(
        fc.constantFrom('auto' as const, 'none' as const, 'required' as const),
        fc.record({ name: word }),
      ),
      parallelToolCalls: fc.boolean(),
      outputFormat: fc.oneof(
        fc.constant({ type: 'json' as const }),
        fc.record({
          type: fc.constant('json' as const),
          schema: fc.record({ type: word }),
          name: word,
          strict: fc.boolean(),
        }),
      ),
      outputModalities: fc.array(fc.constantFrom('text' as const, 'image' as const)),
      endUser: text,
      providerOptions: fc.record({ acme: fc.dictionary(word, fc.dictionary(word, text)) }),
    },
    { requiredKeys: ['kind', 'model', 'delivery', 'messages', 'parameters'] },
  );

  it('gives the same request', () => {
    fc.assert(
      fc.property(request, fc.constantFrom('file_data' as const, 'data' as const), (original, fileForm) => {
        const options = { providerId: 'acme', fileForm };
        const encoded = encodeChatRequest(original, options);
        expect(encoded.warnings).toEqual([]);
        const decoded = decodeChatRequest(JSON.parse(JSON.stringify(encoded.body)), { providerId: 'acme' });
        expect(decoded.warnings).toEqual([]);
        expect(decoded.request).toEqual(JSON.parse(JSON.stringify(original)));
        expect(encodeChatRequest(decoded.request, options).body).toEqual(encoded.body);
      }),
      { numRuns: 300 },
    );
  });
});
