import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../../../', import.meta.url));

/** A host's own project in a folder of its own, with `@headrace/provider-vercel` installed. */
export class Project implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'headrace-config-'));

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    mkdirSync(join(this.folder, 'node_modules/@headrace'), { recursive: true });
    symlinkSync(join(packages, 'provider-vercel'), join(this.folder, 'node_modules/@headrace/provider-vercel'), 'junction');
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  /** Returns the path of the file. */
  write(name: string, text: string | Uint8Array): string {
    const file = this.path(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
