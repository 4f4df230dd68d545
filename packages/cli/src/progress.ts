import type { CliClock } from './cli-io.js';
import { truncate } from './display-width.js';
import { seconds } from './figures.js';
import type { TextOutput } from './text-output.js';

const PERIOD_MS = 100;
const ERASE = '\r\u001b[K';

/** A line on standard error that counts the seconds until the first token, and then vanishes. */
export class Progress {
  private stop: (() => void) | undefined;

  constructor(
    private readonly stderr: TextOutput,
    private readonly clock: CliClock,
    private readonly enabled: boolean,
  ) {}

  start(label: string): void {
    if (!this.enabled || this.stop !== undefined) return;
    const startedAt = this.clock.now();
    const draw = (): void => {
      const text = `${label} … ${seconds(this.clock.now() - startedAt)}`;
      this.stderr.put(`\r${truncate(text, (this.stderr.columns ?? 80) - 1)}\u001b[K`);
    };
    draw();
    this.stop = this.clock.every(PERIOD_MS, draw);
  }

  /** Takes the line away. Idempotent. */
  erase(): void {
    if (this.stop === undefined) return;
    this.stop();
    this.stop = undefined;
    this.stderr.put(ERASE);
  }
}

/** Progress is for people: on a terminal that can erase a line, unless they asked for quiet. */
export const progressFor = (
  stderr: TextOutput,
  clock: CliClock,
  env: Readonly<Record<string, string | undefined>>,
  quiet: boolean,
): Progress => new Progress(stderr, clock, stderr.isTerminal && !quiet && env['TERM'] !== 'dumb');
