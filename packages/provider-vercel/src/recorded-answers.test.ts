import { type Completion, createGateway } from '@headrace/core';
import { type StreamEvent, systemClock } from '@headrace/core/plugin';
import { completionRequest, everyByte, reply, startUpstream, testContext, write } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { RECORDED_ANSWERS, type RecordedAnswer } from './__fixtures__/recorded-answers.js';
import { ChatCall } from './chat-call.js';
import { credentialsOf } from './vercel-credentials.js';
import { vercel } from './vercel-module.js';
import { VercelSettings } from './vercel-settings.js';

const DETAIL = 'Der Fluss heißt … 川. Also Spree.';

/** What an application is to see of each answer. */
const EXPECTED: Readonly<Record<keyof typeof RECORDED_ANSWERS, object>> = {
  text: {
    text: 'Die Spree fließt 🚣 durch\nBerlin.',
    reasoning: '',
    toolCalls: [],
    finishReason: 'stop',
    usage: {
      certainty: 'exact',
      input: { total: 27, uncached: 27, cacheRead: 0, cacheWrite: 0 },
      output: { total: 9, text: 9, reasoning: 0, image: 0 },
      totalTokens: 36,
    },
    cost: { usd: 0.0000063, marketUsd: 0.0000063, ownKey: false, source: 'provider', certainty: 'exact' },
    responseId: 'gen_01K9ZZ5M7V3E8Q2R4T6Y8W0XAB',
    providerMetadata: {
      openai: { responseId: 'resp_synthetic_1', serviceTier: 'default' },
      gateway: { cost: '0.0000063', inputInferenceCost: '0.0000027', outputInferenceCost: '0.0000036' },
      service_tier: 'default',
      system_fingerprint: 'fp_ab12cd34ef',
      generationId: 'gen_01K9ZZ5M7V3E8Q2R4T6Y8W0XAB',
    },
  },
  tools: {
    text: '',
    reasoning: '',
    toolCalls: [
      { id: 'call_synthetic0000000000001', name: 'weather', arguments: { city: 'Zürich' } },
      { id: 'call_synthetic0000000000002', name: 'clock', arguments: { zone: 'Asia/Tokyo', form: '時' } },
    ],
    finishReason: 'tool-calls',
    usage: {
      input: { total: 88, uncached: 24, cacheRead: 64, cacheWrite: 0 },
      output: { total: 31, text: 31, reasoning: 0 },
      totalTokens: 119,
    },
    cost: { usd: 0.0000318, marketUsd: 0.0000318, ownKey: false },
    responseId: 'gen_01K9ZZ6N8W4F9R3S5V7Z9X1YBC',
    providerMetadata: { openai: { responseId: 'resp_synthetic_2' }, gateway: { cost: '0.0000318' } },
  },
  reasoning: {
    text: 'Es ist die Spree.',
    reasoning: DETAIL,
    toolCalls: [],
    finishReason: 'stop',
    usage: { output: { total: 25, text: 8, reasoning: 17 }, totalTokens: 65 },
    cost: { usd: 0.0000217, ownKey: false },
    responseId: 'gen_01K9ZZ7P9X5G0S4T6W8A0Y2ZCD',
    providerMetadata: {
      baseten: { acceptedPredictionTokens: 0, rejectedPredictionTokens: 0 },
      gateway: { routing: { finalProvider: 'baseten', fallbacksAvailable: ['deepseek', 'novita'] } },
    },
  },
};

const KINDS = Object.keys(RECORDED_ANSWERS) as (keyof typeof RECORDED_ANSWERS)[];

const tools = ['weather', 'clock'].map((name) => ({ name, parameters: { type: 'object' } }));

type Delivery = 'stream' | 'whole';

const MIME: Readonly<Record<Delivery, string>> = { stream: 'text/event-stream', whole: 'application/json' };

/** What the provider makes of these pieces of a body, without sockets. */
const eventsOf = (answer: RecordedAnswer, delivery: Delivery, pieces: readonly Uint8Array[]): StreamEvent[] => {
  const settings = new VercelSettings({ apiKey: canaryKey(), env: {} });
  const request = completionRequest({ model: answer.model, delivery });
  const call = new ChatCall(
    request,
    { settings, keys: credentialsOf(settings, systemClock), clock: systemClock },
    testContext(),
  );
  const decoder = call.decoder({ status: 200, headers: { 'content-type': MIME[delivery] } });
  const events: StreamEvent[] = [];
  for (const piece of pieces) decoder.write(piece, events);
  decoder.end(events);
  return events;
};

const ask = async ({ model, stream, whole }: RecordedAnswer, how: Delivery | 'bytes'): Promise<Completion> => {
  const steps =
    how === 'whole'
      ? reply(200, whole, { 'content-type': MIME.whole })
      : [how === 'bytes' ? everyByte(stream) : write(stream)];
  await using upstream = await startUpstream(steps);
  await using gateway = createGateway({ providers: [vercel({ apiKey: canaryKey(), baseUrl: upstream.url })] });
  const request = { model: `vercel:${model}`, prompt: 'Which river?', tools };
  return await (how === 'whole' ? gateway.complete(request) : gateway.stream(request).final());
};

describe.each(KINDS)('the recorded answer with %s', (kind) => {
  const answer = RECORDED_ANSWERS[kind];

  it.each(['stream', 'bytes', 'whole'] as const)('gives all that it says, taken as: %s', async (how) => {
    const completion = await ask(answer, how);
    expect(completion).toMatchObject(EXPECTED[kind]);
    expect(completion.warnings).toEqual([]);
    const gateway = completion.providerMetadata?.['gateway'] as {
      generationId: string;
      routing: { canonicalSlug: string; finalProvider: string };
    };
    expect(gateway.generationId).toBe(completion.responseId);
    expect(gateway.routing.canonicalSlug).toBe(answer.model);
    expect(completion.receipt.attempts[0]?.upstreamAttempts).toEqual([
      {
        provider: gateway.routing.finalProvider,
        model: answer.model,
        success: true,
        status: 200,
        durationMs: 800,
        ownKey: false,
        requestId: expect.stringMatching(/^req_/),
      },
    ]);
  });

  it('is the same wherever the stream is cut in two', () => {
    const bytes = Buffer.from(answer.stream);
    const expected = eventsOf(answer, 'stream', [bytes]);
    expect(expected.at(-1)).toMatchObject({ type: 'response-end' });
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const events = eventsOf(answer, 'stream', [bytes.subarray(0, cut), bytes.subarray(cut)]);
      // Comparing with `expect` each time would take most of the test.
      if (JSON.stringify(events) !== JSON.stringify(expected)) expect([cut, events]).toEqual([cut, expected]);
    }
  });

  it('is the same wherever the whole answer is cut in two', () => {
    const bytes = Buffer.from(answer.whole);
    const expected = JSON.stringify(eventsOf(answer, 'whole', [bytes]));
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const events = eventsOf(answer, 'whole', [bytes.subarray(0, cut), bytes.subarray(cut)]);
      if (JSON.stringify(events) !== expected) expect([cut, events]).toEqual([cut, JSON.parse(expected)]);
    }
  });
});

describe('the reasoning of a recorded answer', () => {
  it.each(['stream', 'bytes', 'whole'] as const)('goes back into the conversation as it came: %s', async (how) => {
    const { message } = await ask(RECORDED_ANSWERS.reasoning, how);
    expect(message.content).toEqual([
      {
        type: 'reasoning',
        text: DETAIL,
        details: [{ type: 'reasoning.text', text: DETAIL, format: 'unknown', index: 0 }],
      },
      { type: 'text', text: 'Es ist die Spree.' },
    ]);
  });
});

describe('an answer whose id is that of the documentation', () => {
  it.each(['stream', 'whole'] as const)('has its generation id in the metadata: %s', async (how) => {
    const { model, stream, whole } = RECORDED_ANSWERS.text;
    const renamed = (text: string): string => text.replaceAll(/("id": ?)"gen_\w+"/g, '$1"chatcmpl-1"');
    const answer = await ask({ model, stream: renamed(stream), whole: renamed(whole) }, how);
    expect(answer).toMatchObject({
      responseId: 'chatcmpl-1',
      providerMetadata: {
        generationId: 'gen_01K9ZZ5M7V3E8Q2R4T6Y8W0XAB',
        gateway: { generationId: 'gen_01K9ZZ5M7V3E8Q2R4T6Y8W0XAB' },
      },
    });
  });
});
