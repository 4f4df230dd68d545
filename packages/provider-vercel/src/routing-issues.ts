import { type InputIssue, issuesOf, nearest } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';
import { gatewayRoutingSchema } from './gateway-routing.js';

/** Names of the routing options. */
export const routingKeys = (): readonly string[] => Object.keys(gatewayRoutingSchema().unwrap().shape);

/** Names within those options that are objects, by path. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  inferenceRegion: ['scope', 'geoRegion', 'providers'],
  providerTimeouts: ['byok'],
};

/** Options that exist, or did, and have no place in a call; by path. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  idempotencyKey: "It belongs to batches of the gateway's own protocol, which are not offered here.",
  hipaaCompliant: 'The gateway no longer has it: ask for zeroDataRetention.',
  'providerTimeouts.system': 'The gateway takes limits for credentials of your own only: byok.',
};

const shown = (field: string, path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : `${text}.${String(step)}`),
    field,
  );

const remedyFor = (parent: string, key: string): string | undefined => {
  const path = parent === '' ? key : `${parent}.${key}`;
  if (Object.hasOwn(ELSEWHERE, path)) return ELSEWHERE[path];
  const [guess] = nearest(key, parent === '' ? routingKeys() : (FIELDS[parent] ?? []), 1);
  return guess === undefined ? undefined : `Did you mean "${guess}"?`;
};

const unknownKeys = (issue: z.core.$ZodIssueUnrecognizedKeys, field: string): InputIssue[] =>
  issue.keys.map((key) => {
    const remedy = remedyFor(issue.path.join('.'), key);
    const known = { field: shown(field, [...issue.path, key]), message: 'is not a known routing option.' };
    return remedy === undefined ? known : { ...known, remedy };
  });

/**
 * What is wrong with the routing options of a call. Never repeats a value: credentials are among them.
 * @param field where they stand, such as `providerOptions.vercel.gateway`.
 */
export const routingIssues = (routing: object, field: string): InputIssue[] => {
  const parsed = gatewayRoutingSchema().safeParse(routing);
  if (parsed.success) return [];
  return parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? unknownKeys(issue, field)
      : issuesOf(new z.ZodError([issue])).map((one) => ({ ...one, field: shown(field, issue.path) })),
  );
};
