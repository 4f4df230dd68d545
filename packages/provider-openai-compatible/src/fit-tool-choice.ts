import type { ToolChoice, ToolDefinition, Warning } from '@headrace/core/plugin';
import type { EndpointForm } from './endpoint-form.js';

/** Which tools are offered, and what is said of choosing among them. */
export interface FittedTools {
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  readonly warnings: readonly Warning[];
}

const only = (tools: readonly ToolDefinition[], choice: ToolChoice): readonly ToolDefinition[] => {
  if (typeof choice === 'string') return tools;
  const named = tools.filter(({ name }) => name === choice.name);
  return named.length === 0 ? tools : named;
};

/**
 * A choice among tools as the endpoint takes it. Where it can name none, only the one that was chosen is offered; where it
 * takes no choice at all, `none` offers no tools, and that one must be called cannot be said: a warning tells.
 * @param title how warnings call the endpoint
 */
export const fitToolChoice = (
  { tools, toolChoice }: { readonly tools?: readonly ToolDefinition[]; readonly toolChoice?: ToolChoice },
  { toolChoice: form = 'all' }: EndpointForm,
  title: string,
): FittedTools => {
  const given = { ...(tools === undefined ? {} : { tools }), ...(toolChoice === undefined ? {} : { toolChoice }) };
  if (form === 'all' || tools === undefined || toolChoice === undefined) return { ...given, warnings: [] };
  if (form === 'words') {
    if (typeof toolChoice === 'string') return { ...given, warnings: [] };
    return { tools: only(tools, toolChoice), toolChoice: 'required', warnings: [] };
  }
  if (toolChoice === 'none') return { warnings: [] };
  if (toolChoice === 'auto') return { tools, warnings: [] };
  const message = `${title} cannot be held to a tool call: the model decides.`;
  return {
    tools: only(tools, toolChoice),
    warnings: [{ code: 'tool-choice-dropped', field: 'toolChoice', message }],
  };
};
