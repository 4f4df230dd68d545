import { readFileSync } from 'node:fs';

/** Every entry of a list begins so, on a line of its own. */
const ENTRY = '\n{"id":"';

/** Reads a file of facts that a package ships. */
export const readData = (file: URL): unknown => JSON.parse(readFileSync(file, 'utf8'));

export interface DataEntries {
  /** The file without the list. */
  readonly rest: unknown;
  /** The JSON of each entry of the list, by its id. */
  readonly entries: ReadonlyMap<string, string>;
}

/**
 * Reads a file of facts that a package ships and leaves the entries of its one long list unparsed: a process asks for
 * few of them, and parsing all stands between a host and its first answer.
 */
export const readEntries = (file: URL, list: string): DataEntries => {
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf(`\n"${list}": [`);
  const end = text.indexOf('\n]', start);
  if (start < 0 || end < 0) throw new Error(`${file.pathname} has no list "${list}" in the form it is generated in.`);
  const entries = new Map<string, string>();
  const [head = '', ...bodies] = text.slice(start, end).split(ENTRY);
  for (const body of bodies) {
    const json = body.endsWith(',') ? body.slice(0, -1) : body;
    entries.set(body.slice(0, body.indexOf('"')), `{"id":"${json}`);
  }
  return { rest: JSON.parse(text.slice(0, start) + head + text.slice(end)), entries };
};
