import type { ModelRequest } from '../contract/request.js';
import { GatewayError } from '../errors/gateway-error.js';
import { type CostEstimate, estimateCost } from '../estimate/estimate-cost.js';
import { estimateMeasured, type TokenEstimate } from '../estimate/estimate-tokens.js';
import { lengthFault, outputFault } from '../estimate/length-fault.js';
import { type MeasuredRequest, measureRequest } from '../estimate/measure-request.js';
import { mayNotFit } from '../registry/check-capabilities.js';
import { layered, mergedOptions, type ParameterLayers } from '../registry/layered-parameters.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import type { RouteTarget } from '../registry/routes.js';
import type { Target } from '../registry/target.js';
import { fitTarget, type Planned } from './plan-stage.js';

/** One request on its way to several targets. */
export interface RoutedRequest {
  readonly request: ModelRequest;
  readonly models: ModelRegistry;
  /** Refuse what would otherwise be dropped with a warning. */
  readonly strict: boolean;
  /** Where its parameters come from, for targets with parameters of their own. */
  readonly layers?: ParameterLayers | undefined;
  /** When the call began, in ms since 1970: prices have dates. */
  readonly epochMs: number;
  /** There is no other target that may have more room for the output. Default false. */
  readonly isAlone?: boolean;
}

/** The request as the target takes it, or why it does not; neither for a model that is yet to be looked up. */
export interface Fit {
  readonly planned?: Planned;
  readonly error?: GatewayError;
}

/** Measures a request when somebody first asks, and once. */
export class LazyMeasure {
  #measured: MeasuredRequest | undefined;

  constructor(private readonly request: ModelRequest) {}

  get(): MeasuredRequest {
    this.#measured ??= measureRequest(this.request);
    return this.#measured;
  }
}

const resolved = (models: ModelRegistry, reference: string): Target | undefined => {
  try {
    return models.resolveNow(reference);
  } catch {
    return undefined;
  }
};

/** The caller's word goes over the target's, and the target's over what is for all targets. */
export const requestFor = (
  listed: RouteTarget,
  { request, layers }: Pick<RoutedRequest, 'request' | 'layers'>,
): ModelRequest => {
  const { reference: model, parameters, providerOptions } = listed;
  const options =
    providerOptions === undefined ? {} : { providerOptions: mergedOptions(providerOptions, request.providerOptions) };
  if (request.kind !== 'completion' || parameters === undefined) return { ...request, model, ...options };
  // None were kept for a call that a middleware sent here: then all it has is its own.
  const { defaults, asked } = layers ?? { defaults: {}, asked: request.parameters };
  return { ...request, model, ...options, parameters: layered(layered(defaults, parameters), asked) };
};

/** A target of a route as one call sees it: looked up and made to fit when it is asked for, and once. */
export class Candidate {
  readonly name: string;
  /** Its share of the calls, beside the weights of the others. */
  readonly weight: number;
  #request: ModelRequest | undefined;
  /** `null`: nobody has looked yet. */
  #target: Target | null | undefined = null;
  #fit: Fit | undefined;
  #cost: CostEstimate | undefined;

  constructor(
    private readonly listed: RouteTarget,
    private readonly call: RoutedRequest,
    private readonly measure: LazyMeasure,
  ) {
    this.name = listed.name;
    this.weight = listed.weight;
  }

  /** The request with the target's own options; `model` is the reference. */
  get request(): ModelRequest {
    this.#request ??= requestFor(this.listed, this.call);
    return this.#request;
  }

  /** Undefined for a model that is yet to be looked up. */
  get target(): Target | undefined {
    if (this.#target === null) this.#target = resolved(this.call.models, this.listed.reference);
    return this.#target;
  }

  get fit(): Fit {
    this.#fit ??= this.#made();
    return this.#fit;
  }

  /** By what the target is sent, where it takes the request; otherwise by what was asked for. */
  get estimate(): TokenEstimate {
    return estimateMeasured(this.measure.get(), this.fit.planned?.request ?? this.request, this.target?.info);
  }

  get cost(): CostEstimate {
    this.#cost ??= estimateCost(this.target?.info, this.estimate, this.call.epochMs);
    return this.#cost;
  }

  #made(): Fit {
    const { target } = this;
    if (target === undefined) return {};
    try {
      const planned = fitTarget(this.call.models, this.#asked(), target, this.call.strict);
      const error = this.#lengthFault(planned, target);
      return error === undefined ? { planned } : { error };
    } catch (error) {
      if (!GatewayError.is(error)) throw error;
      return { error };
    }
  }

  /** As it is to fit: the model is the target's then anyway. */
  #asked(): ModelRequest {
    const { parameters, providerOptions } = this.listed;
    return parameters === undefined && providerOptions === undefined ? this.call.request : this.request;
  }

  #lengthFault({ request }: Planned, { info }: Target): GatewayError | undefined {
    if (info === undefined || request.kind !== 'completion') return undefined;
    const { isAlone } = this.call;
    if (!mayNotFit(request, info, isAlone === true ? 0 : request.parameters.maxOutputTokens)) return undefined;
    const measured = this.measure.get();
    const fault = lengthFault(measured, request, info);
    return fault ?? (isAlone === true ? undefined : outputFault(measured, request, info));
  }
}
