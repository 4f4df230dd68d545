import { createGateway } from '@headrace/core';
import type { CatalogueRefreshEvent } from '@headrace/wire/provider';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { json, type LoopbackServer, loopbackServer, plain } from './__fixtures__/loopback-server.js';
import { VercelClient } from './vercel-client.js';
import { vercel } from './vercel-module.js';

const KEY = 'vck_of_the_catalogue';
let server: LoopbackServer;

beforeAll(async () => {
  server = await loopbackServer(json(500, {}));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe('the catalogue of a gateway', () => {
  it('tells the host how each refresh went, without the key', async () => {
    const heard: CatalogueRefreshEvent[] = [];
    const onRefresh = (event: CatalogueRefreshEvent): void => {
      heard.push(event);
    };
    await using gateway = createGateway({
      providers: [vercel({ apiKey: KEY, baseUrl: server.url, catalogue: { onRefresh } })],
    });
    server.answer(plain(502, 'text/html', '<h1>down</h1>'));
    await expect(gateway.models({ refresh: true })).rejects.toMatchObject({ code: 'upstream-failed' });
    server.answer(json(200, { data: [{ id: 'new/model', type: 'language', context_window: 7 }] }));
    const models = await gateway.models({ refresh: true });
    expect(models).toMatchObject([{ id: 'new/model', contextWindow: 7, provenance: { origin: 'live' } }]);
    expect(heard).toMatchObject([
      { outcome: 'failed', provider: 'vercel', inARow: 1, error: { code: 'upstream-failed' } },
      { outcome: 'refreshed', provider: 'vercel', models: 1 },
    ]);
    expect(JSON.stringify(heard)).not.toContain(KEY);
  });

  it('asks once for all who want the list of today', async () => {
    server.answer(json(200, { data: [{ id: 'new/model' }] }));
    await using gateway = createGateway({ providers: [vercel({ apiKey: KEY, baseUrl: server.url })] });
    const before = server.received.length;
    await Promise.all(Array.from({ length: 50 }, () => gateway.models({ refresh: true })));
    expect(server.received.length - before).toBe(1);
  });

  it('says of an unknown model that the list could not be had', async () => {
    server.answer(plain(503, 'text/plain', ''));
    await using gateway = createGateway({ providers: [vercel({ apiKey: KEY, baseUrl: server.url })] });
    const call = gateway.complete({ model: 'vercel:openai/gpt-6-lunar', prompt: 'Hi' });
    await expect(call).rejects.toMatchObject({
      code: 'model-not-found',
      message: expect.stringMatching(/"openai\/gpt-6-luna".*could not be had \(overloaded\)/),
    });
  });

  it('keeps what it knows when the list is not one', async () => {
    const client = new VercelClient({ apiKey: KEY, baseUrl: server.url });
    for (const answer of [
      json(200, { data: [] }),
      json(200, []),
      plain(200, 'text/html', '<p>hi'),
      json(200, { data: [{}] }),
    ]) {
      server.answer(answer);
      await expect(client.listModels()).rejects.toMatchObject({ code: 'malformed-response' });
    }
    expect(client.catalogue.status).toMatchObject({ origin: 'seed', failure: { inARow: 4 } });
    expect(client.catalogue.find('openai/gpt-6-luna')?.contextWindow).toBe(1_050_000);
    await client.close();
  });

  it('does not read a list without end', async () => {
    server.answer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"data":[');
      const filler = Buffer.alloc(1024 * 1024, ' ');
      const more = (): void => {
        while (!response.destroyed && response.write(filler));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    const client = new VercelClient({ apiKey: KEY, baseUrl: server.url });
    await expect(client.listModels()).rejects.toMatchObject({ code: 'malformed-response' });
    await client.close();
  });

  it('ends a refresh with the gateway', async () => {
    const asked = new Promise<void>((resolve) => {
      server.answer(() => resolve());
    });
    const gateway = createGateway({ providers: [vercel({ apiKey: KEY, baseUrl: server.url })] });
    const models = gateway.models({ refresh: true });
    models.catch(() => {});
    await asked;
    await gateway.dispose();
    await expect(models).rejects.toMatchObject({ code: 'gateway-disposed' });
  });
});
