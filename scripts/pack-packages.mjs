// Packs every publishable package as it would be published.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runQuiet } from './run-command.mjs';
import { findPnpm, packageFolders, readJson, root } from './workspace.mjs';

/**
 * @param {string} folder where the tarballs go
 * @returns {Promise<{ name: string, manifest: any, tarball: string }[]>}
 */
export async function packPackages(folder) {
  const pnpm = await findPnpm();
  const packed = [];
  mkdirSync(folder, { recursive: true });
  for (const name of packageFolders()) {
    const cwd = join(root, 'packages', name);
    const manifest = readJson(join(cwd, 'package.json'));
    const tarball = join(folder, `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`);
    const { code, output } = await runQuiet(pnpm.command, [...pnpm.args, 'pack', '--pack-destination', folder], {
      cwd,
      shell: pnpm.shell,
    });
    if (code !== 0 || !existsSync(tarball)) throw new Error(`packing ${name} failed:\n${output}`);
    packed.push({ name, manifest, tarball });
  }
  return packed;
}
