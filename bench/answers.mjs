// What the upstream serves and what every client must have read: Vercel AI Gateway's recorded shape, with made-up values.

export const API_KEY = 'vck_bench';
export const MODEL = 'openai/gpt-4.1-nano';
export const PROMPT = 'Describe how water reaches a mill.';
export const PROMPT_TOKENS = 20;

const ID = 'gen_01K6ZQ4V7R8S9T0V1W2X3Y4Z5A';
const CREATED = 1790000000;
const FINGERPRINT = 'fp_ab12cd34ef';
const TOKENS = [' The', ' head', 'race', ' leads', ' water', ' from', ' the', ' weir', ',', ' über', ' a', ' gate'];
TOKENS.push(',', ' to', ' the', ' "wheel"', '.\n');

/** @param {number} count */
const tokens = (count) => Array.from({ length: count }, (_, index) => TOKENS[index % TOKENS.length] ?? '');

/**
 * The text of an answer of so many content frames, one token each.
 * @param {number} count
 */
export const textOf = (count) => tokens(count).join('');

/** @param {number} count */
const usageOf = (count) => ({
  prompt_tokens: PROMPT_TOKENS,
  completion_tokens: count,
  total_tokens: PROMPT_TOKENS + count,
  cost: 0.0000032,
  is_byok: false,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0, video_tokens: 0 },
  cost_details: {
    upstream_inference_cost: null,
    upstream_inference_prompt_cost: 0,
    upstream_inference_completions_cost: 0,
  },
  completion_tokens_details: { reasoning_tokens: 0, image_tokens: 0 },
  cache_creation_input_tokens: 0,
  market_cost: 0.0000032,
  gateway_cost: 0.0000032,
});

const METADATA = {
  openai: { responseId: 'resp_0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f607182', serviceTier: 'default' },
  gateway: {
    routing: {
      originalModelId: MODEL,
      resolvedProvider: 'openai',
      fallbacksAvailable: ['azure'],
      planningReasoning:
        'System credentials planned for: openai, azure. Total execution order: openai(system) → azure(system)',
      canonicalSlug: MODEL,
      finalProvider: 'openai',
      modelAttemptCount: 1,
      modelAttempts: [
        {
          canonicalSlug: MODEL,
          success: true,
          providerAttemptCount: 1,
          providerAttempts: [
            {
              provider: 'openai',
              credentialType: 'system',
              success: true,
              startTime: 1790000000100,
              endTime: 1790000000900,
              providerRequestId: 'req_00112233445566778899aabbccddeeff',
              statusCode: 200,
              providerResponseId: 'resp_0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f607182',
            },
          ],
        },
      ],
      totalProviderAttemptCount: 1,
      affinity: { outcome: 'skipped_below_min_prefix' },
      clientSessionId: '0123456789abcdef0123456789abcdef',
      clientSessionIdSource: 'fingerprint',
    },
    cost: '0.0000032',
    marketCost: '0.0000032',
    surchargeCost: '0',
    gatewayCost: '0.0000032',
    inferenceCost: '0.0000032',
    inputInferenceCost: '0.000002',
    outputInferenceCost: '0.0000012',
    generationId: ID,
  },
};

/**
 * The body of a whole answer.
 * @param {number} count
 */
export const wholeBody = (count) =>
  JSON.stringify({
    id: ID,
    object: 'chat.completion',
    created: CREATED,
    model: MODEL,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: textOf(count), provider_metadata: METADATA },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: usageOf(count),
    system_fingerprint: FINGERPRINT,
    service_tier: 'default',
    generationId: ID,
  });

/**
 * The frames of a stream: role, one for each token, finish, end marker.
 * @param {number} count
 */
export function streamFrames(count) {
  /** @param {object} delta @param {string | null} finishReason @param {object} [usage] @param {object} [last] */
  const frame = (delta, finishReason, usage, last) =>
    `data: ${JSON.stringify({
      id: ID,
      object: 'chat.completion.chunk',
      created: CREATED,
      model: MODEL,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      ...(usage === undefined ? {} : { usage }),
      system_fingerprint: FINGERPRINT,
      ...last,
    })}\n\n`;
  return [
    frame({ role: 'assistant' }, null),
    ...tokens(count).map((content) => frame({ content }, null)),
    frame({ provider_metadata: METADATA }, 'stop', usageOf(count), { service_tier: 'default', generationId: ID }),
    'data: [DONE]\n\n',
  ];
}
