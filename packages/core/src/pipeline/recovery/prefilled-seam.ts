import { commonLength, type Seam, SeamMismatch } from './seam.js';

/** So many code units alike, at a place where they can be told from what follows, are no chance. */
const TELLING = 32;

/** Whether a text is long enough, and its beginning does not come again in it. */
const tellsItself = (text: string): boolean => text.length >= TELLING && !text.includes(text.slice(0, TELLING), 1);

/**
 * A text that goes on from a prefill. Models that are wrongly said to take one begin anew: a text that begins as the delivered
 * one is kept back while it does. Where it is the delivered text as a whole, only what follows is new; where it may be either (it is
 * short, or repeats itself), or where the new answer turns out to be another one, it does not fit. White space before either does
 * not count: an answer that begins anew often has other than the first.
 *
 * White space at the end of the delivered text was kept out of the prefill (upstreams refuse it there), so the model may
 * bring it once more.
 */
export class PrefilledSeam implements Seam {
  #isProven = false;
  /** Those that the text began with so far, all alike up to `at`. */
  #beginnings: readonly string[];
  #at = 0;
  /** White space before that. */
  #lead = '';
  #space: string;

  /**
   * @param beginnings what an answer would begin with that begins anew: the delivered text, alone and behind the caller's own prefill
   * @param space that was kept out of the prefill
   */
  constructor(beginnings: readonly string[], space: string) {
    this.#beginnings = beginnings.map((beginning) => beginning.trimStart());
    this.#space = space;
  }

  get isProven(): boolean {
    return this.#isProven;
  }

  take(piece: string): string {
    if (this.#isProven) return this.#withoutSpace(piece);
    const at = this.#at;
    const text = at === 0 ? piece.trimStart() : piece;
    this.#lead += piece.slice(0, piece.length - text.length);
    if (text === '') return '';
    const alike: string[] = [];
    let longest = '';
    for (const beginning of this.#beginnings) {
      const common = commonLength(beginning, at, text);
      if (at + common === beginning.length) return this.#begunAnew(beginning, text.slice(common));
      if (common === text.length) alike.push(beginning);
      if (at + common > longest.length) longest = beginning.slice(0, at + common);
    }
    if (alike.length > 0) {
      this.#beginnings = alike;
      this.#at += text.length;
      return '';
    }
    if (tellsItself(longest))
      throw new SeamMismatch(`begins anew, and differs from the delivered text at character ${longest.length + 1}`);
    return this.#goOn(this.#lead + this.#kept + text);
  }

  end(): string | undefined {
    if (this.#isProven) return '';
    return tellsItself(this.#kept) ? undefined : this.#goOn(this.#lead + this.#kept);
  }

  get #kept(): string {
    return this.#beginnings[0]?.slice(0, this.#at) ?? '';
  }

  #begunAnew(beginning: string, rest: string): string {
    if (!tellsItself(beginning))
      throw new SeamMismatch('repeats the delivered text, and nothing tells whether it goes on or begins anew');
    this.#isProven = true;
    this.#space = '';
    return rest;
  }

  #goOn(text: string): string {
    this.#isProven = true;
    return this.#withoutSpace(text);
  }

  #withoutSpace(text: string): string {
    const space = this.#space;
    if (space === '' || text === '') return text;
    const length = commonLength(space, 0, text.slice(0, space.length));
    this.#space = length === text.length ? space.slice(length) : '';
    return text.slice(length);
  }
}
