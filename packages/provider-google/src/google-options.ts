import * as z from '@headrace/core/zod';
import {
  type BaseUrlReader,
  baseUrlSchema,
  CATALOGUE_FIELDS,
  type CatalogueOption,
  COMMON_FIELDS,
  COMMON_SYNONYMS,
  type CommonOptions,
  catalogueOptionSchema,
  commonOptionsShape,
  parseOptions,
  readWebAddress,
} from '@headrace/wire/provider';

/** Where the Gemini API is when nothing else is said. */
export const DEFAULT_BASE_URL = 'https://generativelanguage.googleapis.com';

/** An origin, with or without a path; without a version at its end `/v1beta` is added. */
export const readBaseUrl: BaseUrlReader = (text) => {
  const url = readWebAddress(text, true);
  if ('message' in url) return url;
  const path = url.pathname.replace(/\/+$/, '');
  if (path.endsWith('/openai'))
    return {
      message: 'is the base of the OpenAI-compatible API; this provider speaks the native one.',
      remedy: `Give ${DEFAULT_BASE_URL}, or take @headrace/provider-openai-compatible.`,
    };
  return { origin: url.origin, prefix: /\/v\d+(?:alpha|beta)?\d*$/.test(path) ? path : `${path}/v1beta` };
};

/** Options of `google(…)`. Closed: an unknown field is refused. */
export interface GoogleOptions extends CommonOptions {
  /** The provider's name in model references, lower-case kebab. Default `google`. */
  readonly id?: string | undefined;
  /** Where the Gemini API is. `http:` for loopback, and elsewhere where no key is sent. Default `https://generativelanguage.googleapis.com`. */
  readonly baseUrl?: string | undefined;
  /** When upstream is asked for facts about models. */
  readonly catalogue?: CatalogueOption | undefined;
}

/** Schema of `GoogleOptions`, for configuration files too. */
export const googleOptionsSchema = z.strictObject({
  ...commonOptionsShape,
  baseUrl: baseUrlSchema(readBaseUrl),
  catalogue: catalogueOptionSchema.optional(),
});

/** @throws ConfigurationError naming every wrong field, and the nearest right name of every unknown one */
export const parseGoogleOptions = (options: unknown): z.output<typeof googleOptionsSchema> =>
  parseOptions(options, {
    provider: 'google',
    schema: googleOptionsSchema,
    fields: {
      ...COMMON_FIELDS,
      '': Object.keys(googleOptionsSchema.shape),
      catalogue: CATALOGUE_FIELDS,
    },
    synonyms: COMMON_SYNONYMS,
  });
