import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ask, dataLines, type Json } from './__fixtures__/emulator-client.js';
import { namedEvents, postTo } from './__fixtures__/named-events.js';
import type { VercelEmulator } from './emulator-options.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

const MODEL = 'anthropic/claude-haiku-4.5';
const RUNS = 40;

let emulator: VercelEmulator;
beforeAll(async () => {
  emulator = await startVercelEmulator({ balance: '1000000' });
});
afterAll(() => emulator.close());

async function textOf(path: string, body: Json): Promise<string> {
  const response = await postTo(emulator, path, body);
  expect(response.status).toBe(200);
  return response.text();
}

/** The words of an answer in each dialect, whole and put together from a stream. */
const DIALECTS: Readonly<Record<string, (prompt: string) => Promise<readonly [whole: string, streamed: string]>>> = {
  async chat(prompt) {
    const body = { ...ask(prompt, { model: MODEL }), reasoning: { enabled: false } };
    const whole = JSON.parse(await textOf('/chat/completions', body)) as Json;
    const lines = dataLines(await textOf('/chat/completions', { ...body, stream: true })).slice(0, -1);
    const deltas = lines.map((line) => (JSON.parse(line) as Json)['choices'][0].delta.content ?? '');
    return [whole['choices'][0].message.content, deltas.join('')];
  },
  async messages(prompt) {
    const body = { ...ask(prompt, { model: MODEL }), max_tokens: 60_000 };
    const whole = JSON.parse(await textOf('/messages', body)) as Json;
    const events = namedEvents(await textOf('/messages', { ...body, stream: true }));
    return [whole['content'][0].text, events.map((event) => event['delta']?.text ?? '').join('')];
  },
  async responses(prompt) {
    const body = { model: MODEL, input: prompt, reasoning: { effort: 'none' } };
    const whole = JSON.parse(await textOf('/responses', body)) as Json;
    const events = namedEvents(await textOf('/responses', { ...body, stream: true }));
    const deltas = events.filter(({ type }) => type === 'response.output_text.delta').map(({ delta }) => delta);
    return [whole['output'][0].content[0].text, deltas.join('')];
  },
};

describe('the dialects', () => {
  it('say the same to every prompt, whole and streamed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }), async (prompt) => {
        const answers = await Promise.all(Object.values(DIALECTS).map((dialect) => dialect(prompt)));
        expect(new Set(answers.flat()).size).toBe(1);
      }),
      { numRuns: RUNS },
    );
  });
});
