import { SafeTerminalText } from './safe-terminal-text.js';
import type { TextOutput } from './text-output.js';

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

/** Prints an answer piece by piece: verbatim into a pipe, without control sequences onto a terminal. */
export class AnswerPrinter {
  private readonly filter: SafeTerminalText | undefined;
  private held = '';
  private last = '';

  constructor(private readonly output: TextOutput) {
    this.filter = output.isTerminal ? new SafeTerminalText() : undefined;
  }

  /** Whether anything of the answer has been printed. */
  get started(): boolean {
    return this.last !== '';
  }

  /** False when the reader has fallen behind. */
  put(piece: string): boolean {
    let text = this.held + piece;
    this.held = '';
    // Half of a surrogate pair would be written as U+FFFD; the other half comes with the next piece.
    if (isHighSurrogate(text.charCodeAt(text.length - 1))) {
      this.held = text.slice(-1);
      text = text.slice(0, -1);
    }
    const shown = this.filter === undefined ? text : this.filter.next(text);
    if (shown === '') return true;
    this.last = shown.slice(-1);
    return this.output.put(shown);
  }

  /** The end of a whole answer: it ends with a newline, its own or ours. */
  finish(): void {
    if (this.held !== '') {
      this.output.put(this.held);
      this.last = this.held;
      this.held = '';
    }
    this.breakLine();
  }

  /** The end of a cut answer: only a terminal gets a newline, so that what follows begins on a line of its own. */
  cut(): void {
    if (this.output.isTerminal) this.breakLine();
  }

  private breakLine(): void {
    if (this.last === '' || this.last === '\n') return;
    this.output.put('\n');
    this.last = '\n';
  }
}
