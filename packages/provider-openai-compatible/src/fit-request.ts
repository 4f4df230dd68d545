import type {
  Annotations,
  AssistantPart,
  CompletionRequest,
  GenerationParameters,
  JsonOutputFormat,
  Message,
  MessagePart,
  ParameterName,
  Warning,
} from '@headrace/core/plugin';
import type { EndpointForm } from './endpoint-form.js';
import { fitToolChoice } from './fit-tool-choice.js';
import { withShortCallIds } from './short-call-ids.js';

/** What of a call the endpoint takes. */
export interface FittedRequest {
  readonly request: CompletionRequest;
  /** What was left out. */
  readonly warnings: readonly Warning[];
  /** What is said in another way, and loses nothing. */
  readonly notes: readonly Warning[];
}

/** Takes out of a request what an endpoint has no place for; a request that fits is handed on as it is. */
class Fitting {
  readonly warnings: Warning[] = [];
  readonly notes: Warning[] = [];

  constructor(
    private readonly form: EndpointForm,
    private readonly title: string,
  ) {}

  drop(code: string, field: string, message: string): void {
    this.warnings.push({ code, field, message });
  }

  note(code: string, field: string, message: string): void {
    this.notes.push({ code, field, message });
  }

  parameters(parameters: GenerationParameters): GenerationParameters {
    const { unsupported = [], reasoningField } = this.form;
    const kept: Record<string, unknown> = { ...parameters };
    const gone: readonly ParameterName[] =
      reasoningField === 'none' ? [...unsupported, 'reasoningEffort', 'reasoningBudgetTokens'] : unsupported;
    for (const name of gone) {
      if (parameters[name] === undefined) continue;
      delete kept[name];
      this.drop('parameter-dropped', name, `${this.title} takes no ${name}: it was left out.`);
    }
    return kept;
  }

  messages(messages: readonly Message[]): readonly Message[] {
    return messages.map((message, index) => {
      const field = `messages[${index}]`;
      const bare = this.#unmarked(message, field);
      if (typeof bare.content === 'string') return bare;
      const parts = (bare.content as readonly MessagePart[]).flatMap((part, at) =>
        this.#part(part, `${field}.content[${at}]`),
      );
      return { ...bare, content: parts } as Message;
    });
  }

  outputFormat(format: JsonOutputFormat | undefined): JsonOutputFormat | undefined {
    if (format?.schema === undefined || this.form.jsonSchema !== false) return format;
    this.drop(
      'output-schema-reduced',
      'outputFormat.schema',
      `${this.title} cannot be held to a JSON Schema: any JSON object was asked for. Say in the prompt what it must hold.`,
    );
    const { schema: _, ...rest } = format;
    return rest;
  }

  #part(part: MessagePart, field: string): readonly MessagePart[] {
    if (part.type === 'reasoning') return this.#reasoning(part, field);
    const bare = this.#unmarked(part, field);
    if (bare.type !== 'tool-result' || typeof bare.content === 'string') return [bare];
    return [{ ...bare, content: bare.content.map((one, at) => this.#unmarked(one, `${field}.content[${at}]`)) }];
  }

  /** Opaque items belong to their maker: they go where reasoning is replayed with them, else only its text does. */
  #reasoning(part: AssistantPart & { readonly type: 'reasoning' }, field: string): readonly MessagePart[] {
    const { reasoningReplay = 'none' } = this.form;
    const bare = this.#unmarked(part, field);
    if (reasoningReplay === 'reasoning_details') return [bare];
    if (part.details !== undefined && part.details.length > 0)
      this.drop('reasoning-details-dropped', `${field}.details`, `${this.title} takes no opaque items of reasoning.`);
    if (reasoningReplay !== 'none') {
      const { details: _, ...spoken } = bare;
      return [spoken];
    }
    if (part.text !== '')
      this.drop('reasoning-dropped', field, `${this.title} takes no thoughts of earlier answers: they were left out.`);
    return [];
  }

  #unmarked<T extends Annotations>(annotated: T, field: string): T {
    if (annotated.cache === undefined || this.form.cacheMarks === true) return annotated;
    this.drop(
      'cache-mark-dropped',
      `${field}.cache`,
      `${this.title} keeps prefixes by itself and takes no cache marks.`,
    );
    const { cache: _, ...bare } = annotated;
    return bare as T;
  }

  annotated<T extends Annotations>(list: readonly T[], name: string): readonly T[] {
    return list.map((one, index) => this.#unmarked(one, `${name}[${index}]`));
  }
}

/** A request as an endpoint of this form takes it. @param title how warnings call the endpoint */
export const fitRequest = (request: CompletionRequest, form: EndpointForm, title: string): FittedRequest => {
  const fitting = new Fitting(form, title);
  const { tools: _tools, toolChoice: _choice, outputFormat, parallelToolCalls, endUser, ...rest } = request;
  const { tools, toolChoice, warnings: ofChoice, notes: ofTools } = fitToolChoice(request, form, title);
  const messages = form.shortCallIds === true ? withShortCallIds(request.messages) : request.messages;
  if (messages !== request.messages)
    fitting.note('tool-call-id-renamed', 'messages', `Ids of tool calls were rewritten to the form of ${title}.`);
  const format = fitting.outputFormat(outputFormat);
  if (parallelToolCalls !== undefined && form.parallelToolCalls === false)
    fitting.drop('parameter-dropped', 'parallelToolCalls', `${title} has no word for how many tools may be called.`);
  if (endUser !== undefined && form.endUserField === 'none')
    fitting.drop('end-user-dropped', 'endUser', `${title} takes no id of the person behind a call.`);
  return {
    request: {
      ...rest,
      parameters: fitting.parameters(request.parameters),
      messages: fitting.messages(messages),
      ...(tools === undefined ? {} : { tools: fitting.annotated(tools, 'tools') }),
      ...(toolChoice === undefined ? {} : { toolChoice }),
      ...(format === undefined ? {} : { outputFormat: format }),
      ...(parallelToolCalls === undefined || form.parallelToolCalls === false ? {} : { parallelToolCalls }),
      ...(endUser === undefined || form.endUserField === 'none' ? {} : { endUser }),
    },
    warnings: [...fitting.warnings, ...ofChoice],
    notes: [...fitting.notes, ...ofTools],
  };
};
