import type { ModelInfo } from '../contract/model-info.js';
import type { CompletionRequest } from '../contract/request.js';
import { ContextLengthError } from '../errors/caller-errors.js';
import { windowOf } from '../registry/check-capabilities.js';
import { estimateMeasured } from './estimate-tokens.js';
import type { MeasuredRequest } from './measure-request.js';

const ADVICE = 'Shorten it or take a model with a larger context.';

/** Why the input cannot fit, even by a low estimate; undefined when it may. */
export const lengthFault = (
  measured: MeasuredRequest,
  request: CompletionRequest,
  info: ModelInfo,
): ContextLengthError | undefined => {
  const window = windowOf(info);
  if (window === undefined || window <= 0) return undefined;
  const { inputAtLeast } = estimateMeasured(measured, request, info);
  if (inputAtLeast <= window) return undefined;
  return new ContextLengthError(
    `The input has at least ${inputAtLeast} tokens by a low estimate; ${info.id} takes ${window}. ${ADVICE}`,
  );
};

/**
 * Why input and asked output together cannot fit; undefined when they may. Where the input has a limit of its own the
 * output does not count, and a limit of output as large as the window asks for no more than there is.
 */
export const outputFault = (
  measured: MeasuredRequest,
  request: CompletionRequest,
  info: ModelInfo,
): ContextLengthError | undefined => {
  const { contextWindow, maxInputTokens } = info;
  const asked = request.parameters.maxOutputTokens;
  if (asked === undefined || contextWindow === undefined || maxInputTokens !== undefined) return undefined;
  if (asked >= contextWindow) return undefined;
  const { inputAtLeast } = estimateMeasured(measured, request, info);
  if (inputAtLeast + asked <= contextWindow) return undefined;
  return new ContextLengthError(
    `The input has at least ${inputAtLeast} tokens by a low estimate, which leaves no room for ${asked} of output; ${info.id} takes ${contextWindow} together. ${ADVICE}`,
  );
};
