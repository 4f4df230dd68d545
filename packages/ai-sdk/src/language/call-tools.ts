import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4ToolChoice,
} from '@ai-sdk/provider';
import type { JsonSchema, Tool, ToolChoice } from '@headrace/core';
import { readAnnotations } from '../shared/annotations.js';
import type { Notes } from '../shared/notes.js';

const toolOf = (tool: LanguageModelV4FunctionTool, place: string, notes: Notes): Tool => {
  const { name, description, inputSchema, strict } = tool;
  if ((tool.inputExamples ?? []).length > 0)
    notes.leftOut(
      'inputExamples of a tool',
      'There is no field for them; `addToolInputExamplesMiddleware` of the AI SDK puts them into the description.',
    );
  return {
    name,
    parameters: inputSchema as JsonSchema,
    ...(description === undefined ? {} : { description }),
    ...(strict === undefined ? {} : { strict }),
    ...readAnnotations(tool.providerOptions, place).annotations,
  };
};

const choiceOf = (choice: LanguageModelV4ToolChoice): ToolChoice =>
  choice.type === 'tool' ? { name: choice.toolName } : choice.type;

/** Tools of a call and the choice among them. Tools that a provider runs are those of one provider, and left out. */
export const callTools = (
  { tools = [], toolChoice }: LanguageModelV4CallOptions,
  notes: Notes,
): { readonly tools?: readonly Tool[]; readonly toolChoice?: ToolChoice } => {
  const taken = tools.flatMap((tool, index) => {
    if (tool.type === 'function') return [toolOf(tool, `tools[${index}]`, notes)];
    notes.leftOut(`provider-defined tool ${tool.id}`, 'A call through a gateway may go to any provider.');
    return [];
  });
  const choice = toolChoice === undefined ? undefined : choiceOf(toolChoice);
  return {
    ...(taken.length === 0 ? {} : { tools: taken }),
    // Among no tools there is nothing to choose; any other word is refused by the gateway.
    ...(choice === undefined || (taken.length === 0 && choice === 'auto') ? {} : { toolChoice: choice }),
  };
};
