/**
 * A stream in the shape recorded from a live gateway, with made-up values: envelope repeated on every frame, key order
 * kept, usage and metadata on the finish frame, no usage-only chunk.
 */
export const ENVELOPE = {
  id: 'gen_01K9ZZ5M7V3E8Q2R4T6Y8W0XAB',
  object: 'chat.completion.chunk',
  created: 1790000000,
  model: 'acme/thinker-2',
};
const FINGERPRINT = { system_fingerprint: 'fp_ab12cd34ef' };

export const USAGE = {
  prompt_tokens: 120,
  completion_tokens: 45,
  total_tokens: 165,
  cost: 0.0000321,
  is_byok: false,
  prompt_tokens_details: { cached_tokens: 100, audio_tokens: 0, video_tokens: 0 },
  cost_details: { upstream_inference_cost: null, upstream_inference_prompt_cost: 0, upstream_inference_completions_cost: 0 },
  completion_tokens_details: { reasoning_tokens: 20, image_tokens: 5 },
  cache_creation_input_tokens: 10,
  market_cost: 0.0000321,
  gateway_cost: 0.0000321,
};

export const METADATA = {
  acme: { responseId: 'resp_1', serviceTier: 'default' },
  gateway: { routing: { finalProvider: 'acme', modelAttemptCount: 1 }, cost: '0.0000321', generationId: ENVELOPE.id },
};

/** One chunk with this delta. */
export const chunk = (delta: object, finishReason: string | null = null, extra: object = {}): object => {
  const { usage, ...rest } = extra as { usage?: object };
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finishReason }];
  return { ...ENVELOPE, choices, ...(usage === undefined ? {} : { usage }), ...FINGERPRINT, ...rest };
};

const call = (index: number, id: string, name: string): object =>
  chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] });
const args = (index: number, text: string): object =>
  chunk({ tool_calls: [{ index, function: { arguments: text } }] });
const detail = (text: string, members: object = {}): object =>
  chunk({
    reasoning: text,
    reasoning_details: [{ type: 'reasoning.text', text, format: 'acme-v1', index: 0, ...members }],
  });

/** Role, reasoning with details, text of many bytes a character, two parallel tool calls, an image, the finish. */
export const RECORDED_FRAMES: readonly object[] = [
  chunk({ role: 'assistant' }),
  detail('Ich überlege'),
  detail(' … 思考'),
  detail('', { signature: 'c2lnbmF0dXJl' }),
  chunk({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'ZW5jcnlwdGVk', id: 'rs_1', index: 1 }] }),
  chunk({ content: 'Grüße' }),
  chunk({ content: ', 世界 👩‍👩‍👧' }),
  chunk({ content: '🇩🇪\n\nline' }),
  call(0, 'call_a', 'get_weather'),
  args(0, '{"city":"Zü'),
  args(0, 'rich"}'),
  call(1, 'call_b', 'get_time'),
  args(1, '{"zone":'),
  args(1, '"Europe/Zurich 🕰"}'),
  chunk({ images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }] }),
  chunk({ annotations: [{ type: 'url_citation', url_citation: { url: 'https://example.org/a', title: 'Ä' } }] }),
  chunk({ provider_metadata: METADATA }, 'tool_calls', {
    usage: USAGE,
    service_tier: 'default',
    generationId: ENVELOPE.id,
  }),
];

/** The text of a stream: one `data:` line for each frame, then `[DONE]` unless told otherwise. */
export const sse = (frames: readonly object[], { newline = '\n', done = true } = {}): string =>
  [...frames.map((frame) => JSON.stringify(frame)), ...(done ? ['[DONE]'] : [])]
    .map((data) => `data: ${data}${newline}${newline}`)
    .join('');

/** The answer of `RECORDED_FRAMES` as a whole. */
export const RECORDED_REPLY = {
  ...ENVELOPE,
  object: 'chat.completion',
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: 'Grüße, 世界 👩‍👩‍👧🇩🇪\n\nline',
        reasoning: 'Ich überlege … 思考',
        reasoning_details: [
          { type: 'reasoning.text', text: 'Ich überlege … 思考', format: 'acme-v1', index: 0, signature: 'c2lnbmF0dXJl' },
          { type: 'reasoning.encrypted', data: 'ZW5jcnlwdGVk', id: 'rs_1', index: 1 },
        ],
        tool_calls: [
          { id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Zürich"}' } },
          { id: 'call_b', type: 'function', function: { name: 'get_time', arguments: '{"zone":"Europe/Zurich 🕰"}' } },
        ],
        images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }],
        annotations: [{ type: 'url_citation', url_citation: { url: 'https://example.org/a', title: 'Ä' } }],
        provider_metadata: METADATA,
      },
      logprobs: null,
      finish_reason: 'tool_calls',
    },
  ],
  usage: USAGE,
  ...FINGERPRINT,
  service_tier: 'default',
  generationId: ENVELOPE.id,
};
