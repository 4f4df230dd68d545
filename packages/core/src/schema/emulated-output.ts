import type { CompletionRequest } from '../contract/request.js';
import type { CoreWarning } from '../pipeline/core-warning.js';

/** For a model without structured output: the schema goes into the instructions, and the caller is told. */
export const emulatedOutput = (
  request: CompletionRequest,
): { readonly request: CompletionRequest; readonly warning: CoreWarning } => {
  const { outputFormat, ...rest } = request;
  const schema = outputFormat?.schema;
  const instruction =
    schema === undefined
      ? 'Answer with one JSON object and nothing else.'
      : `Answer with one JSON value that fits this JSON Schema, and nothing else:\n${JSON.stringify(schema)}`;
  return {
    request: { ...rest, messages: [{ role: 'system', content: instruction }, ...request.messages] },
    warning: {
      code: 'structured-output-emulated',
      field: 'output',
      message: `${request.model} has no structured output; the schema was sent as an instruction and the answer is checked here.`,
    },
  };
};
