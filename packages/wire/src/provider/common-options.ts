import type { Secret } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';
import type { Environment } from './environment.js';
import { headerNameFault, headerValueFault } from './header-value.js';
import { type HostModel, hostModelSchema } from './host-model.js';
import type { KeyOption } from './named-keys.js';
import { type NestedOption, nestedOptionSchema } from './nested-gateway.js';

/** Options that every provider over HTTP has. */
export interface CommonOptions {
  /** The provider's name in model references, lower-case kebab. */
  readonly id?: string | undefined;
  /** The key; default: a variable of the environment. An empty text: none is sent, whatever the variable holds. */
  readonly apiKey?: string | Secret | undefined;
  /**
   * Several keys in place of `apiKey`: they take turns, one that is refused rests while another takes over at once, and one
   * that is not accepted rests long, with a warning. Receipts and errors call a key by its `name`; default: by its
   * place, such as `apiKeys[0]`.
   */
  readonly apiKeys?: readonly KeyOption[] | undefined;
  /** More headers for every call. Never credentials, `host` or lengths. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Limit for a connection to come about, in ms. Default: that of the HTTP session. */
  readonly connectTimeoutMs?: number | undefined;
  /** Connections kept to the upstream at most. Default: that of the HTTP session. */
  readonly maxConnections?: number | undefined;
  /** How long an idle connection is kept, in ms. Default: that of the HTTP session. */
  readonly keepAliveMs?: number | undefined;
  /** URL of a proxy; `false`: none. Default: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. */
  readonly proxy?: string | false | undefined;
  /** Certificates (PEM) to trust beside the system's. */
  readonly ca?: string | readonly string[] | undefined;
  /**
   * The upstream is a gateway like this one, and counts attempts: it is told how many attempts and how much time a call has
   * left, and what it used counts. `maxAttempts`: how many it may make in one attempt of ours, integer 1–10; default: all that
   * the call has left. Default false: nobody is told.
   */
  readonly nested?: NestedOption | undefined;
  /** Facts of the host about models. */
  readonly models?: readonly HostModel[] | undefined;
  /** Default `process.env`. */
  readonly env?: Environment | undefined;
}

/** Text that an HTTP header can carry. */
export const headerText = z.string().superRefine((value, context) => {
  const fault = headerValueFault(value);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault.replace(/\.$/, '') });
});

const isSecret = (value: unknown): value is Secret =>
  typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function';

/** What editors are told where a check is a function that they cannot run: only code can give such a value. */
export const ONLY_IN_CODE = { not: {} };

/** A key as text, or as a secret that does not print. */
export const keySchema = z
  .custom<string | Secret>((value) => typeof value === 'string' || isSecret(value), 'must be a string or a Secret')
  .meta({ type: 'string', writeOnly: true });

const namedKeySchema = z.strictObject(
  { key: keySchema, name: z.string().optional() },
  { error: ({ code }) => (code === 'invalid_type' ? 'an object with `key` and `name`' : undefined) },
);

/** A time in ms: an integer above zero. */
export const milliseconds = z.number().int().positive();

/** Members of a provider's schema for `CommonOptions`. */
export const commonOptionsShape = {
  id: z
    .string()
    .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'must be lower-case kebab, such as "vercel" or "vercel-eu"')
    .optional(),
  apiKey: keySchema.optional(),
  apiKeys: z
    .array(z.union([keySchema, namedKeySchema]))
    .min(1, 'must hold a key')
    .readonly()
    .optional(),
  headers: z
    // Credentials of proxies and services before the upstream go in headers of any name.
    .record(z.string(), headerText.meta({ writeOnly: true }))
    .superRefine((headers, context) => {
      for (const name of Object.keys(headers)) {
        const fault = headerNameFault(name);
        if (fault !== undefined) context.addIssue({ code: 'custom', path: [name], message: fault.replace(/\.$/, '') });
      }
    })
    .optional(),
  connectTimeoutMs: milliseconds.optional(),
  maxConnections: z.number().int().min(1).optional(),
  keepAliveMs: milliseconds.optional(),
  proxy: z.union([z.literal(false), z.url({ protocol: /^https?$/ })], 'must be an http(s) URL or false').optional(),
  ca: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).readonly()]).optional(),
  nested: nestedOptionSchema.optional(),
  models: z.array(z.lazy(hostModelSchema)).readonly().optional(),
  // By reference: a copy would not see a variable that is set later.
  env: z
    .custom<Environment>((value) => typeof value === 'object' && value !== null, 'must be an object')
    .meta(ONLY_IN_CODE)
    .optional(),
};

/** Names of the fields of objects, by the path to them; a function where they are only known once a schema is made. */
export type KnownFields = Readonly<Record<string, readonly string[] | (() => readonly string[])>>;

/** Names of fields that the common options have below the top, by the path to them. */
export const COMMON_FIELDS: KnownFields = {
  apiKeys: ['key', 'name'],
  nested: ['maxAttempts'],
  models: () => Object.keys(hostModelSchema().shape),
};

/** Other people's names for the common options. */
export const COMMON_SYNONYMS: Readonly<Record<string, string>> = {
  api_key: 'apiKey',
  key: 'apiKey',
  keys: 'apiKeys',
  api_keys: 'apiKeys',
  token: 'apiKey',
  baseURL: 'baseUrl',
  base_url: 'baseUrl',
  url: 'baseUrl',
  endpoint: 'baseUrl',
  timeout: 'connectTimeoutMs',
  name: 'id',
};
