import { invalidRequest } from './api-error.js';
import type { Catalogue } from './catalogue.js';
import type { ParameterRule, SeedModel } from './catalogue-seed.js';
import type { ChatRequest } from './chat-request.js';

/** A note in `provider_metadata.gateway.warnings`, in the form the AI SDK gives its warnings. */
export type Warning =
  | { readonly type: 'unsupported'; readonly feature: string; readonly details: string }
  | { readonly type: 'other'; readonly message: string };

const PARAMETERS = [
  ['temperature', 'temperature'],
  ['top_p', 'topP'],
  ['top_k', 'topK'],
  ['presence_penalty', 'presencePenalty'],
  ['frequency_penalty', 'frequencyPenalty'],
  ['stop', 'stopSequences'],
  ['seed', 'seed'],
] as const;
const WIRE_NAMES = new Map<string, string>(PARAMETERS.map(([wire, name]) => [name, wire]));
/** The AI SDK's names by those of chat completions. */
export const SDK_NAMES: ReadonlyMap<string, string> = new Map(PARAMETERS);
const WITHOUT_EFFECT = ['logprobs', 'top_logprobs', 'logit_bias'] as const;

const isSent = (request: ChatRequest, field: string): boolean =>
  request[field] !== undefined && request[field] !== null;

/**
 * The emulator lets models think unasked. A parameter that is refused beside thinking is only refused when the request
 * itself asked for it, because the real models of that kind do not think unasked.
 */
function asksForReasoning({ reasoning, reasoning_effort: effort, thinking }: ChatRequest): boolean {
  if (reasoning?.enabled === false || thinking?.type === 'disabled') return false;
  const asked =
    reasoning?.effort ??
    effort ??
    reasoning?.max_tokens ??
    (reasoning?.enabled === true || thinking?.type === 'enabled');
  return asked !== 'none' && asked !== 0 && asked !== false;
}

function isTaken(rule: ParameterRule | undefined, request: ChatRequest, effort: string): boolean {
  if (rule === undefined || rule.supported === true || rule.supported === 'unknown') return true;
  if (rule.supported === false) return false;
  const { reasoning, reasoningEffort, unset } = rule.when ?? {};
  if (reasoning === 'off' && asksForReasoning(request)) return false;
  if (reasoningEffort !== undefined && !reasoningEffort.includes(effort)) return false;
  return unset?.some((name) => isSent(request, WIRE_NAMES.get(name) ?? name)) !== true;
}

function* unsupportedFields(
  request: ChatRequest,
  model: SeedModel,
  catalogue: Catalogue,
  effort: string,
): Generator<string> {
  for (const [wire, name] of PARAMETERS) {
    if (!isSent(request, wire)) continue;
    const refused = wire === 'temperature' && model.capabilities?.temperature === false;
    if (refused || !isTaken(catalogue.parameterRule(model, name), request, effort)) yield wire;
  }
  const cannotReason = model.capabilities?.reasoning === false;
  for (const field of ['reasoning', 'reasoning_effort']) if (cannotReason && isSent(request, field)) yield field;
  if (model.capabilities?.toolCall === false && (request.tools ?? []).length > 0) yield 'tools';
  if (request.modalities?.includes('image') === true && model.modalities?.output?.includes('image') !== true)
    yield 'modalities';
  for (const field of WITHOUT_EFFECT) if (isSent(request, field) && request[field] !== false) yield field;
  if (typeof request['n'] === 'number' && request['n'] > 1) yield 'n';
}

/**
 * Leaves out what the model does not take, with a warning for each.
 * @param effort the reasoning effort in force, `none` when the model does not reason
 * @param strict answer 400 instead
 * @param fieldNames names in the dialect of the request, where they are not those of chat completions
 * @throws ApiError with status 400 that names the field
 */
export function takeSupported(
  request: ChatRequest,
  model: SeedModel,
  catalogue: Catalogue,
  { effort, strict, fieldNames }: { effort: string; strict: boolean; fieldNames: ReadonlyMap<string, string> },
): { request: ChatRequest; warnings: readonly Warning[] } {
  const dropped = [...unsupportedFields(request, model, catalogue, effort)];
  const names = dropped.map((field) => fieldNames.get(field) ?? field);
  const [first] = names;
  if (strict && first !== undefined) {
    throw invalidRequest(`Invalid input: ${first} is not supported by model '${model.id}'`, first);
  }
  const kept = Object.fromEntries(Object.entries(request).filter(([field]) => !dropped.includes(field)));
  return {
    request: { ...kept, model: request.model, messages: request.messages },
    warnings: names.map((feature) => ({
      type: 'unsupported',
      feature,
      details: `${feature} is not supported by ${model.id} and was left out`,
    })),
  };
}
