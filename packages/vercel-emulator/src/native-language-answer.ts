import type { AnsweredCall } from './answer.js';
import type { Completion } from './completion-route.js';
import { providerMetadata } from './generated.js';
import type { Generation } from './native-request.js';
import type { Warning } from './parameter-support.js';
import { reasoningFormat } from './reasoning-details.js';
import { DONE, type Frame, jsonReply, type StreamReply, type WholeReply } from './reply.js';
import { textPieces } from './text-pieces.js';
import { countTokens } from './token-count.js';
import { usageObject } from './usage.js';

type Fields = Readonly<Record<string, unknown>>;

const FINISH = { stop: 'stop', length: 'length', tool_calls: 'tool-calls' } as const;

const finishReason = ({ answer: { finishReason: raw } }: Completion, generation: Generation): string | Fields =>
  generation === '2' ? FINISH[raw] : { unified: FINISH[raw], raw };

/** As the second generation writes them. */
const flatUsage = ({ counts }: Completion): Fields => ({
  inputTokens: counts.prompt,
  outputTokens: counts.completion,
  totalTokens: counts.prompt + counts.completion,
  reasoningTokens: counts.reasoning,
  cachedInputTokens: counts.cached,
});

/** As the second generation writes it. */
function earlierWarning(warning: Warning): Fields {
  if (warning.type === 'other') return warning;
  return { type: 'unsupported-setting', setting: warning.feature, details: warning.details };
}

const warningsOf = ({ warnings }: Completion, generation: Generation): readonly Fields[] =>
  generation === '2' ? warnings.map(earlierWarning) : warnings;

function usage(completion: Completion, generation: Generation): Fields {
  if (generation === '2') return flatUsage(completion);
  const { counts, bill } = completion;
  return {
    inputTokens: {
      total: counts.prompt,
      noCache: counts.prompt - counts.cached - counts.cacheWritten,
      cacheRead: counts.cached,
      cacheWrite: counts.cacheWritten,
    },
    outputTokens: {
      total: counts.completion,
      text: counts.completion - counts.reasoning,
      reasoning: counts.reasoning,
    },
    raw: usageObject(counts, bill),
  };
}

/** What a maker signs its thoughts with, where the SDK keeps it. */
function signature({ answer, model, provider }: Completion): Fields {
  const closing = reasoningFormat(model.creator).closing(answer.reasoning);
  const signed = closing?.['signature'];
  if (signed !== undefined) return { [provider]: { signature: signed } };
  const sealed = closing?.['data'];
  return sealed === undefined ? {} : { [provider]: { itemId: closing?.['id'], reasoningEncryptedContent: sealed } };
}

const toolCall = ({ id, name, argumentsJson }: AnsweredCall): Fields => ({
  type: 'tool-call',
  toolCallId: id,
  toolName: name,
  input: argumentsJson,
});

/** Earlier generations have no tags on data. */
function imageFile(url: string, generation: Generation): Fields {
  const [head = '', data = ''] = url.split(',', 2);
  const mediaType = /^data:([^;]+)/.exec(head)?.[1] ?? 'image/png';
  return { type: 'file', mediaType, data: generation === '4' ? { type: 'data', data } : data };
}

/** The first part tells the id, so that it is known early. */
const early = ({ id }: Completion): Fields => ({ gateway: { generationId: id } });

function content(completion: Completion, generation: Generation): readonly Fields[] {
  const { reasoning, text, toolCalls, images } = completion.answer;
  const parts: Fields[] = [
    ...(reasoning === '' ? [] : [{ type: 'reasoning', text: reasoning, providerMetadata: signature(completion) }]),
    ...(text === '' ? [] : [{ type: 'text', text }]),
    ...toolCalls.map(toolCall),
    ...images.map((url) => imageFile(url, generation)),
  ];
  return parts.map((part, index) => {
    if (index > 0) return part;
    const own = part['providerMetadata'];
    return { ...part, providerMetadata: { ...(typeof own === 'object' ? own : {}), ...early(completion) } };
  });
}

/** The body of an answer that is not streamed. @param endTime in epoch milliseconds */
export function nativeResult(completion: Completion, endTime: number, generation: Generation): WholeReply {
  const { id, startTime, askedModel } = completion;
  const reply = jsonReply(200, {
    content: content(completion, generation),
    finishReason: finishReason(completion, generation),
    usage: usage(completion, generation),
    warnings: warningsOf(completion, generation),
    providerMetadata: providerMetadata(completion, endTime),
    response: { id, timestamp: new Date(startTime).toISOString(), modelId: askedModel },
  });
  return { ...reply, errorBody: (error) => JSON.stringify({ error }) };
}

const frame = (part: Frame['part'], fields: Fields, tokens = 0): Frame => ({
  data: JSON.stringify(fields),
  part,
  tokens,
});

/** Start, pieces and end of a block. @param ending goes on the end */
function* block(kind: string, id: string, text: string, start: Fields, ending: Fields = {}): Generator<Frame> {
  yield frame('content', { type: `${kind}-start`, id, ...start });
  for (const delta of textPieces(text)) {
    yield frame('content', { type: `${kind}-delta`, id, delta }, countTokens(delta));
  }
  yield frame('content', { type: `${kind}-end`, id, ...ending });
}

function* blocks(completion: Completion, generation: Generation): Generator<Frame> {
  const { reasoning, text, toolCalls, images } = completion.answer;
  let told: Fields = { providerMetadata: early(completion) };
  const first = (): Fields => {
    const fields = told;
    told = {};
    return fields;
  };
  if (reasoning !== '') {
    const signed = signature(completion);
    const ending = Object.keys(signed).length === 0 ? {} : { providerMetadata: signed };
    yield* block('reasoning', 'reasoning-0', reasoning, first(), ending);
  }
  if (text !== '') yield* block('text', 'text-0', text, first());
  for (const call of toolCalls) {
    yield* block('tool-input', call.id, call.argumentsJson, { toolName: call.name, ...first() });
    yield frame('content', toolCall(call));
  }
  for (const url of images) yield frame('content', { ...imageFile(url, generation), ...first() });
}

/**
 * The stream of an answer: its start, what is known of it, its blocks one after the other, its end.
 * @param finished called when the last content is out; gives its time in epoch milliseconds
 */
export function nativeFrames(completion: Completion, finished: () => number, generation: Generation): StreamReply {
  const { id, startTime, askedModel } = completion;
  function* frames(): Generator<Frame> {
    yield frame('start', { type: 'stream-start', warnings: warningsOf(completion, generation) });
    const timestamp = new Date(startTime).toISOString();
    yield frame('content', { type: 'response-metadata', id, timestamp, modelId: askedModel });
    yield* blocks(completion, generation);
    yield frame('finish', {
      type: 'finish',
      finishReason: finishReason(completion, generation),
      usage: usage(completion, generation),
      providerMetadata: providerMetadata(completion, finished()),
    });
  }
  return {
    frames: frames(),
    done: DONE,
    errorFrame: (error) => frame('content', { type: 'error', error }),
  };
}
