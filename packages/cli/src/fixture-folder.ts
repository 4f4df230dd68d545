import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordedExchange } from '@headrace/testing';
import { errorCode } from './error-code.js';
import { UsageError } from './usage-error.js';

const MOST_FILES = 999_999;

/** Files of a folder, numbered on from those that are there. */
export class FixtureFolder {
  #next = 1;

  /** @param option as it was typed, for messages */
  constructor(
    private readonly folder: string,
    private readonly option: string,
  ) {}

  async prepare(): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true });
    } catch (error) {
      throw new UsageError(
        `${this.option} names ${JSON.stringify(this.folder)}, which is no folder (${errorCode(error) ?? 'unknown'}).`,
      );
    }
  }

  /** The name of the file that was written. */
  async write(exchange: RecordedExchange): Promise<string> {
    const text = `${JSON.stringify(exchange, undefined, 2)}\n`;
    for (; this.#next <= MOST_FILES; this.#next += 1) {
      const name = join(this.folder, `exchange-${String(this.#next).padStart(3, '0')}.json`);
      try {
        // For the one who records alone: the answer may be nobody else's business.
        const file = await open(name, 'wx', 0o600);
        try {
          await file.writeFile(text);
        } finally {
          await file.close();
        }
        return name;
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
      }
    }
    throw new Error(`${this.folder} is full`);
  }
}
