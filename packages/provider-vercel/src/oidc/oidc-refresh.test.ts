import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGateway } from '@headrace/core';
import { GatewayError } from '@headrace/core/plugin';
import { type FakeClock, fakeClock, rejectionOf } from '@headrace/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jwt } from '../__fixtures__/jwt.js';
import { type LinkedProject, LOGIN, linkedProject, PROJECT, TEAM } from '../__fixtures__/linked-project.js';
import { json, type LoopbackServer, loopbackServer, plain, streamed, whole } from '../__fixtures__/loopback-server.js';
import { VercelClient } from '../vercel-client.js';
import { vercel } from '../vercel-module.js';
import type { VercelOptions } from '../vercel-options.js';

const HOUR = 3600;
const ROUTE = `/v1/projects/${PROJECT}/token?source=vercel-oidc-refresh&teamId=${TEAM}`;

let clock: FakeClock;
let project: LinkedProject;
let api: LoopbackServer;
let upstream: LoopbackServer;
let expired: string;
let fresh: string;
const clients: VercelClient[] = [];

/** Something to wait for. */
const gate = (): { readonly opened: Promise<void>; readonly open: () => void } => {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};

/** Goes on once this is so: what makes it so has begun. */
const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
};

const inSeconds = (seconds: number): string => jwt(clock.epochMs() / 1000 + seconds);

const options = (given: VercelOptions = {}): VercelOptions => ({
  baseUrl: upstream.url,
  env: { ...project.env, VERCEL_OIDC_TOKEN: expired },
  catalogue: { refresh: false },
  oidc: { apiUrl: api.url, projectDir: project.folder },
  ...given,
});

const client = (given: VercelOptions = {}): VercelClient => {
  const made = new VercelClient(options(given), clock);
  clients.push(made);
  return made;
};

beforeEach(async () => {
  clock = fakeClock();
  expired = inSeconds(-60);
  fresh = inSeconds(12 * HOUR);
  project = await linkedProject();
  await project.login({ token: LOGIN });
  api = await loopbackServer((request, response) => json(200, { token: fresh })(request, response));
  upstream = await loopbackServer(whole('Hello'));
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((one) => one.close()));
  await Promise.all([api[Symbol.asyncDispose](), upstream[Symbol.asyncDispose](), project[Symbol.asyncDispose]()]);
});

describe('refreshing an OIDC token', () => {
  it('asks once for a thousand calls at one time, and serves them all', async () => {
    await using gateway = createGateway({ providers: [vercel(options())], clock });
    const answers = await Promise.all(
      Array.from({ length: 1000 }, () => gateway.complete({ model: 'vercel:openai/gpt-4.1-nano', prompt: 'Hi' })),
    );
    expect(answers.every(({ text }) => text === 'Hello')).toBe(true);
    expect(api.received).toHaveLength(1);
    expect(api.received[0]).toMatchObject({ method: 'POST', path: ROUTE, body: '' });
    expect(upstream.received).toHaveLength(1000);
    expect(new Set(upstream.received.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Bearer ${fresh}`]),
    );
  });

  it('tells each of a thousand calls why it failed, asks nobody meanwhile, and asks again after a pause', async () => {
    api.answer(json(500, { error: { message: 'no' } }));
    await using gateway = createGateway({ providers: [vercel(options())], clock });
    const call = (): Promise<unknown> =>
      rejectionOf(gateway.complete({ model: 'vercel:openai/gpt-4.1-nano', prompt: 'Hi' }));
    const errors = await Promise.all(Array.from({ length: 1000 }, call));
    expect(new Set(errors).size).toBe(1000);
    for (const error of errors) {
      if (!GatewayError.is(error)) throw new Error('a call failed with something else');
      expect(error.code).toBe('credential-rejected');
      expect(error.receipt?.attempts).toHaveLength(1);
    }
    expect(String(errors[0])).toMatch(/VERCEL_OIDC_TOKEN expired at .*, and a new one could not be had: .*HTTP 500/);
    expect(upstream.received).toHaveLength(0);
    expect(api.received).toHaveLength(1);

    for (const pauseMs of [1_000, 2_000, 4_000]) {
      const before = api.received.length;
      await clock.advance(pauseMs - 1);
      await Promise.all([call(), call()]);
      expect(api.received).toHaveLength(before);
      await clock.advance(1);
      await Promise.all([call(), call()]);
      expect(api.received).toHaveLength(before + 1);
    }
  });

  it('never pauses for longer than a minute', async () => {
    api.answer(json(500, {}));
    const one = client();
    for (let tries = 0; tries < 20; tries += 1) {
      await rejectionOf(one.getToken());
      await clock.advance(60_000);
    }
    expect(api.received).toHaveLength(20);
  });

  it('sends the login to the API alone and the token to the gateway alone', async () => {
    const one = client();
    await one.credits().catch(() => {});
    expect(api.received.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${LOGIN}`]);
    expect(upstream.received.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${fresh}`]);
    expect(JSON.stringify(upstream.received)).not.toContain(LOGIN);
    expect(JSON.stringify(api.received)).not.toContain(expired);
  });

  it('keeps the token where Vercel’s tools look for it, for this user only, and leaves nothing else behind', async () => {
    await client().getToken();
    expect(await project.kept()).toEqual({ token: fresh });
    expect((await stat(project.tokenFile)).mode & 0o777).toBe(0o600);
    expect(await readdir(project.tokenFolder)).toEqual([`${PROJECT}.json`]);
  });

  it('keeps a token for its process alone where no file can be written', async () => {
    await writeFile(project.tokenFolder, 'a file where the folder should be', { flag: 'wx' }).catch(() => {});
    const one = client();
    expect([(await one.getToken()).reveal(), (await one.getToken()).reveal()]).toEqual([fresh, fresh]);
    expect(api.received).toHaveLength(1);
    expect(await readFile(project.tokenFolder, 'utf8')).toContain('a file');
  });

  it('takes a kept token that still lives without asking anybody', async () => {
    const kept = inSeconds(HOUR);
    await project.keep(JSON.stringify({ token: kept }));
    expect((await client().getToken()).reveal()).toBe(kept);
    expect(api.received).toHaveLength(0);
  });

  it.each(['', 'no JSON', '{"token":5}', '{"token":"two words"}', '{}'])(
    'takes a new token where %j is kept',
    async (content) => {
      await project.keep(content);
      expect((await client().getToken()).reveal()).toBe(fresh);
      expect(await project.kept()).toEqual({ token: fresh });
    },
  );

  it('takes a token for a linked project that has none in its environment', async () => {
    const one = client({ env: project.env });
    expect((await one.getToken()).reveal()).toBe(fresh);
  });

  it('prefers what is there: a key, a living token of the request, a living token of the variable', async () => {
    expect((await client({ apiKey: 'vck_key' }).getToken()).reveal()).toBe('vck_key');
    const living = inSeconds(HOUR);
    expect((await client({ env: { ...project.env, VERCEL_OIDC_TOKEN: living } }).getToken()).reveal()).toBe(living);
    expect(api.received).toHaveLength(0);
  });

  it('leaves the environment as it is, and takes a living token from it again', async () => {
    const env: Record<string, string> = { ...project.env, VERCEL_OIDC_TOKEN: expired };
    const one = client({ env });
    await one.getToken();
    expect(env['VERCEL_OIDC_TOKEN']).toBe(expired);
    env['VERCEL_OIDC_TOKEN'] = inSeconds(HOUR);
    expect((await one.getToken()).reveal()).toBe(env['VERCEL_OIDC_TOKEN']);
  });

  it('fetches a new token while one near its end still serves, once a minute at most', async () => {
    const old = inSeconds(200);
    const one = client({ env: { ...project.env, VERCEL_OIDC_TOKEN: old } });
    api.answer(json(500, {}));
    for (let calls = 0; calls < 5; calls += 1) expect((await one.getToken()).reveal()).toBe(old);
    await api.waitForRequest(1);
    await clock.advance(60_000);
    await until(async () => (await one.getToken()).reveal() === old && api.received.length === 2);
    for (let calls = 0; calls < 5; calls += 1) expect((await one.getToken()).reveal()).toBe(old);
    expect(api.received).toHaveLength(2);
  });

  it('waits for a new token in the last moments of the old one, and goes on with it where there is none', async () => {
    const last = inSeconds(5);
    const env = { ...project.env, VERCEL_OIDC_TOKEN: last };
    expect((await client({ env }).getToken()).reveal()).toBe(fresh);
    await project.keep('');
    api.answer(json(500, {}));
    expect((await client({ env }).getToken()).reveal()).toBe(last);
  });

  it('fetches the next token when the fetched one nears its end', async () => {
    const one = client();
    await one.getToken();
    await clock.advance(12 * HOUR * 1000 - 200_000);
    const next = inSeconds(12 * HOUR);
    api.answer(json(200, { token: next }));
    expect((await one.getToken()).reveal()).toBe(fresh);
    await until(async () => (await one.getToken()).reveal() === next);
    expect(api.received).toHaveLength(2);
  });

  it('gives up a fetched token that the gateway does not accept, the kept one too, and fetches another', async () => {
    const revoked = fresh;
    upstream.answer((request, response) =>
      (request.headers.authorization === `Bearer ${revoked}`
        ? json(401, { error: { message: 'no', type: 'authentication_error' } })
        : json(200, { balance: '1', total_used: '0' }))(request, response),
    );
    const one = client();
    await expect(one.credits()).rejects.toMatchObject({ code: 'credential-rejected' });
    fresh = inSeconds(11 * HOUR);
    await one.credits();
    expect(api.received).toHaveLength(2);
    expect(await project.kept()).toEqual({ token: fresh });
  });

  it('asks for another once a minute at most when none is accepted, however many calls are refused', async () => {
    upstream.answer(json(401, { error: { message: 'no', type: 'authentication_error' } }));
    await using gateway = createGateway({ providers: [vercel(options())], clock });
    const call = async (): Promise<unknown> => {
      fresh = inSeconds(12 * HOUR + api.received.length);
      return rejectionOf(gateway.complete({ model: 'vercel:openai/gpt-4.1-nano', prompt: 'Hi' }));
    };
    for (const asked of [2, 3, 4]) {
      for (let calls = 0; calls < 5; calls += 1) {
        const errors = await Promise.all(Array.from({ length: 20 }, call));
        expect(errors).toEqual(errors.map(() => expect.objectContaining({ code: 'credential-rejected' })));
      }
      expect(api.received).toHaveLength(asked);
      await clock.advance(60_000);
    }
  });

  it('lets a waiting call go as soon as its own signal says so, and serves the others', async () => {
    const asked = gate();
    const go = gate();
    api.answer((request, response) => {
      asked.open();
      void go.opened.then(() => json(200, { token: fresh })(request, response));
    });
    const one = client();
    const controller = new AbortController();
    const reason = new Error('enough');
    const stopped = [
      rejectionOf(one.getToken(controller.signal)),
      rejectionOf(one.credits(controller.signal)),
      rejectionOf(one.generate('openai/gpt-4.1-nano', 'Hi', { signal: controller.signal }).next()),
    ];
    const other = one.getToken();
    await asked.opened;
    controller.abort(reason);
    expect(await Promise.all(stopped)).toEqual([reason, reason, reason]);
    go.open();
    expect((await other).reveal()).toBe(fresh);
    expect(api.received).toHaveLength(1);
    expect(upstream.received).toHaveLength(0);
  });

  it('lets nobody wait for more than nine seconds, and has the token for those who come later', async () => {
    const go = gate();
    api.answer((request, response) => void go.opened.then(() => json(200, { token: fresh })(request, response)));
    const one = client();
    const first = rejectionOf(one.getToken());
    await api.waitForRequest(1);
    await clock.advance(9_000);
    expect(String(await first)).toMatch(/takes longer than 9 s/);
    expect(String(await rejectionOf(one.getToken()))).toMatch(/takes longer than 9 s/);
    go.open();
    const token = async (): Promise<string> => (await one.getToken().catch(() => undefined))?.reveal() ?? '';
    await until(async () => (await token()) === fresh);
    expect(api.received).toHaveLength(1);
  });

  it('ends with the client', async () => {
    api.answer(() => {});
    const one = client();
    const waiting = rejectionOf(one.getToken());
    await api.waitForRequest(1);
    await one.close();
    expect(await waiting).toMatchObject({ code: 'credential-rejected' });
  });

  it('is offline a credential error, without a call to the gateway', async () => {
    await api[Symbol.asyncDispose]();
    const error = await rejectionOf(client().generate('openai/gpt-4.1-nano', 'Hi').next());
    expect(error).toMatchObject({ code: 'credential-rejected', failureClass: 'credential', isRetryable: false });
    expect(String(error)).toMatch(/Nothing was sent: .* expired at .*refused the connection/);
    expect(upstream.received).toHaveLength(0);
  });

  it('follows no redirect', async () => {
    upstream.answer(json(200, { token: fresh }));
    api.answer((_, response) => response.writeHead(307, { location: `${upstream.url}/elsewhere` }).end());
    expect(String(await rejectionOf(client().getToken()))).toMatch(/redirect \(HTTP 307\)/);
    expect(upstream.received).toHaveLength(0);
  });

  it.each([
    ['401', json(401, {}), /does not let the login .* \(HTTP 401\).*vercel login/],
    ['403', json(403, {}), /does not let the login .* \(HTTP 403\).*vercel link/],
    ['404', json(404, {}), /knows no project prj_abc.*vercel link/],
    ['an HTML page', plain(200, 'text/html', '<html>'), /HTML page/],
    ['another shape', json(200, { jwt: 'x' }), /something that is no token/],
    ['a token of two lines', json(200, { token: 'a\nb' }), /something that is no token/],
    ['a token that has expired', json(200, { token: jwt(1) }), /has expired already.*clock of this machine/],
    ['an endless answer', plain(200, 'application/json', `"${'x'.repeat(70_000)}"`), /longer than 65536 bytes/],
  ])('says what to do when the API answers with %s', async (_, answer, message) => {
    api.answer(answer);
    expect(String(await rejectionOf(client().getToken()))).toMatch(message);
  });

  it('looks for the project in the folders above', async () => {
    const below = join(project.folder, 'src', 'deep');
    await mkdir(below, { recursive: true });
    const one = client({ oidc: { apiUrl: api.url, projectDir: below } });
    expect((await one.getToken()).reveal()).toBe(fresh);
  });

  it('tells of a folder without a project what was told before there was refreshing', async () => {
    const oidc = { apiUrl: api.url, projectDir: project.tokenFolder };
    const error = await rejectionOf(client({ oidc }).getToken());
    expect(String(error)).toMatch(/expired at .*\. Run "vercel link" and "vercel env pull" again/);
    expect(await rejectionOf(client({ oidc, env: project.env }).getToken())).toMatchObject({
      code: 'missing-credential',
    });
    expect(api.received).toHaveLength(0);
  });

  it.each(['no JSON', '{"projectId":"../../etc"}', '{"orgId":"team_x"}', '{"projectId":"a","orgId":"b c"}'])(
    'takes no project from a file with %s',
    async (content) => {
      await using other = await linkedProject(content);
      const one = client({
        env: { ...other.env, VERCEL_OIDC_TOKEN: expired },
        oidc: { apiUrl: api.url, projectDir: other.folder },
      });
      expect(String(await rejectionOf(one.getToken()))).toMatch(/project\.json names no project.*vercel link/);
      expect(api.received).toHaveLength(0);
    },
  );

  it('names no team for a project that has none', async () => {
    await using other = await linkedProject({ projectId: PROJECT });
    await other.login({ token: LOGIN });
    await client({ env: other.env, oidc: { apiUrl: api.url, projectDir: other.folder } }).getToken();
    expect(api.received[0]?.path).toBe(`/v1/projects/${PROJECT}/token?source=vercel-oidc-refresh`);
  });

  it('is switched off and on by an option', async () => {
    const off = client({ oidc: { apiUrl: api.url, projectDir: project.folder, refresh: false } });
    expect(String(await rejectionOf(off.getToken()))).toMatch(/vercel env pull/);
    expect(api.received).toHaveLength(0);
    const env = { ...project.env, NODE_ENV: 'production' };
    const on = client({ env, oidc: { apiUrl: api.url, projectDir: project.folder, refresh: true } });
    expect((await on.getToken()).reveal()).toBe(fresh);
  });

  it('reads the token of a file for every call, before that of the variable', async () => {
    const file = join(project.folder, 'token');
    const env = { ...project.env, VERCEL_OIDC_TOKEN: expired, VERCEL_OIDC_TOKEN_FILE: file };
    const one = client({ env });
    expect(await rejectionOf(one.getToken())).toMatchObject({ code: 'missing-credential' });
    for (const token of [inSeconds(HOUR), inSeconds(2 * HOUR)]) {
      await writeFile(file, `${token}\n`);
      expect((await one.getToken()).reveal()).toBe(token);
    }
    upstream.answer(streamed(['Hi']));
    await one.generate('openai/gpt-4.1-nano', 'Hi').next();
    expect(upstream.received[0]?.headers.authorization).toBe(`Bearer ${inSeconds(2 * HOUR)}`);
    await writeFile(file, expired);
    expect((await one.getToken()).reveal()).toBe(fresh);
  });
});
