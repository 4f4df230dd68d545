import type { InputIssue } from '@headrace/core/plugin';
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
  PARAMETER_NAMES,
  parseOptions,
  readWebAddress,
} from '@headrace/wire/provider';
import type { EndpointForm } from './endpoint-form.js';
import { PRESET_NAMES, type PresetName } from './presets.js';

/** Options of `openaiCompatible(…)`. Closed: an unknown field is refused. */
export interface CompatibleOptions extends CommonOptions {
  /** The provider's name in model references, lower-case kebab. Default: the preset's, else `openai-compatible`. */
  readonly id?: string | undefined;
  /** What is known of the endpoint. Absent: it is taken for one like OpenAI's, and `baseUrl` is needed. */
  readonly preset?: PresetName | undefined;
  /**
   * Where the API is, with its version: `https://api.example.com/v1`. `http:` for loopback, and elsewhere where no key is
   * sent, as for a server in one's own network. Default: the preset's.
   * Of Azure: `https://RESOURCE.openai.azure.com/openai/v1`, or without a path together with `apiVersion`.
   */
  readonly baseUrl?: string | undefined;
  /** The variable that holds the key. Default: the preset's. */
  readonly keyVariable?: string | undefined;
  /** Of Azure's older API: `api-version` in the address, and the model as the name of a deployment. */
  readonly apiVersion?: string | undefined;
  /** How the endpoint differs; member by member over the preset's. */
  readonly form?: EndpointForm | undefined;
  /** When upstream is asked for facts about models. */
  readonly catalogue?: CatalogueOption | undefined;
}

/** The address as it is given: versions differ from vendor to vendor. */
export const readBaseUrl: BaseUrlReader = (text) => {
  const url = readWebAddress(text, true);
  return 'message' in url ? url : { origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') };
};

const formSchema = z.strictObject({
  maxTokensField: z.enum(['max_tokens', 'max_completion_tokens']).optional(),
  reasoningField: z.enum(['reasoning_effort', 'reasoning', 'none']).optional(),
  thinkingSwitch: z.boolean().optional(),
  reasoningReplay: z.enum(['none', 'reasoning_content', 'reasoning', 'reasoning_details', 'thinking']).optional(),
  unsupported: z.array(z.enum(PARAMETER_NAMES)).readonly().optional(),
  seedField: z.enum(['seed', 'random_seed']).optional(),
  requiredToolChoice: z.enum(['required', 'any']).optional(),
  toolChoice: z.enum(['all', 'words', 'none']).optional(),
  shortCallIds: z.boolean().optional(),
  parallelToolCalls: z.boolean().optional(),
  cacheMarks: z.boolean().optional(),
  endUserField: z.enum(['user', 'safety_identifier', 'none']).optional(),
  jsonSchema: z.boolean().optional(),
  streamOptions: z.boolean().optional(),
  imageSize: z.enum(['size', 'width-height', 'none']).optional(),
  imageFormat: z.enum(['b64_json', 'base64']).optional(),
  imageCount: z.boolean().optional(),
  imageEdits: z.boolean().optional(),
  documentObjects: z.boolean().optional(),
});

/** Schema of `CompatibleOptions`, for configuration files too. */
export const compatibleOptionsSchema = z.strictObject({
  ...commonOptionsShape,
  preset: z.enum(PRESET_NAMES).optional(),
  baseUrl: baseUrlSchema(readBaseUrl),
  keyVariable: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'must be the name of a variable')
    .optional(),
  apiVersion: z
    .string()
    .regex(/^[\w.-]{1,40}$/, 'must be a version such as "2024-10-21"')
    .optional(),
  form: formSchema.optional(),
  catalogue: catalogueOptionSchema.optional(),
});

export type ParsedCompatibleOptions = z.output<typeof compatibleOptionsSchema>;

const addressIssues = ({ preset, baseUrl, apiVersion }: ParsedCompatibleOptions): InputIssue[] => {
  if (apiVersion !== undefined && preset !== 'azure')
    return [{ field: 'apiVersion', message: 'is for the preset "azure" only.' }];
  if (baseUrl !== undefined || (preset !== undefined && preset !== 'azure')) return [];
  const remedy =
    preset === 'azure'
      ? 'Give https://RESOURCE.openai.azure.com/openai/v1.'
      : `Give it, or one of the presets: ${PRESET_NAMES.join(', ')}.`;
  return [{ field: 'baseUrl', message: 'is missing.', remedy }];
};

/** @throws ConfigurationError naming every wrong field, and the nearest right name of every unknown one */
export const parseCompatibleOptions = (options: unknown): ParsedCompatibleOptions =>
  parseOptions(
    options,
    {
      provider: 'openai-compatible',
      schema: compatibleOptionsSchema,
      fields: {
        ...COMMON_FIELDS,
        '': Object.keys(compatibleOptionsSchema.shape),
        form: Object.keys(formSchema.shape),
        catalogue: CATALOGUE_FIELDS,
      },
      synonyms: { ...COMMON_SYNONYMS, provider: 'preset', vendor: 'preset', dialect: 'form' },
    },
    (parsed) => (parsed === undefined ? [] : addressIssues(parsed)),
  );
