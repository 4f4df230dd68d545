import type {
  GatewayError,
  JsonObject,
  JsonValue,
  ResponseEndEvent,
  StreamEvent,
  UpstreamAttempt,
  Warning,
} from '@headrace/core/plugin';
import type { BodyDecoder } from '@headrace/wire';
import { memberOf } from '@headrace/wire/provider';
import { gatewayCost } from './gateway-cost.js';
import { upstreamAttemptsOf } from './upstream-attempts.js';

const warningOf = (said: unknown, told: (text: string) => string): Warning => {
  const textOf = (key: string): string | undefined => {
    const value = memberOf(said, key);
    return typeof value === 'string' && value !== '' ? told(value) : undefined;
  };
  const type = textOf('type') ?? 'other';
  const feature = textOf('feature') ?? textOf('setting');
  const details = textOf('details') ?? textOf('message');
  const subject = feature === undefined ? type : `${type}: ${feature}`;
  return {
    code: type === 'unsupported' ? 'parameter-dropped' : 'upstream-warning',
    message: `Vercel AI Gateway says "${subject}"${details === undefined ? '.' : `: ${details}`}`,
    ...(feature === undefined ? {} : { field: feature }),
  };
};

type WritableEnd = { -readonly [K in keyof ResponseEndEvent]: ResponseEndEvent[K] };

const MAX_WARNINGS = 20;

export interface GatewayRecordOptions {
  warn(warning: Warning): void;
  /** Makes upstream's words fit to be shown. */
  told(text: string): string;
  /** The routing options that were sent. */
  readonly routing: JsonValue | undefined;
}

/** Another model than the first one that was tried served: a fallback of the option `models`. */
const fallbackWarning = (attempts: readonly UpstreamAttempt[]): Warning | undefined => {
  const first = attempts[0]?.model;
  const served = attempts.findLast(({ success }) => success)?.model;
  if (attempts.length < 2 || first === undefined || served === undefined || first === served) return undefined;
  return { code: 'model-fallback', field: 'model', message: `${first} did not serve; ${served} did in its place.` };
};

/** The gateway tells the tier only where it was really served. */
const tierWarning = (asked: JsonValue | undefined, record: unknown, metadata: JsonObject): Warning | undefined => {
  const tier = memberOf(asked, 'serviceTier');
  if (typeof tier !== 'string') return undefined;
  const served = memberOf(record, 'serviceTier') ?? metadata['service_tier'];
  if (served === tier) return undefined;
  const instead = typeof served === 'string' ? `the tier "${served}"` : 'the usual tier';
  const message = `The answer was not served in the tier "${tier}" but in ${instead}, at its price.`;
  return { code: 'service-tier-not-served', field: 'serviceTier', message };
};

/**
 * Passes an answer through and reads the gateway's routing record in it, once and at the end: tells its warnings, lists
 * what the gateway tried, and completes the cost where the usage leaves it open.
 */
export class GatewayRecordReader implements BodyDecoder {
  constructor(
    private readonly inner: BodyDecoder,
    private readonly options: GatewayRecordOptions,
  ) {}

  write(bytes: Uint8Array, events: StreamEvent[]): void {
    this.inner.write(bytes, events);
    this.#inspect(events);
  }

  end(events: StreamEvent[]): void {
    this.inner.end(events);
    this.#inspect(events);
  }

  broken(cause: unknown): GatewayError | undefined {
    return this.inner.broken(cause);
  }

  #isRead = false;

  #inspect(events: StreamEvent[]): void {
    // Nothing comes after the end, so one look at the last event is enough.
    const last = events.at(-1);
    if (this.#isRead || last?.type !== 'response-end') return;
    this.#isRead = true;
    const { providerMetadata } = last;
    const record = memberOf(providerMetadata, 'gateway');
    if (record === undefined || providerMetadata === undefined) return;
    const { options } = this;
    const told = (text: string): string => options.told(text);
    // Nobody but us has seen it yet: the decoder has made it in this very call.
    const end: WritableEnd = last;
    const attempts = upstreamAttemptsOf(record, told);
    if (attempts !== undefined) end.upstreamAttempts = attempts;
    const cost = gatewayCost(end.cost, record, attempts);
    if (cost !== undefined) end.cost = cost;
    const fallback = attempts === undefined ? undefined : fallbackWarning(attempts);
    if (fallback !== undefined) options.warn(fallback);
    const { routing } = options;
    const tier = routing === undefined ? undefined : tierWarning(routing, record, providerMetadata);
    if (tier !== undefined) options.warn(tier);
    const warnings = memberOf(record, 'warnings');
    if (Array.isArray(warnings))
      for (const said of warnings.slice(0, MAX_WARNINGS)) options.warn(warningOf(said, told));
  }
}
