/** The command line is wrong. Nothing was sent. */
export class UsageError extends Error {
  /** What the person can do. */
  readonly remedy: string | undefined;

  constructor(message: string, remedy?: string) {
    super(message);
    this.name = 'UsageError';
    this.remedy = remedy;
  }
}
