import { envelope, systemFingerprint } from './chat-envelope.js';
import type { Completion } from './completion-route.js';
import { providerMetadata } from './generated.js';
import { type ReasoningFormat, reasoningFormat } from './reasoning-details.js';
import { DONE, type Frame, type StreamReply } from './reply.js';
import { textPieces } from './text-pieces.js';
import { countTokens } from './token-count.js';
import { usageObject } from './usage.js';

const OBJECT = 'chat.completion.chunk';

type Delta = Readonly<Record<string, unknown>>;

function* reasoningDeltas(reasoning: string, format: ReasoningFormat): Generator<[Delta, number]> {
  if (reasoning === '') return;
  for (const piece of textPieces(reasoning)) {
    yield [{ reasoning: piece, reasoning_details: [format.piece(piece)] }, countTokens(piece)];
  }
  const closing = format.closing(reasoning);
  if (closing !== undefined) yield [{ reasoning_details: [closing] }, 0];
}

function* contentDeltas({ answer, model }: Completion): Generator<[Delta, number]> {
  yield* reasoningDeltas(answer.reasoning, reasoningFormat(model.creator));
  for (const content of textPieces(answer.text)) yield [{ content }, countTokens(content)];
  for (const [index, { id, name, argumentsJson }] of answer.toolCalls.entries()) {
    yield [{ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }, 0];
    for (const piece of textPieces(argumentsJson)) {
      yield [{ tool_calls: [{ index, function: { arguments: piece } }] }, countTokens(piece)];
    }
  }
  for (const url of answer.images) yield [{ images: [{ type: 'image_url', image_url: { url } }] }, 0];
}

/**
 * The stream of an answer: role, reasoning, text, tool calls, images, finish, `[DONE]`.
 * @param finished called when the finish frame is made; gives its time in epoch milliseconds
 */
export function chatFrames(completion: Completion, finished: () => number): StreamReply {
  const { answer, serviceTier, id } = completion;
  const mark = systemFingerprint(completion);
  const head = JSON.stringify(envelope(completion, OBJECT)).slice(0, -1);
  // Every frame but the last differs in its delta alone, so the rest is made once.
  const before = `${head},"choices":[{"index":0,"delta":`;
  const after = `,"logprobs":null,"finish_reason":null}],"system_fingerprint":${JSON.stringify(mark)}}`;

  function* frames(): Generator<Frame> {
    yield { data: `${before}{"role":"assistant"}${after}`, part: 'start', tokens: 0 };
    for (const [delta, tokens] of contentDeltas(completion)) {
      yield { data: before + JSON.stringify(delta) + after, part: 'content', tokens };
    }
    const finish = {
      ...envelope(completion, OBJECT),
      choices: [
        {
          index: 0,
          delta: { provider_metadata: providerMetadata(completion, finished()) },
          logprobs: null,
          finish_reason: answer.finishReason,
        },
      ],
      usage: usageObject(completion.counts, completion.bill),
      system_fingerprint: mark,
      ...(serviceTier === undefined ? {} : { service_tier: serviceTier }),
      generationId: id,
    };
    yield { data: JSON.stringify(finish), part: 'finish', tokens: 0 };
  }

  return {
    frames: frames(),
    done: DONE,
    errorFrame: (error) => ({ data: `${head},"error":${JSON.stringify(error)}}`, part: 'content', tokens: 0 }),
  };
}
