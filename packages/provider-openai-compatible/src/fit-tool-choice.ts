import type { ToolChoice, ToolDefinition, Warning } from '@headrace/core/plugin';
import type { EndpointForm } from './endpoint-form.js';

/** Which tools are offered, and what is said of choosing among them. */
export interface FittedTools {
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  readonly warnings: readonly Warning[];
  /** Tools that are not offered, because the choice rules them out. */
  readonly notes: readonly Warning[];
}

const only = (tools: readonly ToolDefinition[], choice: ToolChoice): readonly ToolDefinition[] => {
  if (typeof choice === 'string') return tools;
  const named = tools.filter(({ name }) => name === choice.name);
  return named.length === 0 ? tools : named;
};

const NONE: readonly never[] = [];

/** That tools which could not be called anyway are not offered. */
const untold = (offered: number, given: number, title: string): readonly Warning[] =>
  offered === given
    ? NONE
    : [
        {
          code: 'tools-narrowed',
          field: 'tools',
          message: `${title} cannot be told which tools to leave alone: only those that may be called were offered.`,
        },
      ];

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
  if (form === 'all' || tools === undefined || toolChoice === undefined)
    return { ...given, warnings: NONE, notes: NONE };
  if (form === 'words' && typeof toolChoice === 'string') return { ...given, warnings: NONE, notes: NONE };
  const offered = toolChoice === 'none' ? NONE : only(tools, toolChoice);
  const notes = untold(offered.length, tools.length, title);
  if (form === 'words') return { tools: offered, toolChoice: 'required', warnings: NONE, notes };
  if (toolChoice === 'none') return { warnings: NONE, notes };
  if (toolChoice === 'auto') return { tools, warnings: NONE, notes };
  const message = `${title} cannot be held to a tool call: the model decides.`;
  return {
    tools: offered,
    warnings: [{ code: 'tool-choice-dropped', field: 'toolChoice', message }],
    notes,
  };
};
