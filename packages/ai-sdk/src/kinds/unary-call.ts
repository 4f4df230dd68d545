import type { SharedV4ProviderOptions, SharedV4Warning } from '@ai-sdk/provider';
import type { UnaryOptions } from '@headrace/core';
import { Notes } from '../shared/notes.js';
import { type HeadraceDefaults, splitOptions } from '../shared/own-options.js';
import { requestHeaders } from '../shared/request-headers.js';

/** What calls of every kind but completions have in common. */
interface UnaryCall {
  readonly abortSignal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly providerOptions?: SharedV4ProviderOptions | undefined;
}

/** Such a call as the gateway takes it, without its model and its input. */
export interface ReadUnaryCall {
  readonly options: Omit<UnaryOptions, 'model'>;
  readonly warnings: readonly SharedV4Warning[];
}

/**
 * @param names of our options that may stand here
 * @param look tells what else of the call has no place
 * @throws InvalidArgumentError for options of ours that are not known
 * @throws UnsupportedFunctionalityError under `strict` for all that would be left out
 */
export const unaryCall = (
  { abortSignal, headers, providerOptions }: UnaryCall,
  names: readonly string[],
  defaults: HeadraceDefaults,
  look: (notes: Notes) => void,
): ReadUnaryCall => {
  const notes = new Notes();
  const { own, others } = splitOptions(providerOptions, names, 'providerOptions');
  const trace = requestHeaders(headers, notes);
  const options: Omit<UnaryOptions, 'model'> = {
    ...defaults,
    ...(trace === undefined ? {} : { trace }),
    ...own,
    ...(others === undefined ? {} : { providerOptions: others }),
    ...(abortSignal === undefined ? {} : { signal: abortSignal }),
  };
  look(notes);
  if (options.strict === true) notes.refuseAll();
  return { options, warnings: notes.warnings };
};
