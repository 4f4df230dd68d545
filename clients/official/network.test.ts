import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { streamText } from 'ai';
import * as anthropic from './anthropic/connect.ts';
import { NOTICE, startVercelEmulator, type VercelEmulator } from './emulator.ts';
import * as gateway from './gateway/connect.ts';
import * as openai from './openai/connect.ts';

const TEXT = 'příliš žluťoučký 🐎 跑得快';
const PROMPT = `Say exactly: ${TEXT}`;

/** The streamed answer to the prompt, by client and route. */
const STREAMS: Readonly<Record<string, (emulator: VercelEmulator) => PromiseLike<string | null>>> = {
  'openai, chat': (emulator) => openai.connect(emulator).chat.completions.stream(openai.ask(PROMPT)).finalContent(),
  'openai, responses': async (emulator) =>
    (await openai.connect(emulator).responses.stream(openai.askResponse(PROMPT)).finalResponse()).output_text,
  '@anthropic-ai/sdk': (emulator) => anthropic.connect(emulator).messages.stream(anthropic.ask(PROMPT)).finalText(),
  ai: (emulator) => streamText({ model: gateway.connect(emulator)(gateway.MODEL), prompt: PROMPT }).text,
};

describe('streams as networks deliver them', () => {
  for (const [name, read] of Object.entries(STREAMS)) {
    it(`are read by ${name} in pieces that cut characters, and all at once`, async () => {
      await using emulator = await startVercelEmulator({ framesPerWrite: 1000 });
      emulator.script({ kind: 'split', sizes: [1, 2, 3, 5, 7], path: '*' });
      for (const _way of ['split', 'at once']) assert.equal(await read(emulator), `${NOTICE}\n\n${TEXT}`);
      assert.deepEqual(
        emulator.requests.map(({ faults }) => faults.length),
        [1, 0],
      );
    });
  }
});
