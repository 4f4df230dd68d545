import { describe, expect, it } from '@jest/globals';
import { ask, frames, whole } from './__fixtures__/emulator-client.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

async function reasoned(model: string, more: object = {}) {
  await using emulator = await startVercelEmulator();
  const body = ask('Explain tides', { model, ...more });
  const list = await frames(emulator, body);
  const deltas = list.slice(1, -1).map((frame) => frame['choices'][0].delta);
  const { choices, usage } = await whole(emulator, body);
  return {
    deltas: deltas.filter((delta) => 'reasoning_details' in delta),
    all: deltas,
    message: choices[0].message,
    usage,
  };
}

const REASONING_MODELS = [
  ['anthropic/claude-sonnet-4.5', 'anthropic-claude-v1'],
  ['openai/gpt-5', 'openai-responses-v1'],
  ['moonshotai/kimi-k3', 'unknown'],
] as const;

describe('reasoning', () => {
  it.each(REASONING_MODELS)(
    'of %s comes before the text in format %s, streamed as in the whole answer',
    async (model, format) => {
      const { deltas, all, message, usage } = await reasoned(model);
      expect(deltas.length).toBeGreaterThan(5);
      expect(all.slice(0, deltas.length)).toEqual(deltas);
      expect(deltas.flatMap((delta) => delta.reasoning_details).every((detail) => detail.format === format)).toBe(true);
      expect(deltas.map((delta) => delta.reasoning ?? '').join('')).toBe(message.reasoning);
      expect(usage.completion_tokens_details.reasoning_tokens).toBeGreaterThan(0);
      expect(usage.completion_tokens).toBeGreaterThan(usage.completion_tokens_details.reasoning_tokens);
      expect(Object.keys(message)).toEqual(['role', 'content', 'reasoning', 'reasoning_details', 'provider_metadata']);
      expect(Object.keys(deltas[0])).toEqual(['reasoning', 'reasoning_details']);
    },
  );

  it('of Claude ends in a signature, that of OpenAI in an encrypted item, that of others in nothing', async () => {
    const last = async (model: string) => (await reasoned(model)).deltas.at(-1);
    expect(await last('anthropic/claude-sonnet-4.5')).toEqual({
      reasoning_details: [
        { type: 'reasoning.text', text: '', signature: expect.any(String), format: 'anthropic-claude-v1', index: 0 },
      ],
    });
    expect(await last('openai/gpt-5')).toEqual({
      reasoning_details: [expect.objectContaining({ type: 'reasoning.encrypted', data: expect.any(String), index: 1 })],
    });
    expect(Object.keys((await last('moonshotai/kimi-k3')).reasoning_details[0])).toEqual([
      'type',
      'text',
      'format',
      'index',
    ]);
  });

  it('is whole in a whole answer: Claude has text and signature in one item, OpenAI two items', async () => {
    const claude = (await reasoned('anthropic/claude-sonnet-4.5')).message;
    expect(claude.reasoning_details).toEqual([
      {
        type: 'reasoning.text',
        text: claude.reasoning,
        signature: expect.any(String),
        format: 'anthropic-claude-v1',
        index: 0,
      },
    ]);
    const gpt = (await reasoned('openai/gpt-5')).message;
    expect(gpt.reasoning_details.map((detail: { type: string }) => detail.type)).toEqual([
      'reasoning.summary',
      'reasoning.encrypted',
    ]);
  });

  it.each([
    { reasoning: { effort: 'none' } },
    { reasoning_effort: 'none' },
    { reasoning: { enabled: false } },
    { thinking: { type: 'disabled' } },
    { reasoning: { effort: 'none' }, reasoning_effort: 'high' },
  ])('is off with %j', async (more) => {
    const { deltas, message, usage } = await reasoned('anthropic/claude-sonnet-4.5', more);
    expect(deltas).toEqual([]);
    expect(message).not.toHaveProperty('reasoning');
    expect(usage.completion_tokens_details.reasoning_tokens).toBe(0);
  });

  it('is off in models that do not reason, with a warning when it was asked for', async () => {
    const { deltas, message } = await reasoned('openai/gpt-4.1-nano', { reasoning: { effort: 'high' } });
    expect(deltas).toEqual([]);
    expect(message.provider_metadata.gateway.warnings).toMatchObject([{ type: 'unsupported', feature: 'reasoning' }]);
  });

  it('is counted but not shown when it is excluded', async () => {
    const { deltas, message, usage } = await reasoned('openai/gpt-5', { reasoning: { effort: 'high', exclude: true } });
    expect(deltas).toEqual([]);
    expect(message).not.toHaveProperty('reasoning_details');
    expect(usage.completion_tokens_details.reasoning_tokens).toBeGreaterThan(0);
  });

  it('is longer with more effort and no longer than its budget', async () => {
    const tokens = async (reasoning: object) =>
      (await reasoned('anthropic/claude-sonnet-4.5', { reasoning })).usage.completion_tokens_details
        .reasoning_tokens as number;
    expect(await tokens({ effort: 'max' })).toBeGreaterThan(await tokens({ effort: 'minimal' }));
    expect(await tokens({ max_tokens: 12 })).toBe(12);
  });

  it('can use up the tokens of the answer', async () => {
    const { message, usage } = await reasoned('openai/gpt-5', { max_tokens: 10 });
    expect(message.content).toBe('');
    expect(usage).toMatchObject({ completion_tokens: 10, completion_tokens_details: { reasoning_tokens: 10 } });
  });
});
