import type { TestRunner } from '../conformance/conformance-spec.js';

/** One thing every store must do, and on what it is tried. */
interface StoreCase<Bench> {
  /** A sentence whose subject is the store. Unique in the suite. */
  readonly name: string;
  readonly run: (bench: Bench) => Promise<void>;
}

/** Cases about one subject. */
export interface CaseGroup<Bench> {
  readonly subject: string;
  readonly cases: readonly StoreCase<Bench>[];
}

export interface Suite<Bench> {
  readonly title: string;
  readonly groups: readonly CaseGroup<Bench>[];
  /** Cases to leave out, by their full name, and why. */
  readonly except?: Readonly<Record<string, string>> | undefined;
  /** Makes what the case is tried on, and closes it. */
  readonly play: (run: (bench: Bench) => Promise<void>) => Promise<void>;
}

/** @throws TypeError when `except` names a case that does not exist. */
export const describeCases = <Bench>(
  { describe, it }: TestRunner,
  { title, groups, except = {}, play }: Suite<Bench>,
): void => {
  const known = new Set(groups.flatMap(({ cases }) => cases.map(({ name }) => name)));
  const unknown = Object.keys(except).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new TypeError(`no case of the suite is named '${unknown.join("' or '")}'`);
  describe(title, () => {
    for (const { subject, cases } of groups) {
      describe(subject, () => {
        for (const { name, run } of cases) {
          const reason = except[name];
          if (reason === undefined) it(name, () => play(run));
          else it.skip?.(`${name} (left out: ${reason})`, () => play(run));
        }
      });
    }
  });
};
