import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseJson, Secret } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';

const contentSchema = z.object({ token: z.string().min(1) });

/** Where Vercel's tools keep the OIDC token of one project, shared with them. */
export class TokenFile {
  readonly #file: string;

  constructor(folder: string, projectId: string) {
    this.#file = join(folder, `${projectId}.json`);
  }

  /** Undefined when there is none, or what is there cannot be read: a new one will take its place. */
  async read(): Promise<Secret | undefined> {
    try {
      const { data } = contentSchema.safeParse(parseJson(await readFile(this.#file, 'utf8')));
      return data === undefined ? undefined : new Secret(data.token);
    } catch {
      return undefined;
    }
  }

  /** Replaces the file in one step, for this user only. False when that cannot be done here. */
  async write(token: Secret): Promise<boolean> {
    const draft = `${this.#file}.${process.pid}.${randomUUID()}.tmp`;
    try {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      await writeFile(draft, JSON.stringify({ token: token.reveal() }), { mode: 0o600, flag: 'wx' });
      await rename(draft, this.#file);
      return true;
    } catch {
      await rm(draft, { force: true }).catch(() => {});
      return false;
    }
  }
}
