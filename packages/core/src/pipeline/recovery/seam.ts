/** Where a new answer meets the text that was delivered. */
export interface Seam {
  /** Whether the new answer has proved by now that it goes on from there. */
  readonly isProven: boolean;
  /** What of the next piece of text is new. @throws SeamMismatch */
  take(text: string): string;
  /** No more text comes before something else: what was kept back and is new. Undefined: the seam is not proved. */
  end(): string | undefined;
}

/** The new answer is not what was delivered. */
export class SeamMismatch {
  constructor(
    /** In words behind "the new answer ". */
    readonly what: string,
  ) {}
}

/** How many code units of `other` stand in `one` at a place. */
export const commonLength = (one: string, at: number, other: string): number => {
  let length = 0;
  while (length < other.length && one.charCodeAt(at + length) === other.charCodeAt(length)) length += 1;
  return length;
};

/** The new text must begin with exactly the delivered one, compared by UTF-16 code unit, however either is cut in pieces. */
export class ExactSeam implements Seam {
  #at = 0;

  constructor(private readonly delivered: string) {}

  get isProven(): boolean {
    return this.#at === this.delivered.length;
  }

  take(text: string): string {
    const { delivered } = this;
    const left = delivered.length - this.#at;
    const old = text.length <= left ? text : text.slice(0, left);
    if (!delivered.startsWith(old, this.#at)) {
      const at = this.#at + commonLength(delivered, this.#at, old);
      throw new SeamMismatch(`differs from the delivered text at character ${at + 1}`);
    }
    this.#at += old.length;
    return text.slice(old.length);
  }

  end(): string | undefined {
    return this.isProven ? '' : undefined;
  }
}
