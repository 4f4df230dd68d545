import { createGateway } from '@headrace/core';
import {
  collectText,
  describeProvider,
  type KeyedTarget,
  openAiChatDialect,
  type ProviderTarget,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { loopbackServer, streamed, whole } from './__fixtures__/loopback-server.js';
import { VercelClient } from './vercel-client.js';
import { vercel } from './vercel-module.js';

const optionsFor = (target: ProviderTarget | KeyedTarget) => ({
  ...target,
  env: {},
  catalogue: { refresh: false },
});

describeProvider(
  { describe, it, expect },
  {
    name: 'provider-vercel',
    create: (target) => new VercelClient(optionsFor(target)),
    createWithKeys: (target) => new VercelClient(optionsFor(target)),
    module: (target) => vercel(optionsFor(target)),
    dialect: openAiChatDialect,
    request: { model: 'openai/gpt-4.1-nano' },
    otherKinds: { embedding: {}, reranking: {}, image: {} },
  },
);

describe('vercel() in a gateway', () => {
  const MODEL = 'openai/gpt-4.1-nano';

  it('answers in both deliveries, with cost and routing record', async () => {
    await using server = await loopbackServer((request, response) =>
      (request.body.includes('"stream":true')
        ? streamed(['Hel', 'lo'], { cost: '0.0000032' })
        : whole('Hello', { cost: '0.0000032' }))(request, response),
    );
    await using gateway = createGateway({ providers: [vercel({ baseUrl: server.url, apiKey: 'k', env: {} })] });
    await expect(collectText(gateway.stream({ model: `vercel:${MODEL}`, prompt: 'Hi' }))).resolves.toBe('Hello');
    await expect(gateway.complete({ model: `vercel:${MODEL}`, prompt: 'Hi' })).resolves.toMatchObject({
      text: 'Hello',
      cost: { usd: 0.0000032, source: 'provider' },
      providerMetadata: { gateway: { cost: '0.0000032' } },
    });
  });

  it('keeps a temperature for a model that thinks only when asked, and sends no output limit unasked', async () => {
    await using server = await loopbackServer(whole('Hello'));
    await using gateway = createGateway({ providers: [vercel({ baseUrl: server.url, apiKey: 'k', env: {} })] });
    const { warnings } = await gateway.complete({
      model: 'vercel:anthropic/claude-haiku-4.5',
      prompt: 'Hi',
      temperature: 0.3,
    });
    expect(warnings).toEqual([]);
    const body: unknown = JSON.parse(server.received[0]?.body ?? '');
    expect(body).toMatchObject({ temperature: 0.3 });
    expect(body).not.toHaveProperty('max_tokens');
  });

  it('keeps two accounts apart', async () => {
    await using server = await loopbackServer(whole('Hello'));
    await using gateway = createGateway({
      providers: ['eu', 'us'].map((place) =>
        vercel({ id: `vercel-${place}`, baseUrl: server.url, apiKey: `key-${place}`, env: {} }),
      ),
    });
    for (const place of ['eu', 'us']) {
      await gateway.complete({ model: `vercel-${place}:${MODEL}`, prompt: 'Hi' });
      expect(server.received.at(-1)?.headers.authorization).toBe(`Bearer key-${place}`);
    }
  });

  it('retries a 503 and then succeeds', async () => {
    let calls = 0;
    await using server = await loopbackServer((request, response) => {
      calls += 1;
      if (calls > 1) return whole('Hello')(request, response);
      response
        .writeHead(503, { 'content-type': 'application/json', 'retry-after-ms': '1' })
        .end('{"error":{"message":"busy","type":"service_unavailable_error"}}');
    });
    await using gateway = createGateway({ providers: [vercel({ baseUrl: server.url, apiKey: 'k', env: {} })] });
    await expect(gateway.complete({ model: `vercel:${MODEL}`, prompt: 'Hi' })).resolves.toMatchObject({
      text: 'Hello',
    });
    expect(calls).toBe(2);
  });
});
