import { type InputIssue, Secret } from '@headrace/core/plugin';
import { keyFault } from './key-fault.js';

/** One of several keys as options give it: the key alone, or with a name. */
export type KeyOption = string | Secret | { readonly key: string | Secret; readonly name?: string | undefined };

/** A key, and what receipts, warnings and errors call it. */
export interface NamedKey {
  readonly name: string;
  readonly token: Secret;
}

const NAME = /^[\w.:-](?:[\w.: -]{0,62}[\w.:-])?$/;

const isSecret = (value: KeyOption): value is Secret => typeof value === 'object' && 'reveal' in value;

const given = (option: KeyOption): { readonly key: string | Secret; readonly name?: string | undefined } =>
  typeof option === 'string' || isSecret(option) ? { key: option } : option;

const textOf = (key: string | Secret): string => (typeof key === 'string' ? key : key.reveal());

/** The first of these before `at` that is the same, as a field. */
const twinOf = (list: readonly string[], at: number, field: string): string | undefined => {
  const first = list.indexOf(list[at] ?? '');
  return first < at ? `apiKeys[${first}]${field}` : undefined;
};

/** Every fault of the list, by field. Never repeats a key, nor a name that may be one. */
export const keyIssues = (options: readonly KeyOption[]): InputIssue[] => {
  const texts = options.map((option) => textOf(given(option).key));
  const names = options.map((option, at) => given(option).name ?? `apiKeys[${at}]`);
  return options.flatMap((option, at) => {
    const issues: InputIssue[] = [];
    const field = `apiKeys[${at}]`;
    const text = texts[at] ?? '';
    const fault = text === '' ? 'is empty.' : keyFault(text);
    const twin = twinOf(texts, at, '');
    if (fault !== undefined) issues.push({ field, message: fault, remedy: 'Give the key alone.' });
    else if (twin !== undefined) issues.push({ field, message: `is the same key as ${twin}.` });
    const { name } = given(option);
    if (name === undefined) return issues;
    const isTold = texts.some((one) => one !== '' && (name.includes(one) || (name.length > 7 && one.includes(name))));
    const sameName = twinOf(names, at, '.name');
    if (isTold) issues.push({ field: `${field}.name`, message: 'repeats a key: names are printed.' });
    else if (!NAME.test(name))
      issues.push({
        field: `${field}.name`,
        message: 'must be 1 to 64 letters, digits, spaces and any of ".", ":", "_", "-".',
      });
    else if (sameName !== undefined)
      issues.push({ field: `${field}.name`, message: `is the same name as ${sameName}.` });
    return issues;
  });
};

/** Keys with their names; one without a name is called by its place, such as `apiKeys[0]`. */
export const namedKeys = (options: readonly KeyOption[]): readonly NamedKey[] =>
  options.map((option, at) => {
    const { key, name = `apiKeys[${at}]` } = given(option);
    return { name, token: typeof key === 'string' ? new Secret(key) : key };
  });
