// Packs all packages into the folder packed/, for projects that use them before they are published: `npm run pack`.
import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { packPackages } from './pack-packages.mjs';
import { root } from './workspace.mjs';

const folder = join(root, 'packed');
rmSync(folder, { recursive: true, force: true });
for (const { tarball } of await packPackages(folder)) process.stdout.write(`${relative(root, tarball)}\n`);
