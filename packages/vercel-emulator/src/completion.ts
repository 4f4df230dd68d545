import type { Answer } from './answer.js';
import type { SeedModel } from './catalogue-seed.js';
import type { Warning } from './parameter-support.js';
import type { RoutingOutcome } from './routing-outcome.js';
import { type RecordContext, routingRecord } from './routing-record.js';
import { type Bill, costStrings, type TokenCounts } from './usage.js';

/** One answered request: everything its frames or its body are made of. */
export interface Completion {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly startTime: number;
  readonly askedModel: string;
  /** The model that served, which is a fallback's when the first one failed. */
  readonly model: SeedModel;
  readonly provider: string;
  readonly outcome: RoutingOutcome;
  readonly answer: Answer;
  readonly counts: TokenCounts;
  readonly bill: Bill;
  readonly warnings: readonly Warning[];
  /** `fp_` and ten lower-case characters, another one for each request. */
  readonly systemFingerprint: string;
  /** Only OpenAI's own models report one. */
  readonly serviceTier: string | undefined;
  readonly session: string;
  readonly affinity: string | undefined;
}

/** Members that every frame, and the whole body, start with. */
export function envelope(completion: Completion, object: string): Record<string, unknown> {
  return {
    id: completion.id,
    object,
    created: Math.floor(completion.startTime / 1000),
    model: completion.askedModel,
  };
}

function providerObject({ provider, id, serviceTier }: Completion): object {
  if (provider === 'openai' || provider === 'azure') {
    return { responseId: `resp_${id.slice(4).toLowerCase()}`, ...(serviceTier === undefined ? {} : { serviceTier }) };
  }
  return provider === 'baseten' ? { acceptedPredictionTokens: 0, rejectedPredictionTokens: 0 } : {};
}

/** `provider_metadata`. @param endTime when the answer was complete, in epoch milliseconds */
export function providerMetadata(completion: Completion, endTime: number): Record<string, unknown> {
  const { serviceTier, warnings, id, provider, bill } = completion;
  const context: RecordContext = { ...completion, endTime };
  return {
    [provider]: providerObject(completion),
    gateway: {
      routing: routingRecord(context),
      ...costStrings(bill),
      generationId: id,
      ...(serviceTier === 'flex' || serviceTier === 'priority' ? { serviceTier } : {}),
      ...(warnings.length === 0 ? {} : { warnings }),
      emulated: true,
    },
  };
}
