import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createGateway } from '@ai-sdk/gateway';
import Anthropic from '@anthropic-ai/sdk';
import { generateText } from 'ai';
import OpenAI from 'openai';
import * as anthropic from './anthropic/connect.ts';
import { API_KEY, startVercelEmulator } from './emulator.ts';
import * as openai from './openai/connect.ts';

/** Variables of the environment for the time of one test. */
function setEnvironment(test: TestContext, variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
  test.after(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
}

describe('clients that the environment alone sends here', () => {
  it('openai takes its address and key from there', async (test) => {
    await using emulator = await startVercelEmulator();
    setEnvironment(test, { OPENAI_BASE_URL: emulator.baseUrl, OPENAI_API_KEY: API_KEY });
    const { choices } = await new OpenAI().chat.completions.create(openai.ask('Say exactly: pong'));
    assert.match(choices[0]?.message.content ?? '', /pong$/);
  });

  for (const name of ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN']) {
    it(`@anthropic-ai/sdk takes its address from there, and its key from ${name}`, async (test) => {
      await using emulator = await startVercelEmulator();
      setEnvironment(test, { ANTHROPIC_BASE_URL: emulator.url, [name]: API_KEY });
      const message = await new Anthropic().messages.create(anthropic.ask('Say exactly: pong'));
      assert.match(anthropic.textOf(message), /pong$/);
    });
  }

  it('ai takes its key from there, and models by their ids alone from a provider for all', async (test) => {
    await using emulator = await startVercelEmulator();
    setEnvironment(test, { AI_GATEWAY_API_KEY: API_KEY });
    globalThis.AI_SDK_DEFAULT_PROVIDER = createGateway({ baseURL: `${emulator.url}/v4/ai` });
    test.after(() => {
      globalThis.AI_SDK_DEFAULT_PROVIDER = undefined;
    });
    const { text } = await generateText({ model: openai.MODEL, prompt: 'Say exactly: pong' });
    assert.match(text, /pong$/);
  });
});
