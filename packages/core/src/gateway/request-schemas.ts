import type { ToolDefinition } from '../contract/tool.js';
import { type InputIssue, InvalidRequestError } from '../errors/caller-errors.js';
import {
  type CompiledSchema,
  compileObjectSchema,
  compileOutputSchema,
  type OutputSchema,
} from '../schema/output-schema.js';
import type { CheckedCompletion } from './completion-schema.js';

type CheckedTool = NonNullable<CheckedCompletion['tools']>[number];

/** The schemas of one request, in the form the contract wants. */
export interface RequestSchemas<T> {
  readonly tools: readonly ToolDefinition[] | undefined;
  readonly output: CompiledSchema<T> | undefined;
}

/** Takes a refusal as issues, so that all schemas of a request are heard of at once. */
const attempt = <R>(issues: InputIssue[], step: () => R): R | undefined => {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    issues.push(...error.issues);
    return undefined;
  }
};

const toolOf = (
  { name, description, parameters, strict, cache, providerOptions }: CheckedTool,
  at: number,
): ToolDefinition => ({
  name,
  ...(description === undefined ? {} : { description }),
  parameters: compileObjectSchema(parameters as OutputSchema<unknown>, `tools[${at}].parameters`),
  ...(strict === undefined ? {} : { strict }),
  ...(cache === undefined ? {} : { cache: cache as NonNullable<ToolDefinition['cache']> }),
  ...(providerOptions === undefined ? {} : { providerOptions }),
});

/** @throws InvalidRequestError naming every schema that is wrong */
export const requestSchemas = <T>(
  tools: readonly CheckedTool[] | undefined,
  output: OutputSchema<T> | undefined,
): RequestSchemas<T> => {
  const issues: InputIssue[] = [];
  const compiledTools = tools?.flatMap((tool, at) => attempt(issues, () => toolOf(tool, at)) ?? []);
  const compiledOutput =
    output === undefined ? undefined : attempt(issues, () => compileOutputSchema(output, 'output'));
  if (issues.length > 0) throw new InvalidRequestError(issues);
  return { tools: compiledTools, output: compiledOutput };
};
