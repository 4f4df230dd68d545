import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ask, dataLines, type Json, post, whole } from './__fixtures__/emulator-client.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

const recorded = (file: string): string =>
  readFileSync(new URL(`../../provider-vercel/src/__fixtures__/recorded/${file}`, import.meta.url), 'utf8');

/** Members that only some answers have; where they stand among the others is not known. */
const OPTIONAL: ReadonlySet<string> = new Set([
  'resolvedProviderApiModelId',
  'modelId',
  'providerApiModelId',
  'attemptNumber',
  'responseTimeMs',
  'inferenceEndpoint',
  'speed',
  'sort',
  'warnings',
  // The emulator's own.
  'emulated',
]);

/** Members whose value is a list of any length, also an empty one. */
const NAMES = new Set(['fallbacksAvailable']);

/** Key by key, in their order, down to the kind of each value. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.entries(value)
    .filter(([key]) => !OPTIONAL.has(key))
    .map(([key, member]) => [key, NAMES.has(key) && Array.isArray(member) ? 'names' : shapeOf(member)]);
};

/** The shapes of a stream's frames in their order; equal ones that follow each other count once. */
const shapesOf = (text: string): string[] => {
  const shapes = dataLines(text).map((line) => (line === '[DONE]' ? line : JSON.stringify(shapeOf(JSON.parse(line)))));
  return shapes.filter((shape, place) => shape !== shapes[place - 1]);
};

const call = (name: string, argument: string): Json => ({
  type: 'function',
  function: {
    name,
    parameters: { type: 'object', properties: { [argument]: { type: 'string' } }, required: [argument] },
  },
});

const RECORDED: readonly (readonly [string, Json])[] = [
  ['gpt-4.1-nano', ask('Which river runs through Berlin?', { model: 'openai/gpt-4.1-nano' })],
  [
    'gpt-4o-mini',
    ask('Use weather for Zürich, then clock for Tokyo.', {
      model: 'openai/gpt-4o-mini',
      tools: [call('weather', 'city'), call('clock', 'zone')],
      tool_choice: 'required',
    }),
  ],
  [
    'deepseek-v3.2-thinking',
    ask('Which river runs through Berlin?', {
      model: 'deepseek/deepseek-v3.2-thinking',
      providerOptions: { gateway: { order: ['baseten'] } },
    }),
  ],
];

describe.each(RECORDED)('an answer of %s', (name, body) => {
  it('has the frames of the recording, in its order and with its keys', async () => {
    await using emulator = await startVercelEmulator();
    const text = await (await post(emulator, { ...body, stream: true })).text();
    expect(shapesOf(text)).toEqual(shapesOf(recorded(`${name}.sse`)));
  });

  it('has the keys of the recording when it comes whole', async () => {
    await using emulator = await startVercelEmulator();
    const answer = await whole(emulator, body);
    expect(shapeOf(answer)).toEqual(shapeOf(JSON.parse(recorded(`${name}.json`))));
  });

  it('has one id, one fingerprint and one time in all its frames', async () => {
    await using emulator = await startVercelEmulator();
    const text = await (await post(emulator, { ...body, stream: true })).text();
    for (const stream of [text, recorded(`${name}.sse`)]) {
      const envelopes = dataLines(stream)
        .filter((line) => line !== '[DONE]')
        .map((line) => JSON.parse(line) as Json)
        .map(({ id, object, created, model, system_fingerprint }) =>
          JSON.stringify([id, object, created, model, system_fingerprint]),
        );
      expect(new Set(envelopes).size).toBe(1);
    }
  });
});
