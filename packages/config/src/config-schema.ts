import { policiesSchema } from '@headrace/core';
import type { ProviderPlugin } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';
import { jsonSchemaOf } from './check-options.js';

const isUse = (value: unknown): boolean =>
  (typeof value === 'string' && value !== '') || (typeof value === 'object' && value !== null && 'create' in value);

/** A provider: the plugin it is made by, and the options that the plugin takes. */
const providerSchema = z.strictObject({
  use: z.custom<string | ProviderPlugin>(isUse, 'must name the package of a provider plugin'),
  options: z.record(z.string(), z.unknown()).optional(),
});

/** What a configuration holds besides the policies of a gateway. */
export const ownSchema = z.looseObject({
  $schema: z.string().optional(),
  providers: z
    .record(
      z.string().regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'must be lower-case kebab, such as "vercel-eu"'),
      providerSchema,
    )
    .refine((providers) => Object.keys(providers).length > 0, 'must hold at least one provider'),
});

export type OwnConfig = z.output<typeof ownSchema>;
export type ProviderConfig = z.output<typeof providerSchema>;

type JsonSchema = Readonly<Record<string, unknown>>;

/** A schema that becomes part of another: what it points to within itself moves with it. */
const moved = (value: unknown, to: string): unknown => {
  if (Array.isArray(value)) return value.map((item) => moved(item, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      if (key === '$schema') return [];
      if (key === '$ref' && typeof item === 'string' && item.startsWith('#')) return [[key, `${to}${item.slice(1)}`]];
      return [[key, moved(item, to)]];
    }),
  );
};

/** Options without the `id`, which is the provider's name in the file. */
const withoutId = (schema: JsonSchema): JsonSchema => {
  const { properties, ...rest } = schema;
  if (typeof properties !== 'object' || properties === null) return schema;
  return { ...rest, properties: Object.fromEntries(Object.entries(properties).filter(([name]) => name !== 'id')) };
};

/**
 * The JSON Schema (draft 07) of a configuration, for editors.
 * @param plugins the plugins whose options it knows, by the name that the configuration uses
 */
export const configJsonSchema = (plugins: ReadonlyMap<string, ProviderPlugin> = new Map()): JsonSchema => {
  const policies = jsonSchemaOf(policiesSchema()) ?? {};
  const definitions = Object.fromEntries(
    [...plugins].map(([name, { optionsSchema }], index) => {
      const key = `options${index}`;
      return [
        key,
        {
          ...(moved(withoutId(jsonSchemaOf(optionsSchema) ?? {}), `#/definitions/${key}`) as JsonSchema),
          title: `Options of ${name}`,
        },
      ];
    }),
  );
  const names = [...plugins.keys()];
  const known = names.map((name, index) => ({
    properties: { use: { const: name }, options: { $ref: `#/definitions/options${index}` } },
  }));
  const others = { properties: { use: { not: { enum: names } } } };
  const {
    properties = {},
    definitions: within = {},
    ...rest
  } = moved(policies, '#/definitions/policies') as JsonSchema;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of a Headrace gateway',
    ...rest,
    required: ['providers'],
    properties: {
      $schema: { type: 'string' },
      providers: {
        type: 'object',
        minProperties: 1,
        propertyNames: { pattern: '^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$' },
        additionalProperties: {
          type: 'object',
          required: ['use'],
          additionalProperties: false,
          properties: {
            use: { type: 'string', minLength: 1, examples: names },
            options: { type: 'object' },
          },
          ...(known.length === 0 ? {} : { anyOf: [...known, others] }),
        },
      },
      ...(properties as object),
    },
    definitions: { policies: { definitions: within }, ...definitions },
  };
};
