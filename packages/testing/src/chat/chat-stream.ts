import { CHAT_DONE, type ChatEnd, ChatFrames, type ChatIdentity } from './chat-frames.js';

/** A tool call on the wire. */
export interface ChatToolCall {
  readonly id: string;
  readonly name: string;
  /** The arguments as JSON text, or its fragments, which then arrive in frames of their own. */
  readonly arguments: string | readonly string[];
}

/** An answer in OpenAI chat form. */
export interface ChatAnswerParts extends ChatIdentity, ChatEnd {
  /** One frame for each piece. Default: none. */
  readonly text?: readonly string[];
  /** Reasoning goes before the text. One frame for each piece. Default: none. */
  readonly reasoning?: readonly string[];
  /** Tool calls go after the text. Default: none. */
  readonly toolCalls?: readonly ChatToolCall[];
}

/** A streamed answer, apart: what it says, and what proves that it is whole. */
export interface ChatStreamParts {
  readonly content: readonly string[];
  readonly proof: readonly string[];
}

/** The arguments of a call in one text. */
export const joinedArguments = ({ arguments: json }: ChatToolCall): string =>
  typeof json === 'string' ? json : json.join('');

/** The reason word of an answer: as given, or what follows from its parts. */
export const finishWord = (answer: ChatAnswerParts): string =>
  answer.finish ?? ((answer.toolCalls ?? []).length > 0 ? 'tool_calls' : 'stop');

/** As `chatStream`, with the frames that prove the end apart, for answers that are to be cut. */
export const chatStreamParts = (answer: ChatAnswerParts): ChatStreamParts => {
  const frames = new ChatFrames(answer);
  const calls = (answer.toolCalls ?? []).flatMap((call, index) => [
    frames.toolCallStart(index, call.id, call.name),
    ...[call.arguments].flat().map((fragment) => frames.toolCallArguments(index, fragment)),
  ]);
  return {
    content: [
      frames.role(),
      ...(answer.reasoning ?? []).map((piece) => frames.reasoning(piece)),
      ...(answer.text ?? []).map((piece) => frames.text(piece)),
      ...calls,
    ],
    proof: [frames.finish({ ...answer, finish: finishWord(answer) }), CHAT_DONE],
  };
};

/**
 * The server-sent events of a whole streamed answer, one text each, blank line included: role, reasoning, text, tool
 * calls, finish frame, `[DONE]`. Shape and order as recorded from Vercel AI Gateway.
 *
 * @example
 * await startUpstream(chatStream({ text: ['Hel', 'lo'], usage: { input: 3, output: 2 } }).map(write));
 */
export const chatStream = (answer: ChatAnswerParts): readonly string[] => {
  const { content, proof } = chatStreamParts(answer);
  return [...content, ...proof];
};
