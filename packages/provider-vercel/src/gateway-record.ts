import type { GatewayError, JsonValue, ResponseEndEvent, StreamEvent, Warning } from '@headrace/core/plugin';
import type { BodyDecoder } from '@headrace/wire';
import { gatewayCost } from './gateway-cost.js';
import { upstreamAttemptsOf } from './upstream-attempts.js';
import { upstreamText } from './upstream-text.js';

const memberOf = (value: JsonValue | undefined, key: string): JsonValue | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { [key: string]: JsonValue })[key]
    : undefined;

const textOf = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? upstreamText(value) : undefined;

const warningOf = (said: JsonValue): Warning => {
  const type = textOf(memberOf(said, 'type')) ?? 'other';
  const feature = textOf(memberOf(said, 'feature')) ?? textOf(memberOf(said, 'setting'));
  const details = textOf(memberOf(said, 'details')) ?? textOf(memberOf(said, 'message'));
  const subject = feature === undefined ? type : `${type}: ${feature}`;
  return {
    code: type === 'unsupported' ? 'parameter-dropped' : 'upstream-warning',
    message: `Vercel AI Gateway says "${subject}"${details === undefined ? '.' : `: ${details}`}`,
    ...(feature === undefined ? {} : { field: feature }),
  };
};

type WritableEnd = { -readonly [K in keyof ResponseEndEvent]: ResponseEndEvent[K] };

const MAX_WARNINGS = 20;

/**
 * Passes an answer through and reads the gateway's routing record in it, once and at the end: tells its warnings, lists
 * what the gateway tried, and completes the cost where the usage leaves it open.
 */
export class GatewayRecordReader implements BodyDecoder {
  constructor(
    private readonly inner: BodyDecoder,
    private readonly warn: (warning: Warning) => void,
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
    const record = memberOf(last.providerMetadata, 'gateway');
    if (record === undefined) return;
    // Nobody but us has seen it yet: the decoder has made it in this very call.
    const end: WritableEnd = last;
    const attempts = upstreamAttemptsOf(record, upstreamText);
    if (attempts !== undefined) end.upstreamAttempts = attempts;
    const cost = gatewayCost(end.cost, record, attempts);
    if (cost !== undefined) end.cost = cost;
    const warnings = memberOf(record, 'warnings');
    if (Array.isArray(warnings)) for (const said of warnings.slice(0, MAX_WARNINGS)) this.warn(warningOf(said));
  }
}
