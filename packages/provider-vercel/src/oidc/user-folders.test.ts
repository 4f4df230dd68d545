import { describe, expect, it } from '@jest/globals';
import { cliFolders, tokenFolder } from './user-folders.js';

const WINDOWS = { USERPROFILE: 'C:\\h', APPDATA: 'C:\\h\\R', LOCALAPPDATA: 'C:\\h\\L' };

describe('the folders of Vercel’s tools', () => {
  it.each([
    ['linux', { HOME: '/h/a' }, '/h/a/.local/share/com.vercel.token'],
    ['darwin', { HOME: '/h/a' }, '/h/a/Library/Application Support/com.vercel.token'],
    ['win32', WINDOWS, 'C:\\h\\L\\com.vercel.token'],
    ['win32', { USERPROFILE: 'C:\\h' }, undefined],
    ['freebsd', { HOME: '/h/a' }, undefined],
    ['freebsd', { HOME: '/h/a', XDG_DATA_HOME: '/data' }, '/data/com.vercel.token'],
    ['linux', { HOME: '/h/a', XDG_DATA_HOME: '/data' }, '/data/com.vercel.token'],
    ['linux', { HOME: '/h/a', XDG_DATA_HOME: '' }, '/h/a/.local/share/com.vercel.token'],
  ] as const)('keep tokens on %s with %j in %s', (platform, env, folder) => {
    expect(tokenFolder(env, platform)).toBe(folder);
  });

  it.each([
    ['linux', { HOME: '/h/a' }, ['/h/a/.local/share/com.vercel.cli', '/h/a/.now', '/h/a/.local/share/now']],
    [
      'linux',
      { HOME: '/h/a', XDG_DATA_HOME: '/data', XDG_DATA_DIRS: '/one:/two' },
      [
        '/data/com.vercel.cli',
        '/one/com.vercel.cli',
        '/two/com.vercel.cli',
        '/h/a/.now',
        '/data/now',
        '/one/now',
        '/two/now',
      ],
    ],
    [
      'darwin',
      { HOME: '/h/a' },
      ['/h/a/Library/Application Support/com.vercel.cli', '/h/a/.now', '/h/a/Library/Application Support/now'],
    ],
    [
      'win32',
      WINDOWS,
      [
        'C:\\h\\R\\com.vercel.cli\\Data',
        'C:\\h\\R\\xdg.data\\com.vercel.cli',
        'C:\\h\\.now',
        'C:\\h\\R\\now\\Data',
        'C:\\h\\R\\xdg.data\\now',
      ],
    ],
  ] as const)('keep the login on %s with %j in one of several', (platform, env, folders) => {
    expect(cliFolders(env, platform)).toEqual(folders);
  });
});
