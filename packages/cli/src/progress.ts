import type { CliClock } from './cli-io.js';
import { truncate } from './display-width.js';
import { seconds } from './figures.js';
import type { TextOutput } from './text-output.js';

const PERIOD_MS = 100;
const ERASE = '\r\u001b[K';

/** A line on standard error that counts the seconds until the first text, and then vanishes. */
export class Progress {
  private stop: (() => void) | undefined;
  private label = '';
  private startedAt = 0;

  constructor(
    private readonly stderr: TextOutput,
    private readonly clock: CliClock,
    private readonly enabled: boolean,
  ) {}

  start(label: string): void {
    if (!this.enabled || this.stop !== undefined) return;
    this.label = label;
    this.startedAt = this.clock.now();
    this.draw();
    this.stop = this.clock.every(PERIOD_MS, () => this.draw());
  }

  /** Says from now on what else is waited for, still counting from the start. Nothing when the line is not shown. */
  relabel(label: string): void {
    if (this.stop === undefined || label === this.label) return;
    this.label = label;
    this.draw();
  }

  /** Takes the line away. Idempotent. */
  erase(): void {
    if (this.stop === undefined) return;
    this.stop();
    this.stop = undefined;
    this.stderr.put(ERASE);
  }

  private draw(): void {
    const text = `${this.label} … ${seconds(this.clock.now() - this.startedAt)}`;
    this.stderr.put(`\r${truncate(text, (this.stderr.columns ?? 80) - 1)}\u001b[K`);
  }
}

/** Progress is for people: on a terminal that can erase a line, unless they asked for quiet. */
export const progressFor = (
  stderr: TextOutput,
  clock: CliClock,
  env: Readonly<Record<string, string | undefined>>,
  quiet: boolean,
): Progress => new Progress(stderr, clock, stderr.isTerminal && !quiet && env['TERM'] !== 'dumb');
