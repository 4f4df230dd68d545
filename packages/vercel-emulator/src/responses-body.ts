import { createHash } from 'node:crypto';
import type { ApiError } from './api-error.js';
import type { ChatMessage } from './chat-request.js';
import type { Completion } from './completion-route.js';
import { providerMetadata } from './generated.js';
import { jsonReply, type WholeReply } from './reply.js';
import type { ResponsesRequest } from './responses-request.js';

type Fields = Readonly<Record<string, unknown>>;

/** A request, and what becomes of its conversation. */
export interface AskedResponse {
  readonly request: ResponsesRequest;
  /** Keeps the answer for a request that goes on from it. */
  remember(id: string, answered: readonly ChatMessage[]): void;
}

export interface ReasoningItem {
  readonly type: 'reasoning';
  readonly id: string;
  readonly text: string;
  /** The text stands in `summary`, as the request asked, instead of `content`. */
  readonly isSummary: boolean;
  readonly encrypted: string | undefined;
}
export interface MessageOutput {
  readonly type: 'message';
  readonly id: string;
  readonly text: string;
  readonly status: 'completed' | 'incomplete';
}
export interface FunctionCallOutput {
  readonly type: 'function_call';
  readonly id: string;
  readonly callId: string;
  readonly name: string;
  readonly argumentsJson: string;
  readonly status: 'completed' | 'incomplete';
}
/** One item of `output`, before it is put on the wire. */
export type OutputItem = ReasoningItem | MessageOutput | FunctionCallOutput;

/** Reasoning, the text, the calls of functions, in this order. */
export function outputItems({ answer, id }: Completion, { reasoning, include }: ResponsesRequest): OutputItem[] {
  const suffix = id.slice('gen_'.length).toLowerCase();
  const isCut = answer.finishReason === 'length';
  const calls = answer.toolCalls.map(
    (call, index): FunctionCallOutput => ({
      type: 'function_call',
      id: `fc_${suffix}_${index}`,
      callId: call.id,
      name: call.name,
      argumentsJson: call.argumentsJson,
      status: isCut && index === answer.toolCalls.length - 1 ? 'incomplete' : 'completed',
    }),
  );
  const sealed = include?.includes('reasoning.encrypted_content') === true;
  return [
    ...(answer.reasoning === ''
      ? []
      : [
          {
            type: 'reasoning',
            id: `rs_${suffix}`,
            text: answer.reasoning,
            isSummary: typeof reasoning?.summary === 'string',
            encrypted: sealed ? createHash('sha256').update(answer.reasoning).digest('base64') : undefined,
          } as const,
        ]),
    ...(answer.text === ''
      ? []
      : [
          {
            type: 'message',
            id: `msg_${suffix}`,
            text: answer.text,
            status: isCut ? 'incomplete' : 'completed',
          } as const,
        ]),
    ...calls,
  ];
}

export const textPart = (text: string): Fields => ({ type: 'output_text', text, annotations: [], logprobs: [] });
export const reasoningPart = (text: string): Fields => ({ type: 'reasoning_text', text });
export const summaryPart = (text: string): Fields => ({ type: 'summary_text', text });

/** An item as it is complete. */
export function wireItem(item: OutputItem): Fields {
  switch (item.type) {
    case 'reasoning': {
      const { id, type, text, isSummary, encrypted } = item;
      return {
        id,
        type,
        summary: isSummary ? [summaryPart(text)] : [],
        ...(isSummary ? {} : { content: [reasoningPart(text)] }),
        ...(encrypted === undefined ? {} : { encrypted_content: encrypted }),
      };
    }
    case 'message':
      return {
        id: item.id,
        type: item.type,
        status: item.status,
        role: 'assistant',
        content: [textPart(item.text)],
      };
    case 'function_call':
      return {
        id: item.id,
        type: item.type,
        status: item.status,
        call_id: item.callId,
        name: item.name,
        arguments: item.argumentsJson,
      };
  }
}

function usage({ counts }: Completion): Fields {
  return {
    input_tokens: counts.prompt,
    input_tokens_details: { cached_tokens: counts.cached },
    output_tokens: counts.completion,
    output_tokens_details: { reasoning_tokens: counts.reasoning },
    total_tokens: counts.prompt + counts.completion,
  };
}

/** The parts of a response that change while it is made. */
export interface Progress {
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  readonly completedAt?: number;
  readonly error?: Fields;
  readonly output?: readonly Fields[];
  readonly hasUsage?: boolean;
}

/** The response object with the settings of the request in it. */
export function responseObject(completion: Completion, request: ResponsesRequest, progress: Progress): Fields {
  const { status, completedAt, error = null, output = [], hasUsage = false } = progress;
  return {
    id: completion.id,
    object: 'response',
    created_at: Math.floor(completion.startTime / 1000),
    status,
    background: false,
    completed_at: completedAt === undefined ? null : Math.floor(completedAt / 1000),
    error,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: null,
    model: completion.askedModel,
    output,
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    presence_penalty: request.presence_penalty ?? 0,
    frequency_penalty: request.frequency_penalty ?? 0,
    previous_response_id: request.previous_response_id ?? null,
    prompt_cache_key: request.prompt_cache_key ?? null,
    reasoning: { effort: request.reasoning?.effort ?? null, summary: request.reasoning?.summary ?? null },
    safety_identifier: request['safety_identifier'] ?? null,
    service_tier: completion.serviceTier ?? 'default',
    store: request.store ?? true,
    temperature: request.temperature ?? 1,
    text: { ...request.text, format: request.text?.format ?? { type: 'text' } },
    tool_choice: request.tool_choice ?? 'auto',
    tools: request.tools ?? [],
    top_logprobs: 0,
    top_p: request.top_p ?? 1,
    truncation: request.truncation ?? 'disabled',
    usage: hasUsage ? usage(completion) : null,
    user: request.user ?? null,
    metadata: request.metadata ?? {},
  };
}

/** The response at its end. @param endTime in epoch milliseconds */
export function finishedResponse(
  completion: Completion,
  request: ResponsesRequest,
  output: readonly OutputItem[],
  endTime: number,
): Fields {
  const isCut = completion.answer.finishReason === 'length';
  return responseObject(completion, request, {
    status: isCut ? 'incomplete' : 'completed',
    ...(isCut ? {} : { completedAt: endTime }),
    output: output.map(wireItem),
    hasUsage: true,
  });
}

/** The answer as a message of the conversation. */
export function answeredMessages({ answer }: Completion): readonly ChatMessage[] {
  const calls = answer.toolCalls.map(({ id, name, argumentsJson }) => ({
    id,
    function: { name, arguments: argumentsJson },
  }));
  return [{ role: 'assistant', content: answer.text, ...(calls.length === 0 ? {} : { tool_calls: calls }) }];
}

/** `code` and `message` of a failure that has begun as a success. */
export function failureOf(error: unknown): { readonly code: unknown; readonly message: unknown } {
  const { type, code, message = '' } = error as Fields;
  return { code: type ?? code ?? 'server_error', message };
}

/** A response that is not streamed. Its metadata has the name that was observed. */
export function responsesBody(completion: Completion, endTime: number, asked: AskedResponse): WholeReply {
  const { request } = asked;
  asked.remember(completion.id, answeredMessages(completion));
  const reply = jsonReply(200, {
    ...finishedResponse(completion, request, outputItems(completion, request), endTime),
    providerMetadata: providerMetadata(completion, endTime),
  });
  return {
    ...reply,
    errorBody: (error) =>
      JSON.stringify(responseObject(completion, request, { status: 'failed', error: failureOf(error) })),
  };
}

/** Errors of this route have two members. */
export const responsesError = ({ members: { type, message }, beside }: ApiError): Fields => ({
  error: { type, message },
  ...beside,
});
