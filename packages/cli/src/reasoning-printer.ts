import { AnswerPrinter } from './answer-printer.js';
import type { Paint } from './paint.js';
import type { TextOutput } from './text-output.js';

/** Prints what the model thinks on standard error, set apart from the answer. */
export class ReasoningPrinter {
  private printer: AnswerPrinter | undefined;

  constructor(
    private readonly stderr: TextOutput,
    private readonly paint: Paint,
  ) {}

  put(text: string): void {
    if (this.printer === undefined) {
      this.printer = new AnswerPrinter(this.stderr);
      this.stderr.line(this.paint.dim('[reasoning]'));
    }
    this.printer.put(text);
  }

  /** The answer follows, or another stretch of reasoning. Idempotent. */
  end(): void {
    if (this.printer === undefined) return;
    this.printer.finish();
    this.printer = undefined;
    this.stderr.line(this.paint.dim('[answer]'));
  }
}
