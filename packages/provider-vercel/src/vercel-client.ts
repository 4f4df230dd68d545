import {
  type CallContext,
  type Clock,
  CredentialRejectedError,
  type GatewayError,
  type GenerationParameters,
  InvalidRequestError,
  type Message,
  ModelNotFoundError,
  type ModelRequest,
  nearest,
  type ParameterFact,
  type ParameterName,
  type RequestKind,
  type Secret,
  standaloneContext,
  systemClock,
} from '@headrace/core/plugin';
import type { HttpAnswer } from '@headrace/wire';
import { type LiveModel, ProviderClient, parameterIssues } from '@headrace/wire/provider';
import { abortable } from './abortable.js';
import type { Credits, Generation } from './account-records.js';
import { ChatCall } from './chat-call.js';
import { type GenerateParams, generateRequest } from './generate-params.js';
import type { GenerationOptions } from './generation-record.js';
import type { VercelModelId } from './known-models.js';
import { ModelCatalogue } from './model-catalogue.js';
import type { ModelEndpoints } from './model-endpoints.js';
import type { ReportOptions, ReportRow } from './spend-report.js';
import { TextPieces, TextStream } from './text-stream.js';
import { UnaryCall } from './unary-call.js';
import { type Credential, credentialsOf, type VercelCredentials } from './vercel-credentials.js';
import { errorFromAnswer } from './vercel-errors.js';
import type { VercelOptions } from './vercel-options.js';
import { VercelSettings } from './vercel-settings.js';

/** Values that a model uses when nothing is sent, as far as they are known. */
export type DefaultParams = Readonly<Partial<Record<ParameterName, number | string>>>;

/**
 * Vercel AI Gateway over HTTP, one attempt per call; usable without a Headrace gateway. Only connecting has a time limit
 * here: the clocks belong to a gateway, so bound a call by a `signal` where it matters.
 */
export class VercelClient extends ProviderClient<VercelSettings, Credential> {
  readonly catalogue: ModelCatalogue;
  readonly kinds: readonly RequestKind[] = ['completion', 'embedding', 'reranking', 'image'];
  readonly #credentials: VercelCredentials;

  /**
   * Opens nothing before the first call.
   * @param options as for `vercel(…)`.
   * @param clock default: the machine's own time.
   * @throws ConfigurationError
   */
  constructor(options: VercelOptions | VercelSettings = {}, clock: Clock = systemClock) {
    const settings = options instanceof VercelSettings ? options : new VercelSettings(options);
    const keys = credentialsOf(settings, clock);
    super({ settings, keys, clock });
    this.#credentials = keys;
    const fetch = (signal: AbortSignal): Promise<readonly LiveModel[]> => this.#fetchModels(signal);
    this.catalogue = new ModelCatalogue({
      provider: settings.id,
      hostModels: settings.models,
      clock,
      refresh: { ...settings.refresh, fetch },
    });
  }

  /**
   * The credential that a call made now would send: `apiKey` or the next of `apiKeys`, `AI_GATEWAY_API_KEY`, OIDC token of
   * the request, of the file `VERCEL_OIDC_TOKEN_FILE`, of `VERCEL_OIDC_TOKEN`. Looked up anew each time; an OIDC token at
   * its end is refreshed as a call would.
   * @throws MissingCredentialError, CredentialRejectedError, `signal.reason` untouched
   */
  async getToken(signal?: AbortSignal): Promise<Secret> {
    return (await this.#credential(signal)).token;
  }

  /**
   * What the model uses when nothing is sent: for display and validation, never to be sent unasked.
   * Parameters without a known default are absent.
   * @throws ModelNotFoundError
   */
  getDefaultParams(modelId: VercelModelId): DefaultParams {
    const model = this.catalogue.find(modelId);
    if (model === undefined) throw this.#unknownModel(modelId);
    const defaults: Partial<Record<ParameterName, number | string>> = {};
    for (const [name, fact] of Object.entries(model.parameters) as [ParameterName, ParameterFact][]) {
      const value = fact.fixed ?? (fact.supported === false ? undefined : fact.default);
      if (value !== undefined && value !== null) defaults[name] = value;
    }
    return defaults;
  }

  /**
   * The text of one answer, piece by piece; one attempt. Nothing is sent before the first piece is asked for, and
   * nothing at all when the model's facts say that a parameter would be refused.
   * Text of tool calls and reasoning is not part of it: use a gateway's `stream` for those.
   * @param prompt one message of the user, or the conversation.
   * @throws from the loop: InvalidRequestError, ModelNotFoundError, every other GatewayError, `signal.reason` untouched.
   */
  generate(
    modelId: VercelModelId<'language'>,
    prompt: string | readonly Message[],
    params: GenerateParams = {},
  ): AsyncGenerator<string, undefined> {
    let scope: ReturnType<typeof standaloneContext> | undefined;
    const open = async (): Promise<AsyncIterator<string>> => {
      // Not before: a generator that nobody reads would listen to the signal for ever.
      scope = standaloneContext({ signal: params.signal, clock: this.terms.clock });
      const { onWarning } = params;
      if (onWarning !== undefined) Object.assign(scope, { warn: onWarning });
      const request = generateRequest(modelId, prompt, params);
      const model = this.catalogue.find(modelId) ?? (await this.catalogue.lookUp(modelId, scope.signal));
      if (model === undefined) throw this.#unknownModel(modelId);
      const issues = parameterIssues(request.parameters satisfies GenerationParameters, model);
      if (issues.length > 0) throw new InvalidRequestError(issues);
      return new TextPieces(this.call({ ...request, model: model.id }, scope));
    };
    return new TextStream(open, () => scope?.release());
  }

  /** What is left to spend. Needs a gateway key or an OIDC token. @throws GatewayError, `signal.reason` untouched */
  async credits(signal?: AbortSignal): Promise<Credits> {
    // Here and below: few processes ask, and all would wait for the import.
    const { parseCredits } = await import('./account-records.js');
    return parseCredits(await this.#get('/v1/credits', signal));
  }

  /**
   * The gateway's record of one answer. Records appear some seconds after the answer, so this asks again, at growing
   * distances, until `waitMs` are over.
   * @param id `responseId` of the answer, such as `gen_01K…`; where that is of another kind, `generationId` in its
   * `providerMetadata`.
   * @throws TimeoutError when no record appeared; InvalidRequestError for what is no such id; every other GatewayError; `signal.reason` untouched.
   */
  async generation(id: string, options: GenerationOptions = {}): Promise<Generation> {
    const { generationRecord } = await import('./generation-record.js');
    const { signal } = options;
    return generationRecord(id, options, this.terms.clock, (path) => this.#get(path, signal));
  }

  /**
   * What was spent, added up by day, user, model and so on. Needs a gateway key or an OIDC token of a paying team; Vercel
   * charges for each report.
   * @throws InvalidRequestError naming every field that is wrong; every other GatewayError; `signal.reason` untouched.
   */
  async report(options: ReportOptions): Promise<readonly ReportRow[]> {
    const { parseReport, reportPath } = await import('./spend-report.js');
    const path = reportPath(options);
    return parseReport(await this.#get(path, options.signal));
  }

  /** Who serves a model, at what price and how well, as the gateway tells it now. @throws GatewayError, `signal.reason` untouched */
  async endpoints(modelId: VercelModelId, signal?: AbortSignal): Promise<ModelEndpoints> {
    const { endpointsPath, parseEndpoints } = await import('./model-endpoints.js');
    const path = endpointsPath(this.catalogue.find(modelId)?.id ?? modelId);
    return parseEndpoints(await this.#getOpen(path, signal));
  }

  override close(): Promise<void> {
    this.#credentials.close();
    return super.close();
  }

  protected override callOf(request: ModelRequest, context: CallContext): ChatCall | UnaryCall {
    return request.kind === 'completion'
      ? new ChatCall(request, this.terms, context)
      : new UnaryCall(request, this.terms, context);
  }

  protected override errorOf(answer: HttpAnswer, body: string, credential: Credential | undefined): GatewayError {
    const { settings, clock } = this.terms;
    return errorFromAnswer(answer, body, { origin: settings.origin, credential, epochMs: clock.epochMs() });
  }

  async #credential(signal: AbortSignal | undefined): Promise<Credential> {
    const found = this.#credentials.find();
    return 'then' in found ? abortable(found, signal) : found;
  }

  #unknownModel(modelId: string): ModelNotFoundError {
    const story = this.catalogue.explain(modelId);
    const near =
      story === undefined
        ? nearest(
            modelId,
            this.catalogue.list().map((model) => model.id),
          )
        : [];
    const hint = near.length === 0 ? '' : ` Did you mean ${near.map((id) => `"${id}"`).join(' or ')}?`;
    return new ModelNotFoundError(
      `Vercel AI Gateway has no model "${modelId}".${story === undefined ? hint : ` ${story}`}`,
    );
  }

  async #fetchModels(signal: AbortSignal): Promise<readonly LiveModel[]> {
    const json = await this.#getOpen('/v1/models', signal);
    const { parseLiveModels } = await import('./live-models.js');
    return parseLiveModels(json, this.terms.clock.epochMs());
  }

  /** What is open to everyone is not shown a credential, unless somebody on the way asks for one. */
  async #getOpen(path: string, signal: AbortSignal | undefined): Promise<unknown> {
    try {
      return await this.ask({ path, key: undefined, signal });
    } catch (error) {
      if (!(error instanceof CredentialRejectedError)) throw error;
      return this.#get(path, signal);
    }
  }

  async #get(path: string, signal: AbortSignal | undefined): Promise<unknown> {
    return this.ask({ path, key: await this.#credential(signal), signal });
  }
}
