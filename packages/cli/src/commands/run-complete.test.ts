import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { aReceipt, END, type FakeScript, fakeUpstream, text } from '../__fixtures__/fake-gateway.js';
import { Captured, type FakeIoOptions, fakeIo } from '../__fixtures__/fake-io.js';
import { run } from '../cli.js';

const complete = async (args: readonly string[], script: FakeScript = {}, options: FakeIoOptions = {}) => {
  const io = fakeIo(options);
  const upstream = fakeUpstream({ events: () => [...text('Hel', 'lo.'), END], ...script });
  const code = await run(['complete', ...args], io, upstream.connect);
  return { code, io, out: io.stdout.text, err: io.stderr.text, ...upstream };
};

describe('an answer', () => {
  it('is all that standard output gets, and standard error stays silent in a pipe', async () => {
    const { code, out, err, gateway } = await complete(['Hi']);
    expect([code, out, err]).toEqual([0, 'Hello.\n', '']);
    expect(gateway.disposed).toBe(true);
    expect(gateway.requests[0]).toMatchObject({
      model: 'openai/gpt-6-luna',
      prompt: 'Hi',
      delivery: 'stream',
      strict: true,
    });
  });

  it('appears piece by piece, not at the end', async () => {
    const io = fakeIo();
    let goOn = (): void => {};
    const paused = new Promise<void>((resolve) => (goOn = resolve));
    const { connect } = fakeUpstream({
      events: async function* () {
        yield* text('first');
        await paused;
        yield* [...text(' second'), END];
      },
    });
    const ended = run(['complete', 'Hi'], io, connect);
    await io.stdout.seen('first');
    expect(io.stdout.text).toBe('first');
    goOn();
    await expect(ended).resolves.toBe(0);
    expect(io.stdout.text).toBe('first second\n');
  });

  it('comes with progress and a receipt on a terminal', async () => {
    const { out, err } = await complete(['Hi'], {}, { stderr: new Captured(true), env: { NO_COLOR: '1' } });
    expect(out).toBe('Hello.\n');
    expect(err).toBe(
      '\rwaiting for openai/gpt-6-luna … 0.0 s\u001b[K\r\u001b[K' +
        'vercel:openai/gpt-6-luna · 21 tokens in, 35 out (12 reasoning) · $0.000113 · first content after 420 ms · 1.3 s in all\n',
    );
  });

  it('comes alone when quiet is asked for, and with its receipt even in a pipe when verbose is', async () => {
    expect((await complete(['-q', 'Hi'], {}, { stderr: new Captured(true) })).err).toBe('');
    expect((await complete(['-v', 'Hi'])).err).toContain('call_0123456789abcdefghijkl');
  });

  it('is read from the model asked for: option, then environment, then the default', async () => {
    const env = { HEADRACE_MODEL: 'vercel:a/b' };
    expect((await complete(['Hi'], {}, { env })).gateway.requests[0]?.model).toBe('vercel:a/b');
    expect((await complete(['-m', 'c/d', 'Hi'], {}, { env })).gateway.requests[0]?.model).toBe('c/d');
    const { err } = await complete(['-m', 'vercel:c/d', 'Hi'], {}, { stderr: new Captured(true) });
    expect(err).toContain('waiting for c/d …');
  });

  it('is asked for with everything that was typed', async () => {
    const args = [
      '--system',
      'Be brief.',
      '--temperature',
      '0',
      '--whole',
      '--timeout',
      '2.5',
      '--max-attempts',
      '1',
      '--recovery',
      'verify',
      'Hi',
    ];
    const { gateway } = await complete(args);
    expect(gateway.requests[0]).toMatchObject({
      system: 'Be brief.',
      temperature: 0,
      delivery: 'whole',
      timeoutMs: 2_500,
      maxAttempts: 1,
      recovery: 'verify',
    });
  });

  it('is asked of the upstream that was named', async () => {
    expect((await complete(['--emulator', 'Hi'])).connections[0]).toMatchObject({ emulator: true });
    const { connections } = await complete(['--base-url', 'http://127.0.0.1:9', 'Hi']);
    expect(connections[0]).toMatchObject({ emulator: false, baseUrl: 'http://127.0.0.1:9' });
  });

  it('steers no terminal', async () => {
    const { out } = await complete(
      ['Hi'],
      { events: () => [...text('a\u001b]0;ow', 'ned\u0007b\tc'), END] },
      { stdout: new Captured(true) },
    );
    expect(out).toBe('ab\tc\n');
  });

  it('may show what the model thought, apart from it', async () => {
    const events = () => [{ type: 'reasoning-delta', text: 'Hmm.' } as const, ...text('Yes.'), END];
    const { out, err } = await complete(['--show-reasoning', 'Hi'], { events });
    expect([out, err]).toEqual(['Yes.\n', '[reasoning]\nHmm.\n[answer]\n']);
    expect((await complete(['Hi'], { events })).err).toBe('');
  });

  it('that is only thought about yet says so on the progress line', async () => {
    const stderr = new Captured(true);
    const io = fakeIo({ stderr, env: { NO_COLOR: '1' } });
    let goOn = (): void => {};
    const paused = new Promise<void>((resolve) => (goOn = resolve));
    const { connect } = fakeUpstream({
      events: async function* () {
        yield { type: 'reasoning-delta', text: 'Hmm' };
        await paused;
        yield* [{ type: 'reasoning-delta', text: '.' } as const, ...text('Yes.'), END];
      },
    });
    const ended = run(['complete', 'Hi'], io, connect);
    await stderr.seen('\rthinking … 0.0 s\u001b[K');
    expect(io.stdout.text).toBe('');
    goOn();
    await expect(ended).resolves.toBe(0);
    expect(stderr.text.match(/thinking/g)).toHaveLength(1);
    expect(stderr.text).toContain('\rthinking … 0.0 s\u001b[K\r\u001b[K');
  });

  it('comes from the emulator at a pace to be seen on a terminal, and at once everywhere else', async () => {
    const paceOf = async (args: readonly string[], onTerminal: boolean) => {
      const { connections } = await complete(['--emulator', ...args, 'Hi'], {}, { stdout: new Captured(onTerminal) });
      return connections[0]?.tokensPerSecond;
    };
    expect(await paceOf([], true)).toBeGreaterThan(0);
    expect(await paceOf([], false)).toBeUndefined();
    expect(await paceOf(['--json'], true)).toBeUndefined();
  });

  it('that holds files says so', async () => {
    const source = { type: 'base64', data: 'AA==' } as const;
    const events = () => [...text('Here.'), { type: 'file', mediaType: 'image/png', source } as const, END];
    expect((await complete(['Hi'], { events })).err).toBe(
      'headrace: the answer also holds 1 file; --json prints them too\n',
    );
  });

  it.each([
    ['length', 'the answer stops at its limit of tokens; the text above is not whole'],
    ['content-filter', 'a content filter ended the answer; the text above is not whole'],
  ] as const)('that ends with %s is not whole and exits with 7', async (finishReason, message) => {
    const { code, out, err } = await complete(['Hi'], { receipt: aReceipt({ finishReason }) });
    expect([code, out]).toEqual([7, 'Hello.\n']);
    expect(err).toContain(`headrace: ${message}\n`);
  });

  it('that ended before its first text speaks of no text above', async () => {
    const receipt = aReceipt({ finishReason: 'length' });
    const { code, out, err } = await complete(['Hi'], { receipt, events: () => [END] });
    expect([code, out]).toEqual([7, '']);
    expect(err).toContain('headrace: the answer stops at its limit of tokens; no text came before the end\n');
  });
});

describe('an answer as JSON', () => {
  it('is one document with all that is known', async () => {
    const toolCalls = [{ id: '1', name: 'look', argumentsJson: '{"a":1}', arguments: { a: 1 } }];
    const { code, out, err, gateway } = await complete(['--json', 'Hi'], { complete: async () => ({ toolCalls }) });
    expect([code, err]).toEqual([0, '']);
    expect(gateway.requests[0]?.delivery).toBe('stream');
    const receipt = aReceipt();
    expect(JSON.parse(out)).toEqual({
      text: 'Hello.',
      reasoning: '',
      toolCalls: [{ id: '1', name: 'look', arguments: { a: 1 } }],
      files: [],
      citations: [],
      finishReason: 'stop',
      rawFinishReason: 'stop',
      usage: receipt.usage,
      cost: receipt.cost,
      provider: 'vercel',
      model: 'openai/gpt-6-luna',
      responseId: 'gen_1',
      warnings: [],
      receipt,
    });
  });

  it('has times to a microsecond', async () => {
    const receipt = aReceipt({ durationMs: 1_300.123456789 });
    expect(JSON.parse((await complete(['--json', 'Hi'], { receipt })).out)).toMatchObject({
      receipt: { durationMs: 1_300.123 },
    });
  });

  it('says null of what is not known', async () => {
    const { out } = await complete(['--json', 'Hi'], { complete: async () => ({ usage: undefined, cost: undefined }) });
    expect(JSON.parse(out)).toMatchObject({ usage: null, cost: null });
  });

  it('that is not whole is printed, told as JSON on standard error, and exits with 7', async () => {
    const { code, out, err } = await complete(['--json', 'Hi'], { complete: async () => ({ finishReason: 'length' }) });
    expect(code).toBe(7);
    expect(JSON.parse(out)).toMatchObject({ finishReason: 'length' });
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'answer-not-whole', exitCode: 7 } });
  });
});

describe('an answer that must fit a schema', () => {
  const withSchema = async <T>(content: string, use: (file: string) => Promise<T>): Promise<T> => {
    const folder = await mkdtemp(join(tmpdir(), 'headrace-'));
    try {
      await writeFile(join(folder, 'schema.json'), content);
      return await use(join(folder, 'schema.json'));
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  it('is printed as the validated value', async () => {
    const schema = { type: 'object', properties: { a: { type: 'number' } } };
    await withSchema(JSON.stringify(schema), async (file) => {
      const { code, out, gateway } = await complete(['--schema', file, 'Hi'], {
        complete: async () => ({ output: { a: 1 } }),
      });
      expect([code, JSON.parse(out)]).toEqual([0, { a: 1 }]);
      expect(gateway.requests[0]?.output).toEqual(schema);
    });
  });

  it.each([
    ['{', 'is not JSON'],
    ['[]', 'does not hold a JSON Schema'],
  ])('cannot be asked for with %j', async (content, message) => {
    await withSchema(content, async (file) => {
      const { code, err, connections } = await complete(['--schema', file, 'Hi']);
      expect([code, connections.length]).toEqual([2, 0]);
      expect(err).toContain(message);
    });
  });
});
