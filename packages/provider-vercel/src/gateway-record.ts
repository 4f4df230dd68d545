import type { Cost, GatewayError, JsonValue, StreamEvent, Warning } from '@headrace/core/plugin';
import type { BodyDecoder } from '@headrace/wire';
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

/** The record tells prices as decimal texts. */
const costOf = (value: JsonValue | undefined): Cost | undefined =>
  typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value)
    ? { usd: Number(value), certainty: 'exact', source: 'provider' }
    : undefined;

/**
 * Passes an answer through and reads the gateway's routing record in it: tells its warnings, and takes the cost from it
 * where the usage names none.
 */
export class GatewayWarnings implements BodyDecoder {
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

  #told = false;

  #inspect(events: StreamEvent[]): void {
    // Nothing comes after the end, so one look at the last event is enough.
    const last = events.at(-1);
    if (this.#told || last?.type !== 'response-end') return;
    this.#told = true;
    const record = memberOf(last.providerMetadata, 'gateway');
    const cost = last.cost ?? costOf(memberOf(record, 'cost'));
    if (cost !== undefined && last.cost === undefined) events[events.length - 1] = { ...last, cost };
    const warnings = memberOf(record, 'warnings');
    if (Array.isArray(warnings)) for (const said of warnings.slice(0, 20)) this.warn(warningOf(said));
  }
}
