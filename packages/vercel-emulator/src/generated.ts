import type { SeedModel } from './catalogue-seed.js';
import type { Warning } from './parameter-support.js';
import type { RoutingOutcome } from './routing-outcome.js';
import { type RecordContext, routingRecord } from './routing-record.js';
import { type Bill, costStrings, type TokenCounts } from './usage.js';

/** One answered request, whatever its kind: who served it, what it costs, and the answer itself. */
export interface Generated<Answer = unknown> {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly startTime: number;
  readonly askedModel: string;
  /** The model that served, which is a fallback's when the first one failed. */
  readonly model: SeedModel;
  readonly provider: string;
  readonly outcome: RoutingOutcome;
  readonly answer: Answer;
  /** As `GET /v1/generation` tells it. */
  readonly finishReason: string;
  readonly counts: TokenCounts;
  readonly bill: Bill;
  readonly warnings: readonly Warning[];
  /** Only OpenAI's own models report one. */
  readonly serviceTier: string | undefined;
  readonly session: string;
  readonly affinity: string | undefined;
}

function providerObject({ provider, id, serviceTier }: Generated): object {
  if (provider === 'openai' || provider === 'azure') {
    return { responseId: `resp_${id.slice(4).toLowerCase()}`, ...(serviceTier === undefined ? {} : { serviceTier }) };
  }
  return provider === 'baseten' ? { acceptedPredictionTokens: 0, rejectedPredictionTokens: 0 } : {};
}

/** `provider_metadata`. @param endTime when the answer was complete, in epoch milliseconds */
export function providerMetadata(generated: Generated, endTime: number): Record<string, unknown> {
  const { serviceTier, warnings, id, provider, bill } = generated;
  const context: RecordContext = { ...generated, endTime };
  return {
    [provider]: providerObject(generated),
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
