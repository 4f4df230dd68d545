import type { Completion } from './completion-route.js';
import { providerMetadata } from './generated.js';
import type { Frame, StreamReply } from './reply.js';
import {
  type AskedResponse,
  answeredMessages,
  type FunctionCallOutput,
  failureOf,
  finishedResponse,
  type MessageOutput,
  type OutputItem,
  outputItems,
  type ReasoningItem,
  reasoningPart,
  responseObject,
  summaryPart,
  textPart,
  wireItem,
} from './responses-body.js';
import { textPieces } from './text-pieces.js';
import { countTokens } from './token-count.js';

type Fields = Readonly<Record<string, unknown>>;
/** Type of an event below `response.`, its members, and the tokens it carries. */
type Event = readonly [type: string, members: Fields, tokens?: number];

function* pieces(text: string, type: string, place: Fields): Generator<Event> {
  for (const delta of textPieces(text)) yield [type, { ...place, delta }, countTokens(delta)];
}

function* messageEvents({ text }: MessageOutput, place: Fields): Generator<Event> {
  const at = { ...place, content_index: 0 };
  yield ['content_part.added', { ...at, part: textPart('') }];
  yield* pieces(text, 'output_text.delta', { ...at, logprobs: [] });
  yield ['output_text.done', { ...at, text, logprobs: [] }];
  yield ['content_part.done', { ...at, part: textPart(text) }];
}

function* reasoningEvents({ text, isSummary }: ReasoningItem, place: Fields): Generator<Event> {
  if (isSummary) {
    const at = { ...place, summary_index: 0 };
    yield ['reasoning_summary_part.added', { ...at, part: summaryPart('') }];
    yield* pieces(text, 'reasoning_summary_text.delta', at);
    yield ['reasoning_summary_text.done', { ...at, text }];
    yield ['reasoning_summary_part.done', { ...at, part: summaryPart(text) }];
    return;
  }
  const at = { ...place, content_index: 0 };
  yield ['content_part.added', { ...at, part: reasoningPart('') }];
  yield* pieces(text, 'reasoning_text.delta', at);
  yield ['reasoning_text.done', { ...at, text }];
  yield ['content_part.done', { ...at, part: reasoningPart(text) }];
}

function* callEvents({ name, argumentsJson }: FunctionCallOutput, place: Fields): Generator<Event> {
  yield* pieces(argumentsJson, 'function_call_arguments.delta', place);
  yield ['function_call_arguments.done', { ...place, name, arguments: argumentsJson }];
}

/** An item as it is before anything of it is there. */
function startOf(item: OutputItem): Fields {
  const whole = { ...wireItem(item), status: 'in_progress' };
  if (item.type === 'function_call') return { ...whole, arguments: '' };
  const { id, type, status } = whole as Fields;
  if (item.type === 'message') return { id, type, status, role: 'assistant', content: [] };
  return { id, type, status, summary: [], ...(item.isSummary ? {} : { content: [] }) };
}

function* itemEvents(item: OutputItem, index: number): Generator<Event> {
  const place = { item_id: item.id, output_index: index };
  yield ['output_item.added', { output_index: index, item: startOf(item) }];
  if (item.type === 'message') yield* messageEvents(item, place);
  else if (item.type === 'reasoning') yield* reasoningEvents(item, place);
  else yield* callEvents(item, place);
  yield ['output_item.done', { output_index: index, item: wireItem(item) }];
}

/**
 * The stream of a response: every item from its start to its end, and the whole response in the last event. Nothing
 * marks the end after it.
 * @param finished called when the last content is out; gives its time in epoch milliseconds
 */
export function responsesFrames(completion: Completion, finished: () => number, asked: AskedResponse): StreamReply {
  const { request } = asked;
  let sequence = 0;
  const frame = (type: string, members: Fields, part: Frame['part'], tokens = 0): Frame => {
    const data = JSON.stringify({ type, sequence_number: sequence, ...members });
    sequence += 1;
    return { event: type, data, part, tokens };
  };

  function* frames(): Generator<Frame> {
    const response = responseObject(completion, request, { status: 'in_progress' });
    yield frame('response.created', { response }, 'start');
    yield frame('response.in_progress', { response }, 'content');
    const output = outputItems(completion, request);
    for (const [index, item] of output.entries()) {
      for (const [type, members, tokens] of itemEvents(item, index)) {
        yield frame(`response.${type}`, members, 'content', tokens);
      }
    }
    const endTime = finished();
    const whole = finishedResponse(completion, request, output, endTime);
    asked.remember(completion.id, answeredMessages(completion));
    const end = { response: { ...whole, provider_metadata: providerMetadata(completion, endTime) } };
    yield frame(`response.${String(whole['status'])}`, end, 'finish');
  }

  return {
    frames: frames(),
    errorFrame: (error) => frame('error', { ...failureOf(error), param: null }, 'content'),
  };
}
