import type { JsonObject, ResponseEndEvent, StreamEvent, Warning } from '@headrace/core/plugin';
import type { BodyDecoder } from '@headrace/wire';
import { describe, expect, it } from '@jest/globals';
import { GatewayWarnings } from './gateway-warnings.js';

const CHARGED = { usd: 0.5, certainty: 'exact', source: 'provider' } as const;

/** An answer that ends as told, read through the class. */
const readEnd = (gateway: JsonObject, more: Partial<ResponseEndEvent> = {}) => {
  const end: ResponseEndEvent = {
    type: 'response-end',
    reason: 'stop',
    rawReason: 'stop',
    providerMetadata: { gateway },
    ...more,
  };
  const inner: BodyDecoder = {
    write: (_, events) => void events.push({ type: 'text-delta', text: 'x' }, end),
    end: () => {},
    broken: () => undefined,
  };
  const warnings: Warning[] = [];
  const events: StreamEvent[] = [];
  const decoder = new GatewayWarnings(inner, (warning) => warnings.push(warning));
  decoder.write(new Uint8Array(), events);
  decoder.end(events);
  return { end: events.at(-1) as ResponseEndEvent, count: events.length, warnings };
};

describe('the routing record of an answer', () => {
  it('tells the cost where the usage names none', () => {
    const { end, count } = readEnd({ cost: '0.0000032' });
    expect(end.cost).toEqual({ usd: 0.0000032, certainty: 'exact', source: 'provider' });
    expect(end).toMatchObject({ reason: 'stop', providerMetadata: { gateway: { cost: '0.0000032' } } });
    expect(count).toBe(2);
  });

  it('does not overrule the cost of the usage', () => {
    expect(readEnd({ cost: '9' }, { cost: CHARGED }).end.cost).toEqual(CHARGED);
  });

  it.each([undefined, null, 3, '', ' ', '-1', '1e3', 'NaN', 'free', '0x10', {}])('has no cost in %j', (cost) => {
    expect(readEnd(cost === undefined ? {} : { cost }).end).not.toHaveProperty('cost');
  });

  it('tells each warning once, and not more than twenty', () => {
    const warning = { type: 'unsupported', feature: 'seed' };
    const { warnings } = readEnd({ warnings: Array.from({ length: 50 }, () => warning) });
    expect(warnings).toHaveLength(20);
    expect(warnings[0]).toMatchObject({ code: 'parameter-dropped', field: 'seed' });
  });
});
