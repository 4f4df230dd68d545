import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';
import type { CompletionOptions, Gateway } from '@headrace/core';
import { failureOf } from '../shared/failure.js';
import { type HeadraceDefaults, OWN } from '../shared/own-options.js';
import { warningOf } from '../shared/warnings.js';
import { answerEnd } from './answer-end.js';
import { AnswerParts, type Part } from './answer-parts.js';
import { completionOptions } from './completion-options.js';
import { GatheredContent } from './gathered-content.js';
import { OpenAnswer } from './open-answer.js';
import { PartSource } from './part-source.js';
import { documentsOf } from './source-part.js';

/** A model or a route of a gateway as a language model of the AI SDK. */
export class HeadraceLanguageModel implements LanguageModelV4 {
  readonly specificationVersion = 'v4';
  readonly provider = OWN;
  /** Addresses go to the upstream as they are: whoever serves fetches them. */
  readonly supportedUrls = { '*/*': [/^https?:\/\//] };

  constructor(
    readonly modelId: string,
    private readonly gateway: Pick<Gateway, 'stream'>,
    private readonly defaults: HeadraceDefaults,
  ) {}

  async doGenerate(call: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const { options, notes } = completionOptions(this.modelId, call, this.defaults);
    try {
      const answer = this.#open({ delivery: 'whole', ...options }, false);
      const gathered = new GatheredContent();
      for (let parts = await answer.next(); parts !== undefined; parts = await answer.next())
        for (const part of parts) gathered.take(part);
      const receipt = await answer.receipt;
      const { end, responseId, model } = answer.parts;
      if (end === undefined) throw new TypeError('The gateway ended an answer without proof of its end.');
      return {
        content: gathered.content,
        ...answerEnd(end, receipt),
        response: { ...(responseId === '' ? {} : { id: responseId }), ...(model === '' ? {} : { modelId: model }) },
        warnings: [...notes.warnings, ...receipt.warnings.map(warningOf)],
      };
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async doStream(call: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const { options, notes } = completionOptions(this.modelId, call, this.defaults);
    try {
      const answer = this.#open(options, call.includeRawChunks === true);
      const head: Part[] = [];
      const warnings = [...notes.warnings, ...(await answer.begin(head))];
      const failure = (error: unknown): unknown => this.#failure(error);
      const source = new PartSource(answer, failure, call.abortSignal, warnings, head);
      return { stream: new ReadableStream(source, { highWaterMark: 0 }) };
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #open(options: CompletionOptions<unknown>, includeRaw: boolean): OpenAnswer {
    const tools = new Set((options.tools ?? []).map(({ name }) => name));
    const documents = () => documentsOf(options.messages ?? []);
    return new OpenAnswer(this.gateway.stream(options), new AnswerParts({ tools, documents, includeRaw }));
  }

  #failure(error: unknown): unknown {
    return failureOf(error, { modelId: this.modelId, modelType: 'languageModel' });
  }
}
