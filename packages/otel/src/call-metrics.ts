import type { AttemptRecord, BegunCall, Receipt } from '@headrace/core';
import type { Attributes, Histogram, Meter } from '@opentelemetry/api';
import { lastTarget, operationOf, responseModelOf, serverOf, targetAttributes } from './call-attributes.js';

/** Boundaries that the conventions ask for. */
const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

const seconds = (meter: Meter, name: string, description: string): Histogram =>
  meter.createHistogram(name, { unit: 's', description, advice: { explicitBucketBoundaries: SECONDS } });

/** The instruments of one gateway. */
export class CallMetrics {
  readonly #duration: Histogram;
  readonly #firstChunk: Histogram;
  readonly #tokens: Histogram;

  constructor(meter: Meter) {
    this.#duration = seconds(meter, 'gen_ai.client.operation.duration', 'GenAI operation duration.');
    this.#firstChunk = seconds(
      meter,
      'gen_ai.client.operation.time_to_first_chunk',
      'Time from the begin of a call to its first content.',
    );
    this.#tokens = meter.createHistogram('gen_ai.client.token.usage', {
      unit: '{token}',
      description: 'Number of input and output tokens used.',
      advice: { explicitBucketBoundaries: TOKENS },
    });
  }

  record(call: BegunCall, receipt: Receipt): void {
    const target = lastTarget(receipt);
    const operation = { 'gen_ai.operation.name': operationOf(call) };
    const responseModel = responseModelOf(receipt);
    // What was asked for and never found is no label: anybody can ask for anything.
    const attributes: Attributes = {
      ...operation,
      ...(target === undefined ? {} : targetAttributes(target)),
      ...serverOf(receipt),
      ...(responseModel === undefined ? {} : { 'gen_ai.response.model': responseModel }),
    };
    const ending = receipt.failure?.code ?? (receipt.outcome === 'cancelled' ? 'cancelled' : undefined);
    const ended = ending === undefined ? attributes : { ...attributes, 'error.type': ending };
    this.#duration.record(receipt.durationMs / 1_000, ended);
    if (call.delivery === 'stream' && receipt.firstContentMs !== undefined)
      this.#firstChunk.record(receipt.firstContentMs / 1_000, attributes);
    for (const attempt of receipt.attempts) this.#recordTokens(operation, attempt);
  }

  /** Of each attempt by itself: they may be of several models. An estimate is no usage that anybody reported. */
  #recordTokens(operation: Attributes, attempt: AttemptRecord): void {
    const { usage, responseModel } = attempt;
    if (usage === undefined || usage.certainty === 'estimated') return;
    const attributes: Attributes = {
      ...operation,
      ...targetAttributes(attempt),
      ...(responseModel === undefined ? {} : { 'gen_ai.response.model': responseModel }),
    };
    this.#tokens.record(usage.input.total, { ...attributes, 'gen_ai.token.type': 'input' });
    this.#tokens.record(usage.output.total, { ...attributes, 'gen_ai.token.type': 'output' });
  }
}
