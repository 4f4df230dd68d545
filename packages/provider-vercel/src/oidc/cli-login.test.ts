import { rm } from 'node:fs/promises';
import { inspect } from 'node:util';
import { fakeClock, rejectionOf } from '@headrace/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jwt } from '../__fixtures__/jwt.js';
import { type LinkedProject, LOGIN, linkedProject, PROJECT, TEAM } from '../__fixtures__/linked-project.js';
import { json, type LoopbackServer, loopbackServer } from '../__fixtures__/loopback-server.js';
import { VercelClient } from '../vercel-client.js';

const clock = fakeClock();
const NOW = clock.epochMs() / 1000;
const FRESH = jwt(NOW + 3600);
/** A command `vercel` that answers with its arguments put into a token. */
const TELLS_ARGUMENTS = 'console.log(JSON.stringify({ token: process.argv.slice(2).join("_") }))';

let project: LinkedProject;
let api: LoopbackServer;
let clients: VercelClient[];

const tokenWith = async (env: Record<string, string> = {}): Promise<string> => {
  const oidc = { apiUrl: api.url, projectDir: project.folder };
  const one = new VercelClient({ env: { ...project.env, ...env }, oidc }, clock);
  clients.push(one);
  return (await one.getToken()).reveal();
};

beforeEach(async () => {
  clients = [];
  project = await linkedProject();
  api = await loopbackServer(json(200, { token: FRESH }));
});

afterEach(async () => {
  await Promise.all(clients.map((one) => one.close()));
  await Promise.all([api[Symbol.asyncDispose](), project[Symbol.asyncDispose]()]);
});

describe('the login of the Vercel CLI', () => {
  it.each([
    ['lasts', { token: LOGIN }],
    ['ends later', { token: LOGIN, expiresAt: NOW + 60 }],
    ['has an end that cannot be read', { token: LOGIN, expiresAt: 'soon' }],
  ])('is used where it %s', async (_, auth) => {
    await project.login(auth);
    expect(await tokenWith()).toBe(FRESH);
    expect(api.received[0]?.headers.authorization).toBe(`Bearer ${LOGIN}`);
  });

  it.each([
    ['has ended and can be renewed', { token: LOGIN, refreshToken: 'vcr_x', expiresAt: NOW }, {}, {}],
    ['lies in the keyring', {}, { credStorage: 'keyring' }, {}],
    ['lies in the keyring, as a variable says', { token: LOGIN }, {}, { VERCEL_TOKEN_STORAGE: 'keyring' }],
    ['may lie in the keyring and is in no file', {}, { credStorage: 'auto' }, {}],
    ['is bound to a key of the CLI', { token: LOGIN }, {}, { __VERCEL_FF_DPOP: '1' }],
  ])('is left to the CLI where it %s', async (_, auth, config, env) => {
    await project.login(auth);
    await project.configure(config);
    await project.install(TELLS_ARGUMENTS);
    expect(await tokenWith(env)).toBe(`project_token_${PROJECT}_--format=json_--scope_${TEAM}`);
    expect(api.received).toHaveLength(0);
    expect(await project.kept()).toMatchObject({ token: expect.stringContaining('project_token') });
  });

  it.each([
    ['nobody has logged in', undefined, /Nobody has logged in .*vercel login/],
    ['there is no token', {}, /The Vercel CLI is not logged in.*vercel login/],
    [
      'it has ended for good',
      { token: LOGIN, expiresAt: NOW - 1 },
      /login of the Vercel CLI has expired.*vercel login/,
    ],
    ['the CLI is needed and not there', { token: LOGIN, refreshToken: 'r', expiresAt: 1 }, /"vercel" is not found/],
  ])('is asked for where %s', async (_, auth, message) => {
    if (auth !== undefined) await project.login(auth);
    const error = await rejectionOf(tokenWith());
    expect(error).toMatchObject({ code: 'missing-credential' });
    expect(String(error)).toMatch(message);
    expect(inspect(error, { showHidden: true })).not.toContain(LOGIN);
    expect(api.received).toHaveLength(0);
  });

  it('is not repeated by an error about a file that is no JSON', async () => {
    await project.login({});
    await project.configure({});
    await rm(project.tokenFolder, { recursive: true, force: true });
    await project.keep(`${LOGIN} is no JSON`);
    const error = await rejectionOf(tokenWith());
    expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain(LOGIN);
  });
});

describe('the command of the Vercel CLI', () => {
  beforeEach(async () => {
    await project.login({ token: LOGIN, refreshToken: 'vcr_x', expiresAt: 1 });
  });

  it('is run in the folder of the project, with no input, by the environment of the options', async () => {
    await project.install(`
      process.stdin.on('data', () => {}).on('end', () => {
        console.log(JSON.stringify({ token: [process.cwd().endsWith('app'), process.env.CHOSEN, process.env.HOME].join() }));
      });`);
    expect(await tokenWith({ CHOSEN: 'yes' })).toBe(`true,yes,${project.env['HOME']}`);
  });

  it('may print the token and nothing else, as older versions do', async () => {
    await project.install(`console.log(${JSON.stringify(FRESH)})`);
    expect(await tokenWith()).toBe(FRESH);
  });

  it.each([
    [
      'fails',
      'console.error("Vercel CLI 60"); console.error("\\u001b[31mError: no access for vca_abcdef\\u001b[39m"); process.exit(1)',
      /"vercel project token" failed\. It said: Error: no access for .*Run "vercel login"/,
    ],
    ['fails without a word', 'process.exit(3)', /"vercel project token" failed\. Run "vercel login"/],
    [
      'prints something else',
      'console.log("Hello, who are you?")',
      /The Vercel CLI answered with something that is no token/,
    ],
    ['prints nothing', '', /something that is no token/],
    [
      'prints a token that has expired',
      `console.log(JSON.stringify({ token: ${JSON.stringify(jwt(1))} }))`,
      /The Vercel CLI gave a token that has expired/,
    ],
    [
      'prints without end',
      'const more = () => process.stdout.write("x".repeat(65536), more); more();',
      /"vercel project token" failed/,
    ],
  ])('says what to do when it %s', async (_, script, message) => {
    await project.install(script);
    expect(String(await rejectionOf(tokenWith()))).toMatch(message);
  });
});
