/** The text that a caller is given, as it grows. */
export class TextWatch {
  #text = '';
  #firstAtMs: number | undefined;
  #waiting: { readonly length: number; readonly resolve: () => void }[] = [];

  constructor(private readonly now: () => number) {}

  get text(): string {
    return this.#text;
  }

  /** When the first text was there. */
  get firstAtMs(): number | undefined {
    return this.#firstAtMs;
  }

  add(piece: string): void {
    if (piece === '') return;
    this.#firstAtMs ??= this.now();
    this.#text += piece;
    const due = this.#waiting.filter(({ length }) => this.#text.length >= length);
    this.#waiting = this.#waiting.filter(({ length }) => this.#text.length < length);
    for (const { resolve } of due) resolve();
  }

  /** Resolves when so much is there, or after `patienceMs`: a caller may hold everything back. */
  async reaches(length: number, patienceMs: number): Promise<void> {
    if (this.#text.length >= length) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#waiting.push({ length, resolve });
      timer = setTimeout(resolve, patienceMs);
    });
    clearTimeout(timer);
  }
}
