import { type ModelInfo, modelFactsSchema, type ParameterFact, type ParameterName } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';

/**
 * Facts that the host gives about a model: a new one (then `type` defaults to `language`), or corrections of a known
 * one. They win over the seed and over the live list, field by field; `parameters`, `capabilities` and
 * `modalities` name by name.
 */
export interface HostModel extends Partial<Omit<ModelInfo, 'id' | 'provider' | 'provenance' | 'factProvenance'>> {
  readonly id: string;
}

export const PARAMETER_NAMES = [
  'temperature',
  'topP',
  'topK',
  'maxOutputTokens',
  'presencePenalty',
  'frequencyPenalty',
  'stopSequences',
  'seed',
  'reasoningEffort',
  'reasoningBudgetTokens',
] as const satisfies readonly ParameterName[];

const words = () => z.array(z.string()).readonly();

const parameterFact = () =>
  z.strictObject({
    supported: z.union([z.boolean(), z.enum(['conditional', 'unknown'])]),
    default: z.union([z.number(), z.string(), z.null()]).optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    exclusiveMin: z.boolean().optional(),
    exclusiveMax: z.boolean().optional(),
    values: words().optional(),
    maxItems: z.number().int().positive().optional(),
    maxBytesEach: z.number().int().positive().optional(),
    required: z.boolean().optional(),
    fixed: z.union([z.number(), z.string()]).optional(),
    when: z
      .strictObject({
        reasoning: z.literal('off').optional(),
        reasoningEffort: words().optional(),
        unset: z.array(z.enum(PARAMETER_NAMES)).readonly().optional(),
      })
      .optional(),
    otherwise: z.enum(['reject', 'ignore']).optional(),
  });

/** A model as the host writes it in the options. Made for who writes one: schemas cost time when they are made. */
export const hostModelSchema = () =>
  modelFactsSchema().extend({
    id: z.string().min(1),
    name: z.string().optional(),
    creator: z.string().optional(),
    family: z.string().optional(),
    status: z.string().optional(),
    releaseDate: z.string().optional(),
    knowledgeCutoff: z.string().optional(),
    variantOf: z.string().optional(),
    parameters: z.partialRecord(z.enum(PARAMETER_NAMES), parameterFact()).optional(),
  });

export type ParsedModel = z.output<ReturnType<typeof hostModelSchema>>;

/** Without members that are explicitly `undefined`, at every depth, so that they hide nothing below. */
const defined = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(defined);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : [[key, defined(one)]])),
  );
};

export const hostModelOf = (parsed: ParsedModel): HostModel => defined(parsed) as HostModel;

/** A parameter's facts with the host's on top. */
export const mergedParameters = (
  below: ModelInfo['parameters'],
  above: HostModel['parameters'],
): Readonly<Partial<Record<ParameterName, ParameterFact>>> => ({ ...below, ...above });
