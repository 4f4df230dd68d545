// Packs every publishable package as it would be published.
import { mkdirSync, readdirSync } from 'node:fs';
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
  for (const name of packageFolders()) {
    const cwd = join(root, 'packages', name);
    const destination = join(folder, name);
    mkdirSync(destination, { recursive: true });
    const { code, output } = await runQuiet(pnpm.command, [...pnpm.args, 'pack', '--pack-destination', destination], {
      cwd,
      shell: pnpm.shell,
    });
    const file = readdirSync(destination).find((entry) => entry.endsWith('.tgz'));
    if (code !== 0 || file === undefined) throw new Error(`packing ${name} failed:\n${output}`);
    packed.push({ name, manifest: readJson(join(cwd, 'package.json')), tarball: join(destination, file) });
  }
  return packed;
}
