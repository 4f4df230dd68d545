import type { Clock } from '../contract/clock.js';
import type { ModelInfo } from '../contract/model-info.js';
import type { CompletionRequest, ModelRequest } from '../contract/request.js';
import type { EventBatch } from '../contract/stream-event.js';
import type { Warning } from '../contract/warning.js';
import { InvalidRequestError } from '../errors/caller-errors.js';
import { capabilityIssues, mayNotFit } from '../registry/check-capabilities.js';
import { fitDimensions } from '../registry/fit-dimensions.js';
import { kindIssue } from '../registry/kind-issue.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import { resolveParameters } from '../registry/resolve-parameters.js';
import type { Target } from '../registry/target.js';
import { emulatedOutput } from '../schema/emulated-output.js';
import type { CallScope } from './call-scope.js';
import { beforeDeadline } from './in-time.js';
import type { OpenStream, Source, Stage } from './stage.js';

const NONE: readonly never[] = [];
const NO_OUTPUT = 'Take a model with structured output, or let the schema go as an instruction with `strict: false`.';

/** A request as one target takes it. */
export interface Planned {
  readonly request: ModelRequest;
  readonly warnings: readonly Warning[];
}

const fitCompletion = (request: CompletionRequest, target: Target, strict: boolean): Planned => {
  const { info } = target;
  const resolved = resolveParameters(request.parameters, info, strict);
  const emulates = request.outputFormat !== undefined && info?.capabilities?.structuredOutput === false;
  if (info !== undefined) {
    const unable = capabilityIssues(request, info);
    const refused =
      emulates && strict
        ? [{ field: 'output', message: `is not taken by this model (${info.id}).`, remedy: NO_OUTPUT }]
        : NONE;
    if (resolved.issues.length + unable.length + refused.length > 0)
      throw new InvalidRequestError([...resolved.issues, ...unable, ...refused]);
  }
  const fitted: CompletionRequest = { ...request, model: target.model, parameters: resolved.parameters };
  if (!emulates) return { request: fitted, warnings: resolved.warnings };
  const emulated = emulatedOutput(fitted);
  return { request: emulated.request, warnings: [...resolved.warnings, emulated.warning] };
};

/** The request as this target takes it. */
const fit = (request: ModelRequest, target: Target, strict: boolean): Planned => {
  if (request.kind === 'completion') return fitCompletion(request, target, strict);
  const { info, model } = target;
  const fitted = request.kind === 'embedding' && info !== undefined ? fitDimensions(request, info) : request;
  return { request: { ...fitted, model }, warnings: [] };
};

/** Whether, and how, a target serves this request. @throws InvalidRequestError before anything is spent */
export const fitTarget = (models: ModelRegistry, request: ModelRequest, target: Target, strict: boolean): Planned => {
  const unfit = kindIssue(request.kind, target, () => models.list(target.provider.id));
  if (unfit !== undefined) throw new InvalidRequestError([unfit]);
  return fit(request, target, strict);
};

const withWarnings = (open: OpenStream, warnings: readonly Warning[]): OpenStream => {
  const batch: EventBatch = { events: warnings.map((warning) => ({ type: 'warning', warning })) };
  return { ...open, held: [batch, ...open.held] };
};

/** Waits for news of a model that is not known, but neither past an abort nor past the deadline of the call. */
const lookUp = (models: ModelRegistry, reference: string, scope: CallScope, clock: Clock): Promise<Target> =>
  beforeDeadline(models.resolve(reference, scope.signal), scope, clock, `looking up "${reference}"`);

/** Hands a request that fits on to what plays it, with what was changed to make it fit. @throws the reason of a cancel */
export const servePlanned = (next: Source, target: Target, planned: Planned, scope: CallScope): Promise<OpenStream> => {
  if (scope.cancelled) throw scope.cancelReason;
  scope.target = target;
  const opening = next(planned.request, scope);
  return planned.warnings.length === 0 ? opening : opening.then((open) => withWarnings(open, planned.warnings));
};

/** As `servePlanned`, for an input that may be too long. @throws ContextLengthError when even a low estimate is */
const serveLong = async (
  next: Source,
  target: Target,
  planned: Planned,
  request: CompletionRequest,
  info: ModelInfo,
  scope: CallScope,
): Promise<OpenStream> => {
  // Loaded for long inputs only: to count words takes more code than all else here.
  const [{ lengthFault }, { measureRequest }] = await Promise.all([
    import('../estimate/length-fault.js'),
    import('../estimate/measure-request.js'),
  ]);
  const fault = lengthFault(measureRequest(request), request, info);
  if (fault !== undefined) throw fault;
  return servePlanned(next, target, planned, scope);
};

/** Reference to target, and the request made to fit it. Bad input ends here, before anything is spent. */
export const planStage =
  (models: ModelRegistry, clock: Clock): Stage =>
  (next) =>
  (request, scope) => {
    const serve = (target: Target): Promise<OpenStream> => {
      if (scope.cancelled) throw scope.cancelReason;
      scope.target = target;
      const planned = fitTarget(models, request, target, scope.facts.strict);
      const { info } = target;
      if (info === undefined || planned.request.kind !== 'completion' || !mayNotFit(planned.request, info))
        return servePlanned(next, target, planned, scope);
      return serveLong(next, target, planned, planned.request, info, scope);
    };
    try {
      // Nearly every model is known: no promise is spent on those.
      const known = models.resolveNow(request.model);
      return known === undefined ? lookUp(models, request.model, scope, clock).then(serve) : serve(known);
    } catch (error) {
      return Promise.reject(error);
    }
  };
