import type { Message } from '../contract/message.js';
import type { GenerationParameters } from '../contract/parameters.js';
import type { CompletionRequest, Delivery } from '../contract/request.js';
import { type InputIssue, InvalidRequestError } from '../errors/caller-errors.js';
import type { ClockLimits } from '../pipeline/clock-limits.js';
import { isJsonText } from '../schema/is-json.js';
import type { CompiledSchema } from '../schema/output-schema.js';
import type { Writable } from '../schema/writable.js';
import { issuesOf } from '../schema/zod-issues.js';
import { checkFields } from './check-fields.js';
import { type CheckedCompletion, completionGlances, completionSchema, parametersSchema } from './completion-schema.js';
import type { CompletionOptions } from './gateway.js';
import type { PreparedCall } from './prepared-call.js';
import { requestSchemas } from './request-schemas.js';

const FIELDS = Object.keys(completionSchema.shape);
const PARAMETERS: ReadonlySet<string> = new Set(Object.keys(parametersSchema.shape));
const NO_PARAMETERS: GenerationParameters = Object.freeze({});

/** A host's options for a completion, checked and in the contract's form. */
export interface PreparedCompletion<T> extends PreparedCall<CompletionRequest> {
  readonly output: CompiledSchema<T> | undefined;
}

const messagesOf = (checked: CheckedCompletion): readonly Message[] => {
  const { prompt, system } = checked;
  const messages = (checked.messages ?? []) as readonly Message[];
  const conversation = prompt === undefined ? messages : [{ role: 'user', content: prompt } as const];
  return system === undefined ? conversation : [{ role: 'system', content: system }, ...conversation];
};

/** Upstreams refuse a conversation whose earlier tool calls are broken, or worse, take it. */
const historyIssues = (messages: NonNullable<CheckedCompletion['messages']>): InputIssue[] =>
  messages.flatMap(({ content }, at) =>
    typeof content === 'string'
      ? []
      : content.flatMap((part, position) =>
          part.type !== 'tool-call' || isJsonText(part.argumentsJson)
            ? []
            : [{ field: `messages[${at}].content[${position}].argumentsJson`, message: 'is not JSON.' }],
        ),
  );

const crossIssues = (checked: CheckedCompletion): InputIssue[] => {
  const issues: InputIssue[] = [];
  const { messages, prompt, tools, toolChoice } = checked;
  if (messages === undefined && prompt === undefined) {
    issues.push({ field: 'messages', message: 'is missing.', remedy: 'Give `messages` or `prompt`.' });
  }
  if (messages !== undefined && prompt !== undefined) {
    issues.push({
      field: 'prompt',
      message: 'cannot stand beside `messages`.',
      remedy: 'Append it as a user message.',
    });
  }
  if (checked.reasoningEffort !== undefined && checked.reasoningBudgetTokens !== undefined) {
    issues.push({
      field: 'reasoningBudgetTokens',
      message: 'cannot stand beside `reasoningEffort`.',
      remedy: 'Give one.',
    });
  }
  if (toolChoice !== undefined && toolChoice !== 'none' && tools === undefined) {
    issues.push({ field: 'toolChoice', message: 'needs `tools`.' });
  }
  if (tools !== undefined) {
    const names = tools.map((tool) => tool.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) issues.push({ field: 'tools', message: `has two tools called "${twice}".` });
    if (typeof toolChoice === 'object' && !names.includes(toolChoice.name)) {
      const known = names.map((name) => `"${name}"`).join(', ');
      issues.push({ field: 'toolChoice.name', message: `"${toolChoice.name}" is not among the tools (${known}).` });
    }
  }
  if (messages !== undefined) issues.push(...historyIssues(messages));
  return issues;
};

/** A default gives way to what the caller asked and it cannot stand beside. */
const isExcluded = (name: keyof GenerationParameters, checked: CheckedCompletion): boolean =>
  (name === 'reasoningEffort' && checked.reasoningBudgetTokens !== undefined) ||
  (name === 'reasoningBudgetTokens' && checked.reasoningEffort !== undefined);

const parametersOf = (checked: CheckedCompletion, defaults: GenerationParameters): GenerationParameters => {
  let parameters: Record<string, unknown> | undefined;
  for (const name of Object.keys(defaults) as (keyof GenerationParameters)[]) {
    const value = defaults[name];
    if (value === undefined || isExcluded(name, checked)) continue;
    parameters ??= {};
    parameters[name] = value;
  }
  for (const name of Object.keys(checked) as (keyof GenerationParameters)[]) {
    if (!PARAMETERS.has(name) || checked[name] === undefined) continue;
    parameters ??= {};
    parameters[name] = checked[name];
  }
  return parameters ?? NO_PARAMETERS;
};

const checkedOptions = (options: unknown): CheckedCompletion => {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InvalidRequestError([
      { field: 'request', message: 'must be an object with `model` and `messages` or `prompt`.' },
    ]);
  }
  const { data, issues } = checkFields(completionSchema.shape, ['model'], options, completionGlances);
  if (issues.length > 0) throw new InvalidRequestError(issuesOf({ issues }, FIELDS, 'request'));
  return data as CheckedCompletion;
};

const NO_SCHEMAS = { tools: undefined, output: undefined };

/**
 * Checks everything that can be checked without a model.
 * @param keepsLayers whether somebody needs to know which parameters are the caller's own
 * @throws InvalidRequestError naming every field that is wrong
 */
export const prepareCompletion = <T>(
  options: CompletionOptions<T>,
  delivery: Delivery,
  defaults: GenerationParameters,
  keepsLayers = false,
): PreparedCompletion<T> => {
  const checked = checkedOptions(options);
  const issues = crossIssues(checked);
  if (issues.length > 0) throw new InvalidRequestError(issues);
  const given = checked.tools !== undefined || checked.output !== undefined;
  const { tools, output } = given ? requestSchemas(checked.tools, options.output) : NO_SCHEMAS;
  const request: Writable<CompletionRequest> = {
    kind: 'completion',
    model: checked.model,
    delivery: checked.delivery ?? delivery,
    messages: messagesOf(checked),
    parameters: parametersOf(checked, defaults),
  };
  // One by one: a chain of optional spreads costs more than the check of the whole input.
  if (tools !== undefined) request.tools = tools;
  if (checked.toolChoice !== undefined) request.toolChoice = checked.toolChoice;
  if (checked.parallelToolCalls !== undefined) request.parallelToolCalls = checked.parallelToolCalls;
  if (output !== undefined) request.outputFormat = { type: 'json', schema: output.json };
  if (checked.outputModalities !== undefined) request.outputModalities = checked.outputModalities;
  if (checked.endUser !== undefined) request.endUser = checked.endUser;
  if (checked.providerOptions !== undefined) request.providerOptions = checked.providerOptions;
  const { signal, timeoutMs, maxAttempts, strict, cache, tenant, recovery, onReceipt } = checked;
  const clocks = checked.clocks as Partial<ClockLimits> | undefined;
  const trace = checked.trace as PreparedCompletion<T>['trace'];
  const hedging = checked.hedging as PreparedCompletion<T>['hedging'];
  const layers = keepsLayers ? { defaults, asked: parametersOf(checked, NO_PARAMETERS) } : undefined;
  return {
    request,
    output,
    signal,
    timeoutMs,
    maxAttempts,
    clocks,
    strict,
    cache,
    tenant,
    trace,
    recovery,
    onReceipt,
    layers,
    hedging,
  };
};
