import { describe, expect, it } from '@jest/globals';
import { ask, dataLines, fakeClock, frames, MODEL, post, textOfFrames, whole } from './__fixtures__/emulator-client.js';
import { NOTICE } from './answer-text.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

const keys = (value: unknown): string[] => Object.keys(value as object);

describe('a streamed answer', () => {
  it('has the frames and the key order of the recordings', async () => {
    await using emulator = await startVercelEmulator();
    const response = await post(emulator, ask('Hello', { stream: true }));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('x-headrace-emulated')).toBe('true');
    const text = await response.text();
    expect(text).toMatch(/^(data: [^\n]+\n\n)+$/);
    const lines = dataLines(text);
    expect(lines.at(-1)).toBe('[DONE]');
    const list = lines.slice(0, -1).map((line) => JSON.parse(line));

    const [role, ...rest] = list;
    const finish = rest.pop();
    expect(role.choices).toEqual([{ index: 0, delta: { role: 'assistant' }, logprobs: null, finish_reason: null }]);
    for (const frame of [role, ...rest]) {
      expect(keys(frame)).toEqual(['id', 'object', 'created', 'model', 'choices', 'system_fingerprint']);
      expect(keys(frame.choices[0])).toEqual(['index', 'delta', 'logprobs', 'finish_reason']);
      expect(frame).toMatchObject({
        id: role.id,
        object: 'chat.completion.chunk',
        created: role.created,
        model: MODEL,
        system_fingerprint: role.system_fingerprint,
      });
    }
    for (const frame of rest) expect(keys(frame.choices[0].delta)).toEqual(['content']);
    expect(role.id).toMatch(/^gen_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(role.system_fingerprint).toMatch(/^fp_[a-z0-9]{10}$/);

    expect(keys(finish)).toEqual([
      'id',
      'object',
      'created',
      'model',
      'choices',
      'usage',
      'system_fingerprint',
      'service_tier',
      'generationId',
    ]);
    expect(keys(finish.choices[0])).toEqual(['index', 'delta', 'logprobs', 'finish_reason']);
    expect(finish.choices[0].finish_reason).toBe('stop');
    expect(keys(finish.choices[0].delta)).toEqual(['provider_metadata']);
    expect(keys(finish.choices[0].delta.provider_metadata)).toEqual(['openai', 'gateway']);
    expect(finish.generationId).toBe(role.id);
    expect(finish.choices[0].delta.provider_metadata.gateway).toMatchObject({
      generationId: role.id,
      emulated: true,
      cost: expect.stringMatching(/^\d+(\.\d+)?$/),
    });
    expect(keys(finish.usage)[0]).toBe('prompt_tokens');
    expect(text).not.toContain('"usage":null');
  });

  it('starts with the notice and says the same as the whole answer', async () => {
    await using emulator = await startVercelEmulator();
    const streamed = textOfFrames((await frames(emulator, ask('Explain tides'))).slice(0, -1));
    const plain = await whole(emulator, ask('Explain tides'));
    expect(streamed.startsWith(NOTICE)).toBe(true);
    expect(streamed).toBe(plain['choices'][0].message.content);
  });

  it('says the same in another emulator, with other ids in each request', async () => {
    await using one = await startVercelEmulator();
    await using other = await startVercelEmulator({ seed: 9 });
    const [first, second, third] = [
      await whole(one, ask('Why?')),
      await whole(one, ask('Why?')),
      await whole(other, ask('Why?')),
    ];
    expect(second['choices'][0].message.content).toBe(first['choices'][0].message.content);
    expect(third['choices'][0].message.content).toBe(first['choices'][0].message.content);
    expect(new Set([first['id'], second['id'], third['id']]).size).toBe(3);
    expect(second['system_fingerprint']).not.toBe(first['system_fingerprint']);
  });

  it('waits between writes as the pace says, which a request may set', async () => {
    const clock = fakeClock();
    await using emulator = await startVercelEmulator({ clock, tokensPerSecond: 10 });
    const list = await frames(emulator, ask('Write 20 words about rain'));
    const tokens = list.at(-1)?.['usage'].completion_tokens as number;
    const waited = clock.slept.splice(0).reduce((sum, ms) => sum + ms, 0);
    // A word counts at least one token by itself, so the pieces are slower than the whole by their rounding.
    expect(waited).toBeGreaterThanOrEqual((tokens * 1000) / 10 - 1);
    expect(waited).toBeLessThan(((tokens * 1000) / 10) * 3);
    await frames(emulator, ask('Write 20 words about rain'), { headers: { 'x-emulator-tokens-per-second': '0' } });
    expect(clock.slept).toEqual([]);
  });

  it('puts as many frames into a write as asked', async () => {
    await using emulator = await startVercelEmulator({ framesPerWrite: 1000 });
    const list = await frames(emulator, ask('Write 300 words about rain'));
    expect(list.length).toBeGreaterThan(300);
    await emulator.requests[0]?.settled;
    expect(emulator.requests[0]).toMatchObject({ framesWritten: list.length, closedEarly: false, status: 200 });
  });

  it('streams thousands of frames to a reader that takes its time', async () => {
    await using emulator = await startVercelEmulator();
    const list = await frames(emulator, ask('Write 5000 words about rivers'));
    expect(list.length).toBeGreaterThan(5000);
    expect(emulator.requests[0]?.framesWritten).toBe(list.length);
  });

  it('notices a client that leaves and writes no more', async () => {
    await using emulator = await startVercelEmulator();
    const leaving = new AbortController();
    const response = await post(emulator, ask('Write 50000 words about rivers', { stream: true }), {
      signal: leaving.signal,
    });
    const reader = response.body?.getReader();
    await reader?.read();
    leaving.abort();
    await emulator.requests[0]?.settled;
    expect(emulator.requests[0]?.closedEarly).toBe(true);
    expect(emulator.requests[0]?.framesWritten).toBeLessThan(32_000);
    expect((await whole(emulator, ask('Hello')))['object']).toBe('chat.completion');
  });

  it('has images of a model that makes them', async () => {
    await using emulator = await startVercelEmulator();
    const body = ask('Draw a lake', { model: 'google/gemini-2.5-flash-image', modalities: ['text', 'image'] });
    const list = await frames(emulator, body);
    const [image] = list.flatMap((frame) => frame['choices'][0].delta.images ?? []);
    const png = Buffer.from(image.image_url.url.replace('data:image/png;base64,', ''), 'base64');
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(png.subarray(-8, -4).toString('latin1')).toBe('IEND');
    const message = (await whole(emulator, body))['choices'][0].message;
    expect(message.images).toEqual([image]);
    expect(list.at(-1)?.['usage'].completion_tokens_details.image_tokens).toBeGreaterThan(0);
  });
});
