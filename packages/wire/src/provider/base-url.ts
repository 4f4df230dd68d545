import { ConfigurationError, type InputIssue } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';
import type { Environment } from './environment.js';

/** A base URL taken apart: keys are sent to `origin` only. */
export interface BaseUrl {
  /** Scheme, host and port: `https://api.example.com`. */
  readonly origin: string;
  /** What stands between the origin and the paths of the API. Starts with a slash, ends without; or empty. */
  readonly prefix: string;
}

export type AddressFault = Pick<InputIssue, 'message' | 'remedy'>;

/** How a provider reads a base URL: its parts, or what is wrong with it. */
export type BaseUrlReader = (text: string) => BaseUrl | AddressFault;

/** Schema of an option that holds a base URL. */
export const baseUrlSchema = (read: BaseUrlReader) =>
  z
    .string()
    .superRefine((value, context) => {
      const parts = read(value);
      if ('message' in parts)
        context.addIssue({ code: 'custom', message: `${parts.message} ${parts.remedy ?? ''}`.replace(/\.?\s*$/, '') });
    })
    .optional();

/** Where a base URL may come from, in this order. */
export interface BaseUrlSources {
  /** The provider's package, as errors call it. */
  readonly provider: string;
  /** The option `baseUrl`. */
  readonly option: string | undefined;
  /** A variable that may hold it. Default: none. */
  readonly variable?: string;
  readonly env: Environment;
  /** Where the API is when nothing else is said. */
  readonly fallback: string;
}

/** The base URL of the option, of the variable or the usual one. @throws ConfigurationError that names where it is from */
export const baseUrlOf = (
  { provider, option, variable, env, fallback }: BaseUrlSources,
  read: BaseUrlReader,
): BaseUrl => {
  const set = variable === undefined ? '' : (env[variable]?.trim() ?? '');
  const isOfVariable = option === undefined && set !== '';
  const parts = read(option ?? (isOfVariable ? set : fallback));
  if (!('message' in parts)) return parts;
  const field = isOfVariable ? `the variable ${variable}` : 'baseUrl';
  throw new ConfigurationError(provider, [{ field, ...parts }]);
};

/** A path without slashes at its end, and without `/v1` there. */
export const pathBeforeVersion = (path: string): string =>
  path.replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '');
