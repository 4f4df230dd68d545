import {
  type CallObserver,
  createGateway,
  type Gateway,
  type GatewayOptions,
  OverloadedError,
  TransportError,
} from '@headrace/core';
import { end, fail, fakeClock, fixedRandom, hang, phase, scriptedProvider, text } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import {
  type Attributes,
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { canaryPrompt } from '../../testing/src/__fixtures__/canaries/canary.js';
import { openTelemetry } from './index.js';

type Script = Parameters<typeof scriptedProvider>[0];

/** A host's SDK, in memory. */
const sdk = () => {
  const spans = new InMemorySpanExporter();
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 2 ** 30 });
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const pointsOf = async (name: string) => {
    await reader.forceFlush();
    const found =
      metrics
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
    const metric = found.find(({ descriptor }) => descriptor.name === name);
    return { metric, points: metric?.dataPoints ?? [] };
  };
  return { tracerProvider, meterProvider, spans, pointsOf, observer: openTelemetry({ tracerProvider, meterProvider }) };
};

const request = { model: 'scripted:small', prompt: canaryPrompt('Say something.') };

const gatewayOver = (
  script: Script,
  observer: CallObserver,
  options: Partial<GatewayOptions> = {},
  { origin }: { readonly origin?: string | undefined } = {},
) => {
  const provider = scriptedProvider(script, { repeatLast: true, ...(origin === undefined ? {} : { origin }) });
  const gateway: Gateway = createGateway({
    providers: [provider],
    observers: [observer],
    retry: { baseDelayMs: 0 },
    random: fixedRandom(0),
    ...options,
  });
  return { provider, gateway };
};

const finished = ({ spans }: ReturnType<typeof sdk>) => {
  const all = spans.getFinishedSpans();
  const attempts = all.filter(({ name }) => name.startsWith('attempt '));
  const [call, ...others] = all.filter((span) => !attempts.includes(span));
  if (call === undefined || others.length > 0) throw new Error(`${others.length} other spans`);
  return { call, attempts };
};

const msOf = ([seconds, nanoseconds]: ReadableSpan['startTime']): number => seconds * 1_000 + nanoseconds / 1e6;

const full = new OverloadedError('no room', { upstream: { status: 503 } });

describe('the span of a call', () => {
  it('is one of kind client, with what was asked, who served and what was reported', async () => {
    const host = sdk();
    const script: Script = [
      [text('a'), end({ usage: { input: 7, output: 3, cacheRead: 2, reasoning: 1 }, cost: 0.5 })],
    ];
    const { gateway } = gatewayOver(script, host.observer);
    await using _ = gateway;
    const { receipt } = await gateway.stream(request).final();
    const { call, attempts } = finished(host);
    expect([call.name, call.kind, call.status.code]).toEqual(['chat small', SpanKind.CLIENT, SpanStatusCode.UNSET]);
    expect(call.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'scripted',
      'gen_ai.request.model': 'small',
      'gen_ai.request.stream': true,
      'gen_ai.response.id': receipt.servedBy?.responseId,
      'gen_ai.response.model': receipt.attempts[0]?.responseModel,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 7,
      'gen_ai.usage.output_tokens': 3,
      'gen_ai.usage.cache_read.input_tokens': 2,
      'gen_ai.usage.reasoning.output_tokens': 1,
      'headrace.call.id': receipt.id,
      'headrace.outcome': 'complete',
      'headrace.attempts': 1,
      'headrace.cost.usd': 0.5,
    });
    expect(call.attributes).not.toHaveProperty('error.type');
    expect(attempts).toHaveLength(1);
  });

  it('has an attempt under it for each of the receipt, with the times of the receipt', async () => {
    const host = sdk();
    const clock = fakeClock(Date.UTC(2026, 0, 1));
    const { gateway, provider } = gatewayOver(
      [[fail(full)], [phase('connected'), hang()], [text('a'), end()]],
      host.observer,
      {
        clock,
        retry: { baseDelayMs: 2_000, maxAttempts: 3 },
        decisions: { silence: { sameTarget: true } },
        clocks: { firstContentMs: 5_000, totalMs: 5_000 },
        random: fixedRandom(0.5),
      },
    );
    await using _ = gateway;
    const answer = gateway.complete(request);
    await provider.waitForCall(1);
    await clock.advance(1_000);
    await provider.waitForCall(2);
    await clock.advance(5_000);
    await clock.advance(2_000);
    const { receipt } = await answer;
    const { call, attempts } = finished(host);
    expect(attempts.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
      attempts.map(() => call.spanContext().spanId),
    );
    const epochMs = Date.parse(receipt.startedAt);
    const times = (span: ReadableSpan) => [msOf(span.startTime) - epochMs, msOf(span.endTime) - epochMs];
    expect(times(call)).toEqual([0, receipt.durationMs]);
    expect(attempts.map(times)).toEqual(
      receipt.attempts.map(({ startedAfterMs, durationMs }) => [startedAfterMs, startedAfterMs + durationMs]),
    );
    expect(attempts.map(({ attributes }) => attributes['error.type'])).toEqual([
      'overloaded',
      'total-timeout',
      undefined,
    ]);
    expect(attempts.map(({ status }) => status.code)).toEqual([
      SpanStatusCode.ERROR,
      SpanStatusCode.ERROR,
      SpanStatusCode.UNSET,
    ]);
    expect(attempts[0]?.attributes['http.response.status_code']).toBe(503);
  });

  it('is an error with a code when the call failed, and none when its caller ended it', async () => {
    const failing = sdk();
    const failed = gatewayOver([[fail(full)]], failing.observer);
    await expect(failed.gateway.complete(request)).rejects.toThrow('no room');
    await failed.gateway.dispose();
    const { call } = finished(failing);
    expect(call.status).toEqual({ code: SpanStatusCode.ERROR, message: 'overloaded' });
    expect(call.attributes).toMatchObject({ 'error.type': 'overloaded', 'headrace.attempts': 3 });
    const leaving = sdk();
    const left = gatewayOver([[text('a'), hang()]], leaving.observer);
    for await (const _piece of left.gateway.stream(request).text()) break;
    await left.gateway.dispose();
    const abandoned = finished(leaving).call;
    expect(abandoned.status.code).toBe(SpanStatusCode.UNSET);
    expect(abandoned.attributes).toMatchObject({
      'headrace.outcome': 'cancelled',
      'headrace.usage.certainty': 'estimated',
    });
    expect(abandoned.attributes).not.toHaveProperty('gen_ai.usage.input_tokens');
  });

  it.each([
    ['https://api.example.com', 'api.example.com', 443],
    ['http://127.0.0.1:8080', '127.0.0.1', 8_080],
    ['http://[::1]', '::1', 80],
    ['not an origin', undefined, undefined],
    [undefined, undefined, undefined],
  ])('and its attempts have the server of %s', async (origin, address, port) => {
    const host = sdk();
    const { gateway } = gatewayOver([[fail(full)], [text('a'), end()]], host.observer, {}, { origin });
    await using _ = gateway;
    await gateway.complete(request);
    const { call, attempts } = finished(host);
    const server = (attributes: Attributes | undefined) => [
      attributes?.['server.address'],
      attributes?.['server.port'],
    ];
    for (const span of [call, ...attempts]) expect(server(span.attributes)).toEqual([address, port]);
    const { points } = await host.pointsOf('gen_ai.client.operation.duration');
    expect(server(points[0]?.attributes)).toEqual([address, port]);
  });

  it('is the parent of what the upstream does, and a child of the span that is active or that the caller names', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    try {
      const host = sdk();
      const { gateway, provider } = gatewayOver([[text('a'), end()]], host.observer);
      await using _ = gateway;
      const outer = host.tracerProvider.getTracer('host').startSpan('outer');
      await context.with(trace.setSpan(ROOT_CONTEXT, outer), () => gateway.complete(request));
      const { call } = finished(host);
      const { traceId, spanId } = call.spanContext();
      expect([traceId, call.parentSpanContext?.spanId]).toEqual([
        outer.spanContext().traceId,
        outer.spanContext().spanId,
      ]);
      expect(provider.calls[0]?.context.trace).toEqual({ traceparent: `00-${traceId}-${spanId}-01` });
      host.spans.reset();
      const named = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'x=y' };
      await context.with(trace.setSpan(ROOT_CONTEXT, outer), () => gateway.complete({ ...request, trace: named }));
      const second = finished(host).call;
      expect([second.spanContext().traceId, second.parentSpanContext?.spanId]).toEqual([
        'a'.repeat(32),
        'b'.repeat(16),
      ]);
      expect(provider.calls[1]?.context.trace?.tracestate).toBe('x=y');
      host.spans.reset();
      await gateway.complete({ ...request, trace: { traceparent: 'nonsense' } });
      expect(finished(host).call.parentSpanContext).toBeUndefined();
    } finally {
      context.disable();
    }
  });

  it.each<[string, Partial<GatewayOptions>, object, string]>([
    ['that its limits refuse', { limits: { gateway: { requestsPerMinute: 1 }, maxQueue: 0 } }, {}, 'limit-reached'],
    ['to nobody that is known', {}, { model: 'nobody:made-up' }, 'unknown-provider'],
    [
      'that a middleware refuses',
      { middleware: [{ name: 'no', forCall: () => ({ onRequest: () => ({ refuse: 'no' }) }) }] },
      {},
      'refused-by-middleware',
    ],
  ])('tells of a call %s, with no attempt under it', async (_, options, asked, code) => {
    const host = sdk();
    const { gateway, provider } = gatewayOver([[text('a'), end()]], host.observer, options);
    await using _gateway = gateway;
    if (options.limits !== undefined) await gateway.complete(request);
    host.spans.reset();
    const before = provider.calls.length;
    await expect(gateway.complete({ ...request, ...asked })).rejects.toMatchObject({ code });
    const { call, attempts } = finished(host);
    expect([attempts, provider.calls.length]).toEqual([[], before]);
    expect(call.status).toEqual({ code: SpanStatusCode.ERROR, message: code });
    expect(call.attributes).toMatchObject({ 'error.type': code, 'headrace.outcome': 'failed', 'headrace.attempts': 0 });
    const { points } = await host.pointsOf('gen_ai.client.operation.duration');
    expect(points.map(({ attributes }) => attributes['error.type'])).toContain(code);
  });

  it('holds no text of the prompt, of the answer, or of an error', async () => {
    const host = sdk();
    const secret = canaryPrompt('a secret');
    const { gateway } = gatewayOver(
      [[fail(new TransportError('words of an error'))], [text('words of an answer'), end()]],
      host.observer,
    );
    await using _ = gateway;
    await gateway.complete({ ...request, prompt: secret });
    const all = host.spans
      .getFinishedSpans()
      .map(({ name, attributes, status, events }) => [name, attributes, status, events]);
    const told = JSON.stringify(all);
    for (const words of [secret, 'words of an error', 'words of an answer']) expect(told).not.toContain(words);
  });

  it('leaves the call alone when the tracer throws, and tells the host', async () => {
    const broken = {
      startSpan: () => {
        throw new Error('broken tracer');
      },
    } as unknown as Tracer;
    const half: Tracer = {
      ...broken,
      startSpan: (...args) => {
        if (args[0].startsWith('attempt')) throw new Error('broken tracer');
        return sdk()
          .tracerProvider.getTracer('x')
          .startSpan(...args);
      },
    };
    for (const tracer of [broken, half]) {
      const errors: unknown[] = [];
      const host = sdk();
      const tracerProvider: TracerProvider = { getTracer: () => tracer };
      const observer = openTelemetry({ tracerProvider, meterProvider: host.meterProvider });
      const { gateway } = gatewayOver([[text('a'), end()]], observer, {
        onHookError: (error) => void errors.push(String(error)),
      });
      await using _ = gateway;
      expect((await gateway.complete(request)).text).toBe('a');
      expect(errors).toEqual(['Error: broken tracer']);
      if (tracer === half) expect((await host.pointsOf('gen_ai.client.operation.duration')).points).toHaveLength(1);
    }
  });

  it('is in the host’s own exporter alone: two gateways share nothing', async () => {
    const [one, other] = [sdk(), sdk()];
    const first = gatewayOver([[text('a'), end()]], one.observer);
    const second = gatewayOver([[text('a'), end()]], other.observer);
    await first.gateway.complete(request);
    await Promise.all([first.gateway.dispose(), second.gateway.dispose()]);
    expect([one.spans.getFinishedSpans().length, other.spans.getFinishedSpans().length]).toEqual([2, 0]);
    expect((await other.pointsOf('gen_ai.client.operation.duration')).points).toEqual([]);
  });

  it('costs a host without an SDK nothing but the call: the trace stays as it was', async () => {
    const { gateway, provider } = gatewayOver([[text('a'), end()]], openTelemetry());
    await using _ = gateway;
    await gateway.complete({ ...request, trace: { traceparent: 'own' } });
    expect(provider.calls[0]?.context.trace).toEqual({ traceparent: 'own' });
  });
});

describe('the metrics', () => {
  it('have the duration of every call, with its error, in seconds', async () => {
    const host = sdk();
    const { gateway } = gatewayOver([[text('a'), end()], [fail(full)]], host.observer, { retry: { maxAttempts: 1 } });
    await using _ = gateway;
    await gateway.complete(request);
    await gateway.complete(request).catch(() => {});
    await gateway.complete({ ...request, model: 'nobody:made-up' }).catch(() => {});
    const { metric, points } = await host.pointsOf('gen_ai.client.operation.duration');
    expect(metric?.descriptor.unit).toBe('s');
    expect(points.map(({ attributes }) => [attributes['gen_ai.request.model'], attributes['error.type']])).toEqual([
      ['small', undefined],
      ['small', 'overloaded'],
      [undefined, 'unknown-provider'],
    ]);
    const [first] = points.map(({ value }) => value as Histogram);
    expect(first?.buckets.boundaries.slice(0, 3)).toEqual([0.01, 0.02, 0.04]);
  });

  it('count reported tokens by direction and model, and no estimates', async () => {
    const host = sdk();
    const script: Script = [
      [text('a'), end({ usage: { input: 7, output: 3 } })],
      [text('a'), hang()],
    ];
    const { gateway } = gatewayOver(script, host.observer);
    await using _ = gateway;
    await gateway.complete(request);
    for await (const _piece of gateway.stream(request).text()) break;
    const { points } = await host.pointsOf('gen_ai.client.token.usage');
    expect(
      points.map(({ attributes, value }) => [
        attributes['gen_ai.token.type'],
        (value as Histogram).sum,
        (value as Histogram).count,
      ]),
    ).toEqual([
      ['input', 7, 1],
      ['output', 3, 1],
    ]);
  });

  it('have the time to the first content of streams alone', async () => {
    const host = sdk();
    const { gateway } = gatewayOver([[text('a'), end()]], host.observer);
    await using _ = gateway;
    await gateway.complete(request);
    expect((await host.pointsOf('gen_ai.client.operation.time_to_first_chunk')).points).toEqual([]);
    await gateway.stream(request).final();
    expect((await host.pointsOf('gen_ai.client.operation.time_to_first_chunk')).points).toHaveLength(1);
  });
});
