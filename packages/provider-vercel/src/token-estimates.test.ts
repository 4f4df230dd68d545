import { readFileSync } from 'node:fs';
import { createGateway } from '@headrace/core';
import { describe, expect, it } from '@jest/globals';
import { vercel } from './vercel-module.js';

interface Sample {
  readonly name: string;
  readonly text: string;
  /** Tokens by the tokenizers themselves; see the README of `data`. */
  readonly tokens: Readonly<Record<string, number>>;
}

const samples = JSON.parse(
  readFileSync(new URL('./__fixtures__/token-counts.json', import.meta.url), 'utf8'),
) as readonly Sample[];

/** What no text in ordinary use looks like; only the bounds hold for it. */
const NOISE = ['spaces', 'lines', 'noise', 'repeated'];
/** Of a request around its one text. */
const FRAME = 10;

const MODELS = {
  o200k: 'openai/gpt-6-luna',
  claude: 'anthropic/claude-haiku-4.5',
  gemini: 'google/gemini-3-flash',
  'llama-3': 'meta/llama-3.3-70b',
  qwen: 'alibaba/qwen-3-32b',
  deepseek: 'deepseek/deepseek-v3.2',
  command: 'cohere/command-a',
  tekken: 'mistral/mistral-nemo',
};

describe.each(Object.entries(MODELS))('estimated by %s', (family, model) => {
  it.each(samples.map((one) => [one.name, one] as const))('%s', async (name, { text, tokens }) => {
    await using gateway = createGateway({ providers: [vercel({ apiKey: 'unused' })] });
    const { targets } = await gateway.explain({ model: `vercel:${model}`, prompt: text });
    const estimate = targets[0]?.tokens;
    const real = tokens[family] ?? Number.NaN;
    expect(estimate?.family).toBe(family);
    expect(estimate?.inputAtLeast).toBeLessThanOrEqual(real);
    expect(estimate?.inputAtMost).toBeGreaterThanOrEqual(real);
    if (NOISE.includes(name)) return;
    const ratio = real / ((estimate?.inputTokens ?? 0) - FRAME);
    expect(ratio).toBeGreaterThanOrEqual(estimate?.error.low ?? 1);
    expect(ratio).toBeLessThanOrEqual(estimate?.error.high ?? 1);
  });
});
