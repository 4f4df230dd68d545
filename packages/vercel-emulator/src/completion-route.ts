import { type Answer, makeAnswer } from './answer.js';
import { type ApiError, invalidRequest } from './api-error.js';
import type { SeedModel } from './catalogue-seed.js';
import type { ChatRequest } from './chat-request.js';
import type { EmulatorState } from './emulator-state.js';
import type { Generated } from './generated.js';
import { generatingRoute, type Made, type Serving } from './generating-route.js';
import { takeSupported, type Warning } from './parameter-support.js';
import { textOf } from './prompt-reading.js';
import { messageTokens, promptTokens } from './prompt-tokens.js';
import { planReasoning } from './reasoning-answer.js';
import type { StreamReply, WholeReply } from './reply.js';
import type { Route, RouteRequest } from './route.js';

const CHAT_NAMES: ReadonlyMap<string, string> = new Map();
const UNLIMITED_OUTPUT = 128_000;
const SERVICE_TIERS = new Set(['openai', 'azure']);

/** One answered conversation: everything its frames or its body are made of. */
export type Completion = Generated<Answer>;

/** A request in the dialect it came in, and what it says in the words of chat completions. */
export interface AskedCompletion<Body> {
  readonly body: Body;
  readonly chat: ChatRequest;
  /** What of the request has no effect. */
  readonly warnings?: readonly Warning[];
}

/** What a dialect of completions does itself: reading its requests and writing its answers. */
export interface CompletionDialect<Body> {
  readonly path: RegExp;
  /** As of a `Route`. */
  readonly takesApiKeyHeader?: boolean;
  /** Default: `{ error, … }`. */
  readonly errorBody?: (error: ApiError) => unknown;
  /** Its names of fields by those of chat completions, where they differ; for what a model does not take. */
  readonly fieldNames?: ReadonlyMap<string, string>;
  /** @throws ApiError with status 400 */
  parse(request: RouteRequest, state: EmulatorState): AskedCompletion<Body>;
  /** @param endTime in epoch milliseconds */
  whole(completion: Completion, endTime: number, body: Body): WholeReply;
  /** @param finished called when the last content is out; gives its time in epoch milliseconds */
  frames(completion: Completion, finished: () => number, body: Body): StreamReply;
}

function checkContext(request: ChatRequest, model: SeedModel, tokens: number): void {
  if (model.contextWindow === undefined || tokens <= model.contextWindow) return;
  const message = `The maximum context length of model '${request.model}' is ${model.contextWindow} tokens, but the messages have ${tokens} tokens`;
  throw invalidRequest(message, 'messages', 'context_length_exceeded');
}

/** With `truncation: 'auto'` what was said first is left out until the rest fits; instructions and the last message stay. */
function fitted(request: ChatRequest, model: SeedModel): ChatRequest {
  let excess = promptTokens(request) - (model.contextWindow ?? Infinity);
  if (request['truncation'] !== 'auto' || excess <= 0) return request;
  const messages = request.messages.filter((message, index, { length }) => {
    if (excess <= 0 || index === length - 1 || message.role === 'system' || message.role === 'developer') return true;
    excess -= messageTokens(message);
    return false;
  });
  return { ...request, messages };
}

function serviceTier(request: ChatRequest, provider: string): string | undefined {
  if (!SERVICE_TIERS.has(provider)) return undefined;
  return request.providerOptions?.gateway?.serviceTier ?? request.service_tier ?? 'default';
}

function makeCompletion(
  asked: ChatRequest,
  { model, provider, catalogue, state }: Serving,
  fieldNames: ReadonlyMap<string, string>,
): Made<Answer> {
  const reasons = planReasoning(asked, model, catalogue.parameterRule(model, 'reasoningEffort')?.default);
  const strict = state.strictParameters;
  const { request, warnings } = takeSupported(fitted(asked, model), model, catalogue, {
    effort: reasons?.effort ?? 'none',
    strict,
    fieldNames,
  });

  const prompt = promptTokens(request);
  checkContext(asked, model, prompt);
  const cache = state.promptCache.use(model.id, request);
  const most = model.maxOutputTokens ?? UNLIMITED_OUTPUT;
  const limit = Math.min(most, request.max_tokens ?? request.max_completion_tokens ?? most);
  const answer = makeAnswer(request, model, { limit, reasons, random: state.random });
  return {
    answer,
    counts: { prompt, cached: cache.cached, cacheWritten: cache.written, ...answer.tokens },
    finishReason: answer.finishReason,
    warnings,
    serviceTier: serviceTier(asked, provider),
  };
}

/** A route that answers conversations. All dialects share one answer engine, one catalogue and one bill. */
export const completionRoute = <Body>(dialect: CompletionDialect<Body>): Route =>
  generatingRoute<AskedCompletion<Body>, Answer>({
    path: dialect.path,
    modelType: 'language',
    takesApiKeyHeader: dialect.takesApiKeyHeader,
    errorBody: dialect.errorBody,
    parse(request, state) {
      const asked = dialect.parse(request, state);
      const { chat } = asked;
      return { asked, routing: chat, session: textOf(chat.messages[0]?.content), streamed: chat.stream === true };
    },
    make({ chat, warnings = [] }, serving) {
      const made = makeCompletion(chat, serving, dialect.fieldNames ?? CHAT_NAMES);
      return { ...made, warnings: [...warnings, ...(made.warnings ?? [])] };
    },
    write: (completion, { chat, body }, finished) =>
      chat.stream === true ? dialect.frames(completion, finished, body) : dialect.whole(completion, finished(), body),
  });
