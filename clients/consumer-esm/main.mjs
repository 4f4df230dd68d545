import assert from 'node:assert/strict';
import { createGateway } from '@headrace/core';
import { vercel } from '@headrace/provider-vercel';

const gateway = createGateway({ providers: [vercel()] });
const question = { model: 'vercel:openai/gpt-6-luna', prompt: 'Say hello.' };

const answer = await gateway.complete(question);
assert.ok(answer.text.length > 0);

let streamed = '';
for await (const piece of gateway.stream(question).text()) streamed += piece;
assert.ok(streamed.length > 0);

await gateway.dispose();
