import { displayWidth } from './display-width.js';
import { SafeTerminalText } from './safe-terminal-text.js';
import type { TextOutput } from './text-output.js';

/** Prints text as it comes, indented and broken between words, never later than the end of the word it belongs to. */
export class WrappedText {
  private readonly filter = new SafeTerminalText();
  private word = '';
  private column = 0;
  private pendingSpace = false;

  constructor(
    private readonly output: Pick<TextOutput, 'put'>,
    private readonly indent: string,
    private readonly width: number,
  ) {}

  put(piece: string): void {
    for (const part of this.filter.next(piece).split(/(\s)/)) {
      if (part === '') continue;
      if (!/^\s$/.test(part)) this.word += part;
      else {
        this.flushWord();
        if (part === '\n') this.newLine();
        else this.pendingSpace = this.column > 0;
      }
    }
  }

  finish(): void {
    this.flushWord();
    if (this.column > 0) this.newLine();
  }

  private flushWord(): void {
    if (this.word === '') return;
    const width = displayWidth(this.word) + (this.pendingSpace ? 1 : 0);
    if (this.column > 0 && this.column + width > this.width) this.newLine();
    const lead = this.column === 0 ? this.indent : this.pendingSpace ? ' ' : '';
    this.output.put(lead + this.word);
    this.column += displayWidth(lead + this.word);
    this.word = '';
    this.pendingSpace = false;
  }

  private newLine(): void {
    this.output.put('\n');
    this.column = 0;
    this.pendingSpace = false;
  }
}

/** A text broken between words into lines of at most `width` columns; a longer word stands alone. */
export const wrappedLines = (text: string, width = Number.POSITIVE_INFINITY): readonly string[] => {
  let wrapped = '';
  const output = {
    put: (piece: string): boolean => {
      wrapped += piece;
      return true;
    },
  };
  const printer = new WrappedText(output, '', width);
  printer.put(text);
  printer.finish();
  return wrapped.trimEnd().split('\n');
};
