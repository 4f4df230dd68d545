const assert = require('node:assert/strict');
const { createGateway } = require('@headrace/core');
const { vercel } = require('@headrace/provider-vercel');

async function main() {
  // One instance, however it is loaded: two copies would not share their tokens.
  assert.equal((await import('@headrace/core')).createGateway, createGateway);

  const gateway = createGateway({ providers: [vercel()] });
  const answer = await gateway.complete({ model: 'vercel:openai/gpt-6-luna', prompt: 'Say hello.' });
  assert.ok(answer.text.length > 0);
  await gateway.dispose();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
