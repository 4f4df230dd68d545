import type { ChatRequest, ChatTool } from './chat-request.js';
import type { PromptReading } from './prompt-reading.js';
import { keyWords } from './prompt-words.js';
import { asSchema } from './schema-reference.js';

const NAME_SCORE = 2;
const OTHER_SCORE = 1;
const ENOUGH = 2;
const MAX_PARALLEL = 8;
const TOOL_WORDS = new Set(['get', 'set', 'tool', 'function', 'the', 'call', 'current']);

/** `get_currentWeather` → `get`, `current`, `weather`. */
function nameWords(name: string): readonly string[] {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

const stem = (word: string): string => word.replace(/(?:ing|ies|es|s|ed)$/, '');

/** How well a prompt's words match a tool: its name counts twice what description and parameter names do. */
export function matchScore(tool: ChatTool, prompt: string): number {
  const { name, description, parameters } = tool.function;
  if (
    new RegExp(`(?<![\\p{L}\\p{N}_])${name.replace(/[^\p{L}\p{N}_]/gu, '\\$&')}(?![\\p{L}\\p{N}_])`, 'iu').test(prompt)
  )
    return Infinity;
  const asked = new Set(keyWords(prompt, Infinity).map(stem));
  const inName = nameWords(name).filter((word) => word.length > 2 && !TOOL_WORDS.has(word));
  const properties = Object.keys(asSchema(parameters?.['properties'])).flatMap(nameWords);
  const others = new Set([...keyWords(description ?? '', Infinity), ...properties].map(stem));
  let score = 0;
  for (const word of new Set(inName.map(stem))) {
    others.delete(word);
    if (asked.has(word)) score += NAME_SCORE;
  }
  for (const word of others) if (!TOOL_WORDS.has(word) && asked.has(word)) score += OTHER_SCORE;
  return score;
}

const asksForTools = (prompt: string): boolean =>
  /\b(?:use|call|invoke|run)\b.{0,20}\b(?:tools?|functions?)\b/i.test(prompt);

/**
 * The tools the answer calls. A named or required choice is always followed. With `auto` a tool is called when the prompt
 * speaks of it, and none once there are results to answer from.
 */
export function chooseTools(request: ChatRequest, reading: PromptReading): readonly ChatTool[] {
  const tools = request.tools ?? [];
  const choice = request.tool_choice ?? 'auto';
  if (tools.length === 0 || choice === 'none') return [];
  if (typeof choice === 'object')
    return tools.filter((tool) => tool.function.name === choice.function.name).slice(0, 1);
  if (choice === 'auto' && reading.toolResults.length > 0) return [];

  const scored = tools.map((tool) => ({ tool, score: matchScore(tool, reading.prompt) }));
  const matching = scored.filter(({ score }) => score >= ENOUGH);
  const best = scored.toSorted((left, right) => right.score - left.score).slice(0, 1);
  const must = choice === 'required' || asksForTools(reading.prompt);
  const chosen = matching.length === 0 && must ? best : matching;
  const limit = request.parallel_tool_calls === false ? 1 : MAX_PARALLEL;
  const ordered = limit === 1 ? chosen.toSorted((left, right) => right.score - left.score) : chosen;
  return ordered.slice(0, limit).map(({ tool }) => tool);
}
