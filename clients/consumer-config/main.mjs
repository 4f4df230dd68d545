import assert from 'node:assert/strict';
import { loadGateway, PluginFailedError } from '@headrace/config';

const gateway = await loadGateway('headrace.config.yaml');

// Each is there, and those that ship facts brought them from their own tarballs.
for (const id of ['vercel', 'anthropic', 'google', 'openai', 'acme']) assert.equal(gateway.provider(id).id, id);
for (const provider of ['vercel', 'anthropic', 'google', 'openai']) {
  const models = await gateway.models({ provider });
  assert.ok(models.length > 10, `${provider} ships ${models.length} models`);
}

const answer = await gateway.complete({ model: 'chat', prompt: 'Say hello.' });
assert.ok(answer.text.length > 0);
assert.equal(answer.provider, 'vercel');

await gateway.dispose();

// A package that nobody installed is told by its name.
const absent = { providers: { nobody: { use: '@headrace/provider-nobody' } } };
await assert.rejects(loadGateway(absent), (error) => {
  assert.ok(error instanceof PluginFailedError);
  assert.match(error.message, /npm install @headrace\/provider-nobody/);
  return true;
});
