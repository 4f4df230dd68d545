import { ConfigFileError, type ConfigIssue, type Place } from './config-error.js';

/** A configuration as it was written, and where each of its fields stands. */
export interface ConfigDocument {
  /** What to call it in messages. */
  readonly source: string;
  /** Where packages and files that it names are looked for. */
  readonly folder: string;
  readonly value: unknown;
  /** By field, as issues name it: its path and, from YAML and JSON, its place. */
  readonly fields: ReadonlyMap<string, { readonly path: readonly PropertyKey[]; readonly place?: Place }>;
}

/** Whether a plugin stands at a path, which code may have given: it is not looked into, since that may run it. */
export const isUseOf = ([first, , last, ...rest]: readonly PropertyKey[]): boolean =>
  first === 'providers' && last === 'use' && rest.length === 0;

/** The last step of a field's name off: `a.b[1]` is within `a.b`. Undefined at the top. */
const outer = (field: string): string | undefined => {
  const end = Math.max(field.lastIndexOf('.'), field.lastIndexOf('['));
  return end <= 0 ? undefined : field.slice(0, end);
};

/** Core writes names of the host's own, such as models, in brackets: `models["acme:large"]`. */
const asWritten = (field: string): string => field.replaceAll(/\["([^"]*)"\]/g, '.$1');

/** The issue with the place of its field, or of the nearest one around it. */
const placed = ({ fields }: ConfigDocument, issue: ConfigIssue): ConfigIssue => {
  for (let field: string | undefined = asWritten(issue.field); field !== undefined; field = outer(field)) {
    const place = fields.get(field)?.place;
    if (place !== undefined) return { ...issue, place };
  }
  return issue;
};

const byPlace = ({ place: one }: ConfigIssue, { place: other }: ConfigIssue): number =>
  one === undefined || other === undefined ? 0 : one.line - other.line || one.column - other.column;

/** What to throw for faults of a configuration, in the order of its lines. */
export const faultsIn = (document: ConfigDocument, issues: readonly ConfigIssue[], cause?: unknown): ConfigFileError =>
  new ConfigFileError(
    document.source,
    issues.map((issue) => placed(document, issue)).sort(byPlace),
    cause === undefined ? {} : { cause },
  );
