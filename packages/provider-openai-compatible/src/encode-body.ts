import type { CompletionRequest, JsonObject, JsonValue, RequestKind } from '@headrace/core/plugin';
import { type EncodedChatRequest, encodeChatRequest } from '@headrace/wire';
import { isObject } from '@headrace/wire/provider';
import type { EndpointForm } from './endpoint-form.js';
import { fitRequest } from './fit-request.js';

type Body = Record<string, JsonValue | undefined>;

const rename = (body: Body, from: string, to: string): void => {
  if (from === to || body[from] === undefined) return;
  body[to] = body[from];
  delete body[from];
};

/** Thoughts stand in `reasoning` as the codec writes them. @param replay puts them where the endpoint takes them */
const withReasoning = (
  messages: JsonValue | undefined,
  replay: (message: JsonObject, reasoning: JsonValue) => JsonObject,
): JsonValue | undefined =>
  Array.isArray(messages)
    ? (messages as readonly JsonValue[]).map((message) => {
        if (!isObject(message) || message['reasoning'] === undefined) return message;
        const { reasoning, ...rest } = message as JsonObject;
        return reasoning === undefined ? rest : replay(rest, reasoning);
      })
    : messages;

const inContent = (message: JsonObject, reasoning: JsonValue): JsonObject => {
  if (reasoning === '') return message;
  const { content } = message;
  const texts = typeof content === 'string' ? (content === '' ? [] : [{ type: 'text', text: content }]) : content;
  const thinking = { type: 'thinking', thinking: [{ type: 'text', text: reasoning }] };
  return { ...message, content: [thinking, ...(Array.isArray(texts) ? (texts as readonly JsonValue[]) : [])] };
};

/** Members that options of a call may not replace: the call itself says them. */
const OWN: Readonly<Record<RequestKind, ReadonlySet<string>>> = {
  completion: new Set(['model', 'messages', 'stream', 'stream_options', 'tools', 'n']),
  embedding: new Set(['model', 'input', 'dimensions']),
  image: new Set(['model', 'prompt', 'n', 'size', 'image', 'image[]', 'mask', 'stream']),
  reranking: new Set(['model', 'query', 'documents', 'top_n']),
};

/**
 * The body of a chat completion in an endpoint's form. Options of the call under `providerOptions.<id>` are members of the
 * body, in the endpoint's own words; those that the call itself says are refused by `ownOptionIssues`.
 */
export const encodeBody = (
  request: CompletionRequest,
  providerId: string,
  form: EndpointForm,
  title: string,
): EncodedChatRequest => {
  const fitted = fitRequest(request, form, title);
  const encoded = encodeChatRequest(fitted.request, {
    providerId,
    maxTokensField: form.maxTokensField ?? 'max_tokens',
    reasoningField: form.reasoningField === 'reasoning' ? 'reasoning' : 'reasoning_effort',
    includeUsage: form.streamOptions !== false,
  });
  const body: Body = { ...encoded.body };
  const more = body['providerOptions'];
  delete body['providerOptions'];
  rename(body, 'seed', form.seedField ?? 'seed');
  rename(body, 'user', form.endUserField === 'safety_identifier' ? 'safety_identifier' : 'user');
  if (form.requiredToolChoice === 'any' && body['tool_choice'] === 'required') body['tool_choice'] = 'any';
  if (form.reasoningReplay === 'thinking') body['messages'] = withReasoning(body['messages'], inContent);
  if (form.reasoningReplay === 'reasoning_content')
    body['messages'] = withReasoning(body['messages'], (message, reasoning) => ({
      ...message,
      reasoning_content: reasoning,
    }));
  if (form.thinkingSwitch === true && body['reasoning_effort'] !== undefined) {
    const isOff = body['reasoning_effort'] === 'none';
    body['thinking'] = { type: isOff ? 'disabled' : 'enabled' };
    if (isOff) delete body['reasoning_effort'];
  }
  if (isObject(more)) Object.assign(body, more);
  return {
    body,
    warnings: [...fitted.warnings, ...encoded.warnings],
    notes: [...fitted.notes, ...encoded.notes],
  };
};

/** Which members of a call's options would replace what the call itself says. */
export const ownOptions = (options: JsonObject, kind: RequestKind): readonly string[] =>
  Object.keys(options).filter((name) => OWN[kind].has(name) || name === '__proto__');
