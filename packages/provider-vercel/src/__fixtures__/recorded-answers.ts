import { readFileSync } from 'node:fs';

const read = (file: string): string => readFileSync(new URL(`./recorded/${file}`, import.meta.url), 'utf8');

export interface RecordedAnswer {
  readonly model: string;
  /** The event stream, byte for byte. */
  readonly stream: string;
  /** The same answer as one JSON body. */
  readonly whole: string;
}

const recorded = (model: string): RecordedAnswer => {
  const name = model.slice(model.indexOf('/') + 1);
  return { model, stream: read(`${name}.sse`), whole: read(`${name}.json`) };
};

/**
 * Answers of the live gateway in the order and with the keys in which they were recorded on 2026-09-30, all values made
 * up: text alone, tool calls alone, reasoning before text.
 */
export const RECORDED_ANSWERS = {
  text: recorded('openai/gpt-4.1-nano'),
  tools: recorded('openai/gpt-4o-mini'),
  reasoning: recorded('deepseek/deepseek-v3.2-thinking'),
} as const;
