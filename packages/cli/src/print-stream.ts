import type { CompletionStream } from '@headrace/core';
import type { AnswerPrinter } from './answer-printer.js';
import type { CommandContext } from './command-context.js';
import type { Progress } from './progress.js';
import type { ReasoningPrinter } from './reasoning-printer.js';

/** What a stream held besides text. */
export interface StreamSummary {
  readonly files: readonly string[];
}

/**
 * Prints a stream as it comes, at the pace of whoever reads standard output.
 * @throws what the stream throws, and the reason of the signal while the reader is waited for.
 */
export const printStream = async (
  stream: CompletionStream<unknown>,
  context: Pick<CommandContext, 'stdout' | 'signal'>,
  answer: AnswerPrinter,
  progress: Progress,
  reasoning: ReasoningPrinter | undefined,
): Promise<StreamSummary> => {
  const { stdout, signal } = context;
  const files: string[] = [];
  for await (const event of stream) {
    switch (event.type) {
      case 'text-delta':
        progress.erase();
        reasoning?.end();
        if (!answer.put(event.text)) await stdout.ready(signal);
        break;
      case 'reasoning-delta':
        if (reasoning === undefined || event.text === '') {
          progress.relabel('thinking');
          break;
        }
        progress.erase();
        reasoning.put(event.text);
        break;
      case 'file':
        files.push(event.mediaType);
        break;
      default:
        break;
    }
    // What is already decoded would otherwise be printed after Ctrl-C.
    signal.throwIfAborted();
  }
  reasoning?.end();
  progress.erase();
  return { files };
};
