import { envelope, systemFingerprint } from './chat-envelope.js';
import type { Completion } from './completion-route.js';
import { providerMetadata } from './generated.js';
import { reasoningFormat } from './reasoning-details.js';
import { jsonReply, type WholeReply } from './reply.js';
import { usageObject } from './usage.js';

/** The body of an answer that is not streamed. @param endTime in epoch milliseconds */
export function chatCompletion(completion: Completion, endTime: number): WholeReply {
  const { answer, model, serviceTier } = completion;
  const { reasoning, text, toolCalls, images } = answer;
  const message = {
    role: 'assistant',
    content: text === '' && toolCalls.length > 0 ? null : text,
    ...(reasoning === '' ? {} : { reasoning, reasoning_details: reasoningFormat(model.creator).whole(reasoning) }),
    ...(toolCalls.length === 0
      ? {}
      : {
          tool_calls: toolCalls.map(({ id, name, argumentsJson }) => ({
            id,
            type: 'function',
            function: { name, arguments: argumentsJson },
          })),
        }),
    ...(images.length === 0 ? {} : { images: images.map((url) => ({ type: 'image_url', image_url: { url } })) }),
    provider_metadata: providerMetadata(completion, endTime),
  };
  const start = envelope(completion, 'chat.completion');
  const reply = jsonReply(200, {
    ...start,
    choices: [{ index: 0, message, logprobs: null, finish_reason: answer.finishReason }],
    usage: usageObject(completion.counts, completion.bill),
    system_fingerprint: systemFingerprint(completion),
    ...(serviceTier === undefined ? {} : { service_tier: serviceTier }),
    generationId: completion.id,
  });
  return { ...reply, errorBody: (error) => JSON.stringify({ ...start, error }) };
}
