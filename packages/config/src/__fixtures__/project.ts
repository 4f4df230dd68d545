import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../../../', import.meta.url));

const PROVIDERS = ['provider-anthropic', 'provider-google', 'provider-openai-compatible', 'provider-vercel'];

/** A host's own project in a folder of its own, with all providers installed. */
export class Project implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'headrace-config-'));

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    mkdirSync(join(this.folder, 'node_modules/@headrace'), { recursive: true });
    for (const name of PROVIDERS)
      symlinkSync(join(packages, name), join(this.folder, 'node_modules/@headrace', name), 'junction');
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
