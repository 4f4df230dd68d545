import { type ExecFileException, exec, execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { parseJson } from '@headrace/core/plugin';
import type { Environment } from '@headrace/wire/provider';
import { upstreamText } from '@headrace/wire/provider';
import type { ProjectLink } from './project-link.js';
import { RefreshFault } from './refresh-fault.js';

/** The CLI may have to renew its login, and must not be stopped in the middle of that. */
const LIMIT_MS = 60_000;
const MOST_BYTES = 1024 * 1024;
const NAMES = process.platform === 'win32' ? ['vercel.cmd', 'vercel.exe'] : ['vercel'];
const MANUALLY = 'Run "vercel env pull", or set a key in AI_GATEWAY_API_KEY.';

interface Ran {
  readonly error: ExecFileException | null;
  readonly stdout: string;
  readonly stderr: string;
}

const foldersAbove = (folder: string): string[] => {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersAbove(above)];
};

/** The project's own installation before the user's. */
const findCli = async (folder: string, env: Environment): Promise<string | undefined> => {
  const own = foldersAbove(folder).map((one) => join(one, 'node_modules', '.bin'));
  const path = env['PATH'] ?? env['Path'] ?? '';
  for (const place of [...own, ...path.split(delimiter)]) {
    for (const name of NAMES) {
      if (place === '') continue;
      try {
        await access(join(place, name), constants.X_OK);
        return join(place, name);
      } catch {
        // Not here.
      }
    }
  }
  return undefined;
};

const run = (cli: string, args: readonly string[], cwd: string, env: Environment): Promise<Ran> =>
  new Promise((resolve) => {
    const options = { cwd, env: { ...env }, timeout: LIMIT_MS, maxBuffer: MOST_BYTES, windowsHide: true };
    const done = (error: ExecFileException | null, stdout: string, stderr: string): void =>
      resolve({ error, stdout, stderr });
    // Windows runs such scripts through its shell only; the arguments are letters, digits, dots and dashes.
    const child =
      process.platform === 'win32'
        ? exec(`"${cli}" ${args.join(' ')}`, options, done)
        : execFile(cli, args, options, done);
    // Without an input it cannot wait for somebody to answer a question.
    child.stdin?.on('error', () => {}).end();
  });

const reasonOf = ({ error, stderr }: Ran): string => {
  // oxlint-disable-next-line no-control-regex -- colours
  const lines = stderr.replace(/\u001b\[[0-9;]*m/g, '').split(/\r?\n/);
  const told = lines.find((line) => /^\s*error\b/i.test(line)) ?? lines.findLast((line) => line.trim() !== '') ?? '';
  if (told !== '') return ` It said: ${upstreamText(told)}`;
  return error?.killed === true ? ` It took longer than ${LIMIT_MS / 1000} s.` : '';
};

/**
 * Has the Vercel CLI fetch an OIDC token of a project, with a login that only it can use: the JSON it printed.
 * @throws RefreshFault
 */
export const askCliForToken = async (link: ProjectLink, env: Environment): Promise<unknown> => {
  const { projectId, teamId, folder } = link;
  const cli = await findCli(folder, env);
  if (cli === undefined)
    throw new RefreshFault(
      'The login of the Vercel CLI is in its keyring or has to be renewed, which only the CLI itself can do, and the command "vercel" is not found.',
      `Install it. ${MANUALLY}`,
    );
  const scope = teamId === undefined ? [] : ['--scope', teamId];
  const ran = await run(cli, ['project', 'token', projectId, '--format=json', ...scope], folder, env);
  if (ran.error !== null)
    throw new RefreshFault(
      `"vercel project token" failed.${reasonOf(ran)}`,
      `Run "vercel login", or a newer version of the CLI. ${MANUALLY}`,
    );
  const text = ran.stdout.trim();
  try {
    return parseJson(text);
  } catch {
    // Older versions print the token and nothing else.
    return { token: text };
  }
};
