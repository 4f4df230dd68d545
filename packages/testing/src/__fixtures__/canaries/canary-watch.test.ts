import fs from 'node:fs';
import { appendFile, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { createGateway } from '@headrace/core';
import { UpstreamError } from '@headrace/core/plugin';
import { end, text } from '../../script/answer-step.js';
import { type ProviderStep, warn } from '../../script/provider-step.js';
import { scriptedProvider } from '../../script/scripted-provider.js';
import { collectUntilError } from '../../stream/collect.js';
import { rejectionOf } from '../../stream/rejection-of.js';
import { canariesIn, canaryKey, canaryLogin, canaryPrompt, canaryToken } from './canary.js';
import type { Leak } from './canary-watch.js';
import { watchInForce } from './process-hooks.js';

const planted = (leak: () => unknown): Promise<readonly Leak[]> => watchInForce().planted(leak);

const surfaces = (leaks: readonly Leak[]): readonly string[] => [
  ...new Set(leaks.map(({ surface, kind }) => `${kind} in ${surface}`)),
];

const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

/** Plays one call of a gateway whose provider does as the script says. */
const call = async (...script: readonly ProviderStep[]): Promise<unknown> => {
  await using gateway = createGateway({ providers: [scriptedProvider([script])], retry: { maxAttempts: 1 } });
  const stream = gateway.stream({ model: 'scripted:test/model', prompt: 'Hello' });
  await collectUntilError(stream);
  return stream.receipt;
};

describe('a canary', () => {
  it('is known by its beginning, in whatever form it is written', () => {
    expect(canariesIn(canaryKey(2).slice(0, -12))).toEqual(['key']);
    expect(canariesIn(canaryToken(1).slice(0, 24))).toEqual(['token']);
    expect(canariesIn(Buffer.from(canaryToken(1).split('.')[0] ?? '', 'base64url').toString())).toEqual(['token']);
    expect(canariesIn(JSON.stringify({ token: canaryToken(1) }))).toEqual(['token']);
    expect(canariesIn(canaryLogin())).toEqual(['login']);
    expect(canariesIn(canaryPrompt())).toEqual(['prompt']);
    expect(canariesIn(`${canaryPrompt()} ${canaryKey()}`)).toEqual(['key', 'prompt']);
    expect(canariesIn('a key, a token and a canary')).toEqual([]);
  });
});

describe('the watch over every test file', () => {
  it.each<[string, () => unknown]>([
    ['its message', () => new UpstreamError(`no access with ${canaryKey()}`)],
    ['a plain error', () => new Error(canaryKey())],
    ['its cause', () => new UpstreamError('failed', { cause: { text: [canaryKey()] } })],
    ['the cause of its cause', () => new UpstreamError('failed', { cause: new Error('x', { cause: canaryKey() }) })],
    ['a field set later', () => Object.assign(new UpstreamError('failed'), { receipt: { warnings: [canaryKey()] } })],
    ['a hidden field', () => Object.defineProperty(new UpstreamError('failed'), 'hidden', { value: canaryKey() })],
    ['what it gives as JSON', () => Object.assign(new UpstreamError('failed'), { toJSON: () => canaryKey() })],
    [
      'what it shows when inspected',
      () => Object.assign(new UpstreamError('failed'), { [Symbol.for('nodejs.util.inspect.custom')]: canaryKey }),
    ],
    ['its stack alone', () => Object.assign(new UpstreamError(canaryKey()), { message: 'failed' })],
  ])('sees a key in an error: %s', async (_, make) => {
    expect(surfaces(await planted(make))).toEqual(['key in error']);
  });

  it('sees errors that are swallowed, and tokens, logins and prompts in them', async () => {
    const swallow = async (said: string): Promise<void> => {
      await Promise.reject(new UpstreamError(said)).catch(() => undefined);
    };
    expect(surfaces(await planted(() => swallow(canaryToken(1))))).toEqual(['token in error']);
    expect(surfaces(await planted(() => swallow(canaryLogin())))).toEqual(['login in error']);
    expect(surfaces(await planted(() => swallow(canaryPrompt())))).toEqual(['prompt in error']);
  });

  it.each<[string, (said: string) => unknown]>([
    ['stdout', (said) => process.stdout.write(said)],
    ['stderr', (said) => process.stderr.write(said)],
    ['a warning of the process', (said) => process.emitWarning(said)],
    ['a stream of text', (said) => nowhere().write(said)],
    ['a stream of bytes', (said) => nowhere().write(Buffer.from(said))],
    ['the console', (said) => console.warn('%s', said)],
    ['an object on the console', (said) => console.log({ deep: [said] })],
  ])('sees keys and prompts in a log: %s', async (_, write) => {
    expect(surfaces(await planted(() => write(canaryKey())))).toEqual(['key in log']);
    expect(surfaces(await planted(() => write(canaryPrompt())))).toEqual(['prompt in log']);
  });

  it('sees keys and prompts in receipts', async () => {
    const warned = (message: string): readonly ProviderStep[] => [
      warn({ code: 'x', message }),
      text('a'),
      end(),
    ];
    expect(surfaces(await planted(() => call(...warned(canaryKey()))))).toEqual(['key in receipt']);
    expect(surfaces(await planted(() => call(...warned(canaryPrompt()))))).toEqual(['prompt in receipt']);
  });

  it('sees keys in events, and prompts in them are none of its business', async () => {
    expect(surfaces(await planted(() => call(text(canaryToken(1)), end())))).toEqual(['token in event']);
    expect(surfaces(await planted(() => call(text(canaryPrompt()), end())))).toEqual([]);
  });

  it('sees keys in the JSON that others than tests make', async () => {
    const stringify = JSON.stringify as (value: unknown) => unknown;
    expect(surfaces(await planted(() => [{ deep: [canaryKey()] }].map(stringify)))).toEqual(['key in JSON']);
    expect(surfaces(await planted(() => JSON.stringify(canaryKey())))).toEqual([]);
  });

  it('sees keys in files, however they are written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'headrace-canaries-'));
    const file = join(folder, 'file');
    const byHandle = async (): Promise<void> => {
      await using handle = await open(file, 'w');
      await handle.write(Buffer.from(canaryKey()));
    };
    const ways = [
      () => writeFile(file, canaryKey()),
      () => appendFile(file, Buffer.from(canaryKey())),
      () => fs.writeFileSync(file, canaryKey()),
      () => fs.appendFileSync(file, canaryKey()),
      byHandle,
    ];
    try {
      for (const write of ways) expect(surfaces(await planted(write))).toEqual(['key in file']);
      const byStream = (): Promise<void> => finished(fs.createWriteStream(file).end(canaryKey()));
      expect(surfaces(await planted(byStream))).toEqual(['key in log', 'key in file']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('fails the test that let a secret out, without telling it', async () => {
    const watch = watchInForce();
    void new UpstreamError(`no access with ${canaryKey()}`);
    const failure = await rejectionOf(Promise.resolve().then(() => watch.assertNone()));
    expect(String(failure)).toContain('1 secrets came out; a key in this error: ');
    expect(canariesIn(inspect(failure))).toEqual([]);
    expect(watch.take()).toEqual([]);
  });
});
