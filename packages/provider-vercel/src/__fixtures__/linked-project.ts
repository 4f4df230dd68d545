import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canaryLogin } from '../../../testing/src/__fixtures__/canaries/canary.js';

export const PROJECT = 'prj_abc';
export const TEAM = 'team_xyz';
export const LOGIN = canaryLogin();

/** A folder linked to a Vercel project, and a home for Vercel's tools. Removed when disposed. */
export interface LinkedProject extends AsyncDisposable {
  /** The linked folder; holds `.vercel/project.json`. */
  readonly folder: string;
  /** Variables under which Vercel's tools and ours look into this home alone. */
  readonly env: Readonly<Record<string, string>>;
  readonly tokenFile: string;
  readonly tokenFolder: string;
  /** Writes the CLI's `auth.json`. */
  login(auth: object): Promise<void>;
  /** Writes the CLI's `config.json`. */
  configure(config: object): Promise<void>;
  /** Writes the kept token. */
  keep(content: string): Promise<void>;
  /** The kept token. */
  kept(): Promise<unknown>;
  /** Puts a command `vercel` on the path: a script of Node with these lines. */
  install(script: string): Promise<void>;
}

const write = async (folder: string, name: string, text: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text);
};

export const linkedProject = async (link: object | string = { projectId: PROJECT, orgId: TEAM }): Promise<LinkedProject> => {
  const root = await mkdtemp(join(tmpdir(), 'headrace-oidc-'));
  const folder = join(root, 'app');
  const data = join(root, 'data');
  const bin = join(root, 'bin');
  const tokenFolder = join(data, 'com.vercel.token');
  const tokenFile = join(tokenFolder, `${PROJECT}.json`);
  const cli = join(data, 'com.vercel.cli');
  await write(join(folder, '.vercel'), 'project.json', typeof link === 'string' ? link : JSON.stringify(link));
  await mkdir(bin);
  return {
    folder,
    env: { XDG_DATA_HOME: data, HOME: root, PATH: bin },
    tokenFile,
    tokenFolder,
    login: (auth) => write(cli, 'auth.json', JSON.stringify(auth)),
    configure: (config) => write(cli, 'config.json', JSON.stringify(config)),
    keep: (content) => write(tokenFolder, `${PROJECT}.json`, content),
    kept: async () => JSON.parse(await readFile(tokenFile, 'utf8')) as unknown,
    install: async (script) => {
      await write(bin, 'vercel', `#!${process.execPath}\n${script}\n`);
      await chmod(join(bin, 'vercel'), 0o755);
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
};
