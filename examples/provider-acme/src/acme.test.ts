import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGateway } from '@headrace/core';
import { describeProvider, end, openAiChatDialect, reply, startUpstream, text } from '@headrace/testing';
import { AcmeProvider, acme } from './index.js';

describeProvider(
  { describe, it },
  {
    name: 'acme',
    create: (target) => new AcmeProvider(target),
    module: (target) => acme(target),
    dialect: openAiChatDialect,
  },
);

describe('acme() in a gateway', () => {
  it('says before anything is sent that there is no key', async () => {
    delete process.env['ACME_API_KEY'];
    await using gateway = createGateway({ providers: [acme({ baseUrl: 'http://127.0.0.1:9' })] });
    await assert.rejects(gateway.complete({ model: 'acme:any', prompt: 'Hi' }), { code: 'missing-credential' });
  });

  it('asks below the path of its address', async () => {
    await using upstream = await startUpstream([text('Hello'), end()], reply(200, { data: 'none' }));
    const options = { baseUrl: `${upstream.url}/proxy/`, apiKey: 'key-of-this-test' };
    await using gateway = createGateway({ providers: [acme(options)] });
    assert.equal((await gateway.complete({ model: 'acme:any', prompt: 'Hi' })).text, 'Hello');
    assert.equal(upstream.requests[0]?.path, '/proxy/v1/chat/completions');
    const provider = new AcmeProvider(options);
    await assert.rejects(provider.listModels(new AbortController().signal), { code: 'malformed-response' });
    await provider.close();
  });

  it('names a wrong option', () => {
    assert.throws(() => acme({ baseUrl: 'http://example.com' }), { code: 'invalid-configuration' });
  });
});
