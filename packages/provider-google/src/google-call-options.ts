import {
  type InputIssue,
  InvalidRequestError,
  issuesOf,
  type JsonObject,
  nearest,
  type ProviderOptions,
} from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';

const object = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

const schema = z.strictObject({
  safetySettings: z.array(z.strictObject({ category: z.string().min(1), threshold: z.string().min(1) })).optional(),
  cachedContent: z.string().min(1).optional(),
  tools: z.array(object).optional(),
  imageConfig: object.optional(),
  mediaResolution: z.string().min(1).optional(),
  includeThoughts: z.boolean().optional(),
  serviceTier: z.string().min(1).optional(),
});

/** What a call may say to this provider, under `providerOptions.<id>`. Closed: an unknown field is refused. */
export interface GoogleCallOptions {
  /** Thresholds by category, in Google's words: `HARM_CATEGORY_…`, `BLOCK_…`. */
  readonly safetySettings?: readonly { readonly category: string; readonly threshold: string }[];
  /** Name of a cache made before, such as `cachedContents/abc`. */
  readonly cachedContent?: string;
  /** Tools that Google runs itself, such as `{ googleSearch: {} }`, beside those of the call. */
  readonly tools?: readonly JsonObject[];
  /** Of images to be made, such as `{ aspectRatio: '16:9' }`. */
  readonly imageConfig?: JsonObject;
  /** `MEDIA_RESOLUTION_LOW`, …: for all images of the call. */
  readonly mediaResolution?: string;
  /** Whether the text of thoughts is told. Default: when the call asks for reasoning. */
  readonly includeThoughts?: boolean;
  /** The class of service, such as `priority`. */
  readonly serviceTier?: string;
}

/** The call's options for this provider. @throws InvalidRequestError naming every field that is wrong */
export const googleCallOptions = (options: ProviderOptions | undefined, providerId: string): GoogleCallOptions => {
  if (options === undefined || !Object.hasOwn(options, providerId)) return {};
  const parsed = schema.safeParse(options[providerId]);
  // Absent members of the schema's own making are never set, so that its type is ours.
  if (parsed.success) return parsed.data as GoogleCallOptions;
  const place = `providerOptions.${providerId}`;
  const issues = parsed.error.issues.flatMap((issue): InputIssue[] =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0
      ? issue.keys.map((key) => {
          const [guess] = nearest(key, Object.keys(schema.shape), 1);
          const remedy = guess === undefined ? {} : { remedy: `Did you mean "${guess}"?` };
          return { field: `${place}.${key}`, message: 'is no option of this provider.', ...remedy };
        })
      : issuesOf(new z.ZodError([issue])).map((one) => ({ ...one, field: `${place}.${one.field}` })),
  );
  throw new InvalidRequestError(issues);
};
