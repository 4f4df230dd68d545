import type { ChatMessage } from './chat-request.js';

export interface ToolResult {
  readonly name: string | undefined;
  readonly content: string;
}

/** What the emulator understands of a conversation. */
export interface PromptReading {
  /** Text of the last user message, trimmed. */
  readonly prompt: string;
  /** Texts of the user messages before it, oldest first. */
  readonly earlier: readonly string[];
  /** Results at the end of the conversation that nobody has answered yet. */
  readonly toolResults: readonly ToolResult[];
  /** Images and files of the last user message. */
  readonly attachments: { readonly images: number; readonly files: number };
}

export function textOf(content: ChatMessage['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

function partsOfType(content: ChatMessage['content'], type: string): number {
  return Array.isArray(content) ? content.filter((part) => part.type === type).length : 0;
}

function readToolResults(messages: readonly ChatMessage[]): readonly ToolResult[] {
  const names = new Map<string, string>();
  for (const message of messages) {
    if (message.role !== 'assistant') continue;
    for (const call of message.tool_calls ?? []) names.set(call.id, call.function.name);
  }
  const results: ToolResult[] = [];
  for (const message of messages.toReversed()) {
    if (message.role !== 'tool') break;
    results.unshift({ name: names.get(message.tool_call_id), content: textOf(message.content) });
  }
  return results;
}

export function readPrompt(messages: readonly ChatMessage[]): PromptReading {
  const users = messages.filter((message) => message.role === 'user');
  const last = users.at(-1);
  return {
    prompt: textOf(last?.content).trim(),
    earlier: users.slice(0, -1).map((message) => textOf(message.content).trim()),
    toolResults: readToolResults(messages),
    attachments: { images: partsOfType(last?.content, 'image_url'), files: partsOfType(last?.content, 'file') },
  };
}
