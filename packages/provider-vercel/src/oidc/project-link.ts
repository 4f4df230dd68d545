import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseJson } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';
import { RefreshFault } from './refresh-fault.js';

/** The Vercel project that a folder is linked to. */
export interface ProjectLink {
  readonly projectId: string;
  /** Team, or the account of a person. */
  readonly teamId: string | undefined;
  /** The folder that holds `.vercel`. */
  readonly folder: string;
}

/** They become part of a path, of a URL and of a command line. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

const linkSchema = z.object({ projectId: z.string().regex(ID), orgId: z.string().regex(ID).nullish() });

const read = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, 'utf8');
  } catch {
    // Not there, or not ours to read: the search goes on above.
    return undefined;
  }
};

const parse = (text: string): unknown => {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
};

/** Looks for `.vercel/project.json` in a folder and in those above it. @throws RefreshFault */
export const findProjectLink = async (start: string): Promise<ProjectLink> => {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, '.vercel', 'project.json');
    const text = await read(file);
    if (text !== undefined) {
      const { data } = linkSchema.safeParse(parse(text));
      if (data === undefined) throw new RefreshFault(`${file} names no project.`, 'Run "vercel link" again.');
      return { projectId: data.projectId, teamId: data.orgId ?? undefined, folder };
    }
    if (folder === dirname(folder))
      throw new RefreshFault(`There is no .vercel/project.json in ${start} or above.`, 'Run "vercel link".', true);
  }
};
