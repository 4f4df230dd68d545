import { expect, it } from '@jest/globals';
import { installStamp, pinnedPnpmVersion } from './workspace.mjs';

it('reads the pnpm version with and without a hash', () => {
  expect(pinnedPnpmVersion('pnpm@12.21.0')).toBe('12.21.0');
  expect(pinnedPnpmVersion('pnpm@12.21.0+sha512.abc')).toBe('12.21.0');
});

it('refuses a packageManager field that pins nothing', () => {
  expect(() => pinnedPnpmVersion('yarn@4.0.0')).toThrow('packageManager');
  expect(() => pinnedPnpmVersion(undefined)).toThrow('packageManager');
});

it('gives the same stamp while nothing changes', () => {
  expect(installStamp()).toBe(installStamp());
});
