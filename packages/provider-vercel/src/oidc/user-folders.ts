import { homedir } from 'node:os';
import { type PlatformPath, posix, win32 } from 'node:path';
import type { Environment } from '@headrace/wire/provider';

const pathOf = (platform: NodeJS.Platform): PlatformPath => (platform === 'win32' ? win32 : posix);

/** Set, and not empty. */
const given = (env: Environment, name: string): string | undefined => {
  const value = env[name];
  return value === undefined || value === '' ? undefined : value;
};

const homeOf = (env: Environment, platform: NodeJS.Platform): string =>
  given(env, platform === 'win32' ? 'USERPROFILE' : 'HOME') ?? homedir();

/** Where Vercel's tools keep the OIDC tokens of projects; undefined on platforms for which they have no place. */
export const tokenFolder = (env: Environment, platform: NodeJS.Platform): string | undefined => {
  const path = pathOf(platform);
  const own = 'com.vercel.token';
  const chosen = given(env, 'XDG_DATA_HOME');
  if (chosen !== undefined) return path.join(chosen, own);
  if (platform === 'darwin') return path.join(homeOf(env, platform), 'Library', 'Application Support', own);
  if (platform === 'linux') return path.join(homeOf(env, platform), '.local', 'share', own);
  const local = platform === 'win32' ? given(env, 'LOCALAPPDATA') : undefined;
  return local === undefined ? undefined : path.join(local, own);
};

const dataFolders = (env: Environment, platform: NodeJS.Platform, own: string): string[] => {
  const path = pathOf(platform);
  const shared = (given(env, 'XDG_DATA_DIRS')?.split(path.delimiter) ?? []).filter((folder) => folder !== '');
  const more = shared.map((folder) => path.join(folder, own));
  const chosen = given(env, 'XDG_DATA_HOME');
  if (chosen !== undefined) return [path.join(chosen, own), ...more];
  const home = homeOf(env, platform);
  if (platform === 'darwin') return [path.join(home, 'Library', 'Application Support', own), ...more];
  if (platform !== 'win32') return [path.join(home, '.local', 'share', own), ...more];
  const roaming = given(env, 'APPDATA') ?? path.join(home, 'AppData', 'Roaming');
  return [path.join(roaming, own, 'Data'), ...more, path.join(roaming, 'xdg.data', own)];
};

/** Where the Vercel CLI may keep its login and settings: the first that is there counts. */
export const cliFolders = (env: Environment, platform: NodeJS.Platform): readonly string[] => {
  const path = pathOf(platform);
  return [
    ...dataFolders(env, platform, 'com.vercel.cli'),
    // From before the command was renamed.
    path.join(homeOf(env, platform), '.now'),
    ...dataFolders(env, platform, 'now'),
  ];
};
