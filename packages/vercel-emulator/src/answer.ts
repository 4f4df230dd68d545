import { jsonIn } from './answer-forms.js';
import { answerBody, answerText } from './answer-text.js';
import type { SeedModel } from './catalogue-seed.js';
import type { ChatRequest } from './chat-request.js';
import { jsonValueForSchema } from './json-value-for-schema.js';
import { pngDataUrl } from './png-image.js';
import { type PromptReading, readPrompt } from './prompt-reading.js';
import { keyWords, wordsOf } from './prompt-words.js';
import { fingerprint, type Random, randomText } from './random.js';
import { type ReasoningPlan, reasoningText } from './reasoning-answer.js';
import { countTokens, firstTokens } from './token-count.js';
import { promptsForCalls, toolArguments } from './tool-arguments.js';
import { chooseTools } from './tool-choice.js';

export interface AnsweredCall {
  readonly id: string;
  readonly name: string;
  readonly argumentsJson: string;
}

/** What the emulator answers, before it is put on the wire. */
export interface Answer {
  readonly reasoning: string;
  readonly text: string;
  readonly toolCalls: readonly AnsweredCall[];
  /** Data URLs. */
  readonly images: readonly string[];
  /** The stop sequence of the request that ended the text. */
  readonly stopSequence: string | undefined;
  readonly finishReason: 'stop' | 'length' | 'tool_calls';
  readonly tokens: { readonly reasoning: number; readonly image: number; readonly completion: number };
}

const IMAGE_TOKENS = 258;
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function jsonText(request: ChatRequest, reading: PromptReading): string | undefined {
  const format = request.response_format;
  if (format === null || format === undefined || format.type === 'text') return undefined;
  const schema =
    format.type === 'json_schema' ? format.json_schema.schema : format.type === 'json' ? format.schema : undefined;
  if (schema !== null && schema !== undefined) return JSON.stringify(jsonValueForSchema(schema));
  const echoed = /\b(?:echo|repeat|return|reply with|say)\b/i.test(reading.prompt) ? jsonIn(reading.prompt) : undefined;
  const words = keyWords(reading.prompt);
  return (
    echoed ??
    JSON.stringify({ emulated: true, answer: answerBody(reading), words: wordsOf(reading.prompt).length, about: words })
  );
}

function calls(request: ChatRequest, reading: PromptReading, random: Random): readonly AnsweredCall[] {
  const tools = chooseTools(request, reading);
  const [first] = tools;
  const once = tools.length !== 1 || request.parallel_tool_calls === false;
  const prompts = first === undefined || once ? [reading.prompt] : promptsForCalls(first, reading.prompt);
  return tools.flatMap((tool) =>
    prompts.map((prompt) => ({
      id: `call_${randomText(random, ALPHANUMERIC, 24)}`,
      name: tool.function.name,
      argumentsJson: toolArguments(tool, prompt),
    })),
  );
}

/** The text up to the stop sequence that comes first in it, and which one that is. */
function cutAtStop(text: string, stop: ChatRequest['stop']): { text: string; sequence: string | undefined } {
  let end = text.length;
  let first: string | undefined;
  for (const sequence of [stop ?? []].flat()) {
    const index = sequence === '' ? -1 : text.indexOf(sequence);
    if (index < 0 || index >= end) continue;
    end = index;
    first = sequence;
  }
  return { text: text.slice(0, end), sequence: first };
}

/**
 * @param limit most tokens of the answer, reasoning included
 * @param reasons undefined when the model does not reason
 */
export function makeAnswer(
  request: ChatRequest,
  model: SeedModel,
  { limit, reasons, random }: { limit: number; reasons: ReasoningPlan | undefined; random: Random },
): Answer {
  const reading = readPrompt(request.messages);
  let left = limit;
  let cut = false;
  const spend = (text: string): string => {
    const kept = firstTokens(text, left);
    cut ||= kept.length < text.length;
    left -= countTokens(kept);
    return kept;
  };

  const thought = reasons === undefined ? '' : reasoningText(reading, reasons.effort);
  const reasoning = spend(reasons?.budget === undefined ? thought : firstTokens(thought, reasons.budget));
  const reasoningTokens = countTokens(reasoning);
  const wanted = cut ? [] : calls(request, reading, random);
  const drawsImage =
    request.modalities?.includes('image') === true && model.modalities?.output?.includes('image') === true;

  let text = '';
  let stopSequence: string | undefined;
  const toolCalls: AnsweredCall[] = [];
  if (wanted.length === 0) {
    const whole = cutAtStop(jsonText(request, reading) ?? answerText(reading), request.stop);
    text = spend(whole.text);
    if (!cut) stopSequence = whole.sequence;
  } else {
    for (const call of wanted) if (!cut) toolCalls.push({ ...call, argumentsJson: spend(call.argumentsJson) });
  }
  const images = drawsImage && !cut ? [pngDataUrl(fingerprint(reading.prompt) & 0xffffff)] : [];
  const imageTokens = images.length * IMAGE_TOKENS;
  const finishReason = cut ? 'length' : toolCalls.length > 0 ? 'tool_calls' : 'stop';
  return {
    reasoning: reasons?.exclude === true ? '' : reasoning,
    text,
    toolCalls,
    images,
    stopSequence,
    finishReason,
    tokens: { reasoning: reasoningTokens, image: imageTokens, completion: limit - left + imageTokens },
  };
}
