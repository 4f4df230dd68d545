import type { JsonObject, ResponseEndEvent, StreamEvent, Warning } from '@headrace/core/plugin';
import type { BodyDecoder } from '@headrace/wire';
import { describe, expect, it } from '@jest/globals';
import { GatewayRecordReader } from './gateway-record.js';

const CHARGED = { usd: 0.5, certainty: 'exact', source: 'provider' } as const;

/** An answer that ends as told, read through the class. */
const readEnd = (gateway: JsonObject, more: Partial<ResponseEndEvent> = {}, asked?: JsonObject) => {
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
  const decoder = new GatewayRecordReader(inner, {
    warn: (warning) => warnings.push(warning),
    told: (text) => text.replaceAll('secret', '[hidden]'),
    routing: asked,
  });
  decoder.write(new Uint8Array(), events);
  decoder.end(events);
  return { end: events.at(-1) as ResponseEndEvent, count: events.length, warnings };
};

describe('the routing record of an answer', () => {
  it.each(['0.0000032', 0.0000032])('tells the cost %j where the usage names none', (cost) => {
    const { end, count } = readEnd({ cost });
    const text = typeof cost === 'string' ? { usdText: cost } : {};
    expect(end.cost).toEqual({ usd: 0.0000032, ...text, certainty: 'exact', source: 'provider' });
    expect(end).toMatchObject({ reason: 'stop', providerMetadata: { gateway: { cost } } });
    expect(count).toBe(2);
  });

  it('does not overrule the cost of the usage', () => {
    expect(readEnd({ cost: '9' }, { cost: CHARGED }).end.cost).toEqual(CHARGED);
  });

  it.each([undefined, null, '', ' ', -1, '-1', '1e3', 'NaN', 'free', '0x10', {}])('has no cost in %j', (cost) => {
    expect(readEnd(cost === undefined ? {} : { cost }).end).not.toHaveProperty('cost');
  });

  it("completes a cost of the usage with the market's price and whose key it was", () => {
    const providerAttempts = [
      { provider: 'openai', credentialType: 'byok', success: false },
      { provider: 'azure', credentialType: 'byok', success: true },
    ];
    const routing = { modelAttempts: [{ providerAttempts }] };
    const { end } = readEnd({ cost: '9', marketCost: '0.75', routing }, { cost: CHARGED });
    expect(end.cost).toEqual({ ...CHARGED, marketUsd: 0.75, ownKey: true });
    const whole = { ...CHARGED, marketUsd: 1, ownKey: false };
    expect(readEnd({ cost: '9', marketCost: '9', routing }, { cost: whole }).end.cost).toEqual(whole);
  });

  it('lists what the gateway tried', () => {
    const providerAttempts = [{ provider: 'openai', success: true, statusCode: 200, startTime: 5, endTime: 905 }];
    const routing = { modelAttempts: [{ canonicalSlug: 'openai/gpt-5', providerAttempts }] };
    expect(readEnd({ routing }).end.upstreamAttempts).toEqual([
      { provider: 'openai', model: 'openai/gpt-5', success: true, status: 200, durationMs: 900 },
    ]);
    expect(readEnd({}).end).not.toHaveProperty('upstreamAttempts');
  });

  const modelAttempt = (canonicalSlug: string, success: boolean) => ({
    canonicalSlug,
    providerAttempts: [{ provider: 'a', success, ...(success ? {} : { error: 'no secret room' }) }],
  });

  it('says that another model served, which the option `models` allows', () => {
    const modelAttempts = [modelAttempt('openai/gpt-5', false), modelAttempt('anthropic/claude-sonnet-5', true)];
    const { warnings, end } = readEnd({ routing: { modelAttempts } });
    expect(warnings).toEqual([
      {
        code: 'model-fallback',
        field: 'model',
        message: 'openai/gpt-5 did not serve; anthropic/claude-sonnet-5 did in its place.',
      },
    ]);
    expect(end.upstreamAttempts?.[0]?.error).toBe('no [hidden] room');
    expect(readEnd({ routing: { modelAttempts: [modelAttempts[1] ?? {}] } }).warnings).toEqual([]);
  });

  it.each([
    [{}, {}, 'the usual tier'],
    [{}, { service_tier: 'default' }, 'the tier "default"'],
    [{ serviceTier: 'priority' }, {}, 'the tier "priority"'],
  ])('says of the record %j beside %j that the tier asked for was not served', (gateway, more, instead) => {
    const told = readEnd(gateway, { providerMetadata: { gateway, ...more } }, { serviceTier: 'flex' });
    expect(told.warnings).toEqual([
      expect.objectContaining({ code: 'service-tier-not-served', message: expect.stringContaining(instead) }),
    ]);
  });

  it('says nothing of a tier that was served, or that nobody asked for', () => {
    expect(readEnd({ serviceTier: 'flex' }, {}, { serviceTier: 'flex' }).warnings).toEqual([]);
    const envelope = { providerMetadata: { gateway: {}, service_tier: 'flex' } };
    expect(readEnd({}, envelope, { serviceTier: 'flex' }).warnings).toEqual([]);
    expect(readEnd({}, {}, { order: ['azure'] }).warnings).toEqual([]);
  });

  it.each([null, 'x', 3, []])('leaves an answer as it is whose record is %j', (gateway) => {
    const end = { type: 'response-end', reason: 'stop', rawReason: 'stop', providerMetadata: { gateway } };
    expect(readEnd({}, { providerMetadata: { gateway } }).end).toEqual(end);
  });

  it('tells each warning once, and not more than twenty', () => {
    const warning = { type: 'unsupported', feature: 'seed' };
    const { warnings } = readEnd({ warnings: Array.from({ length: 50 }, () => warning) });
    expect(warnings).toHaveLength(20);
    expect(warnings[0]).toMatchObject({ code: 'parameter-dropped', field: 'seed' });
  });
});
