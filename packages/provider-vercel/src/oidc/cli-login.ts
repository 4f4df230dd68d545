import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson, Secret } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';
import type { Environment } from '@headrace/wire/provider';
import { RefreshFault } from './refresh-fault.js';
import { cliFolders } from './user-folders.js';

/** A login this close to its end is not used. */
const LAST_MOMENT_MS = 10_000;

/** `expiresAt` in seconds since the epoch; absent for a login that lasts. */
const authSchema = z.object({
  token: z.string().min(1).optional().catch(undefined),
  refreshToken: z.string().min(1).optional().catch(undefined),
  expiresAt: z.number().optional().catch(undefined),
});

const configSchema = z.object({ credStorage: z.string().optional().catch(undefined) });

/** The login of the Vercel CLI: its token, or that only the CLI itself can use it. */
export type CliLogin =
  | { readonly kind: 'token'; readonly token: Secret }
  /** In the keyring of the system, bound to a device key, or past its end and to be renewed. */
  | { readonly kind: 'cli-only' };

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
};

const firstFolder = async (paths: readonly string[]): Promise<string | undefined> => {
  for (const path of paths) if (await isFolder(path)) return path;
  return undefined;
};

const readJson = async (file: string): Promise<unknown> => {
  try {
    return parseJson((await readFile(file, 'utf8')).replace(/^\ufeff/, ''));
  } catch {
    // The parser's message would quote the file.
    return {};
  }
};

/** Finds the login that `vercel login` left on this machine. @throws RefreshFault when nobody is logged in */
export const findCliLogin = async (
  env: Environment,
  epochMs: number,
  platform: NodeJS.Platform = process.platform,
): Promise<CliLogin> => {
  const folder = await firstFolder(cliFolders(env, platform));
  if (folder === undefined)
    throw new RefreshFault('Nobody has logged in with the Vercel CLI on this machine.', 'Run "vercel login".');
  const config = configSchema.safeParse(await readJson(join(folder, 'config.json'))).data;
  const storage = env['VERCEL_TOKEN_STORAGE'] ?? config?.credStorage ?? 'file';
  // A switch of the CLI: logins bound to a key that only it can use.
  if (storage === 'keyring' || env['__VERCEL_FF_DPOP'] === '1') return { kind: 'cli-only' };
  const { token, refreshToken, expiresAt } = authSchema.safeParse(await readJson(join(folder, 'auth.json'))).data ?? {};
  if (token !== undefined && (expiresAt === undefined || expiresAt * 1000 > epochMs + LAST_MOMENT_MS))
    return { kind: 'token', token: new Secret(token) };
  if (refreshToken !== undefined || storage === 'auto') return { kind: 'cli-only' };
  const problem = token === undefined ? 'The Vercel CLI is not logged in.' : 'The login of the Vercel CLI has expired.';
  throw new RefreshFault(problem, 'Run "vercel login".');
};
