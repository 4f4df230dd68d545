import { UsageError } from './usage-error.js';

/** The forms of a provider's name that a package of its own needs. */
export interface ProviderNames {
  /** `river-song`: of files, packages and model references. */
  readonly kebab: string;
  /** `riverSong`: of functions. */
  readonly camel: string;
  /** `RiverSong`: of classes. */
  readonly pascal: string;
  /** `RIVER_SONG`: of variables of the environment. */
  readonly upper: string;
}

const KEBAB = /^[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*$/;
const LONGEST = 40;

/** Words that cannot name a function in a module, and names that the written files use themselves. */
const TAKEN: ReadonlySet<string> = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false ' +
    'finally for function if implements import in instanceof interface let new null package private protected public return ' +
    'static super switch this throw true try typeof undefined var void while with yield plugin process'
  ).split(' '),
);

/** @throws UsageError for what is no lower-case kebab name */
export const providerNames = (name: string): ProviderNames => {
  if (!KEBAB.test(name) || name.length > LONGEST)
    throw new UsageError(
      `${JSON.stringify(name)} is not a name for a provider.`,
      `It is lower-case kebab, at most ${LONGEST} characters, such as "acme" or "acme-eu".`,
    );
  const pascal = name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  return {
    kebab: name,
    pascal,
    camel: TAKEN.has(camel) ? `${camel}Provider` : camel,
    upper: name.replaceAll('-', '_').toUpperCase(),
  };
};

/** The text of a file of the example with another name in the place of Acme's. */
export const renamed = (text: string, { kebab, camel, pascal, upper }: ProviderNames): string =>
  text
    .replaceAll('ACME', upper)
    .replaceAll('Acme', pascal)
    // In names of files and packages, in addresses and in texts; elsewhere it is a name of the language.
    .replace(/(?<=[-.])acme|acme(?=[-.:'"`])/g, kebab)
    .replaceAll('acme', camel);
