import type { Readable } from 'node:stream';
import type { CliIo } from './cli-io.js';
import { errorCode } from './error-code.js';
import type { TextOutput } from './text-output.js';
import { UsageError } from './usage-error.js';

/** Far more than any model takes; keeps a wrong file from filling the memory. */
const MAX_INPUT_BYTES = 16 * 1024 * 1024;
/** How long a socket may take to send its first byte when there is a prompt already. */
const SOCKET_PATIENCE_MS = 1_000;

const readAll = async (stdin: Readable, signal: AbortSignal): Promise<string> => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const stop = (): void => void stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of stdin) {
      const piece = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
      bytes += piece.byteLength;
      if (bytes > MAX_INPUT_BYTES) throw new UsageError('Standard input is longer than 16 MiB.');
      text += decoder.decode(piece, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (errorCode(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new UsageError('Standard input is not text in UTF-8.');
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    if (signal.aborted) signal.throwIfAborted();
  }
};

const speaksSoon = (io: CliIo, stdin: Readable, signal: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    const settle = (answer: boolean): void => {
      callOff();
      for (const event of ['readable', 'end', 'error', 'close']) stdin.off(event, heard);
      signal.removeEventListener('abort', gaveUp);
      resolve(answer);
    };
    const heard = (): void => settle(true);
    const gaveUp = (): void => settle(false);
    const callOff = io.clock.after(SOCKET_PATIENCE_MS, gaveUp);
    for (const event of ['readable', 'end', 'error', 'close']) stdin.once(event, heard);
    signal.addEventListener('abort', gaveUp, { once: true });
  });

/**
 * The prompt: the words of the command line, and after them whatever was piped in.
 * @throws UsageError when there is nothing, too much, or no text.
 */
export const readPrompt = async (
  words: readonly string[],
  io: CliIo,
  stderr: TextOutput,
  signal: AbortSignal,
): Promise<string> => {
  const typed = words.length === 1 && words[0] === '-' ? '' : words.join(' ');
  const kind = io.stdinKind();
  let piped = '';
  if (typed === '' || kind !== 'terminal') {
    const stdin = io.stdin();
    if (kind === 'terminal') stderr.line('headrace: type the prompt, then Ctrl-D on a line of its own');
    if (typed === '' || kind !== 'socket' || (await speaksSoon(io, stdin, signal)))
      piped = await readAll(stdin, signal);
    else stdin.destroy();
  }
  const prompt = [typed, piped].filter((text) => text.trim() !== '').join('\n\n');
  if (prompt === '') {
    throw new UsageError('There is no prompt.', 'Give it as words (headrace complete Say hello) or pipe it in.');
  }
  return prompt;
};
