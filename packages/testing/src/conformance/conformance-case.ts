import type { ConformanceSpec } from './conformance-spec.js';
import type { OptionalMember } from './dialect.js';
import type { Workbench } from './workbench.js';

/** One thing every provider must do. */
export interface ConformanceCase {
  /** A sentence whose subject is the provider. Unique in the suite. */
  readonly name: string;
  /** Why the case cannot be played, or `undefined` when it can; default: always can. */
  readonly unable?: (spec: ConformanceSpec) => string | undefined;
  readonly run: (bench: Workbench) => Promise<void>;
}

/** Cases about one subject. */
export interface ConformanceGroup {
  readonly subject: string;
  readonly cases: readonly ConformanceCase[];
}

/** For cases whose answers a dialect may be unable to say. */
export const needs =
  (member: OptionalMember) =>
  ({ dialect }: ConformanceSpec): string | undefined => {
    if (dialect[member] !== undefined) return undefined;
    const why = dialect.lacks?.[member];
    return `the dialect '${dialect.name}' has no \`${member}\`${why === undefined ? '' : `: ${why}`}`;
  };

/** For cases about server-sent events. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export const needsEventStream = ({ dialect }: ConformanceSpec): string | undefined => {
  const type = Object.entries(dialect.textStream([], {}).headers).find(
    ([name]) => name.toLowerCase() === 'content-type',
  );
  return type?.[1].startsWith('text/event-stream') === true
    ? undefined
    : `the dialect '${dialect.name}' streams no server-sent events`;
};

/** For cases that are played through a gateway. */
export const needsModule = (spec: ConformanceSpec): string | undefined =>
  spec.module === undefined ? 'no `module` was given' : undefined;
