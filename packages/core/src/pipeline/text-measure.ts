/** Pieces that are kept at most. */
const MOST_PIECES = 32;
/** Of one piece, in UTF-16 code units. A piece may be a whole answer. */
const LONGEST_PIECE = 256;
/** From one piece that is kept to the next, in the beginning. */
const FIRST_STRIDE = 32;

/**
 * The length of a text that comes in pieces, and about how many bytes it has in UTF-8. To count them all would cost something for
 * each token, so some pieces are kept, from all over the text: when they are too many every other one is dropped, and from there on
 * only half as many are taken.
 */
export class TextMeasure {
  /** UTF-16 code units. */
  characters = 0;
  #pieces: string[] = [];
  #stride = FIRST_STRIDE;
  #nextAt = 0;

  add(piece: string): void {
    this.characters += piece.length;
    if (this.characters > this.#nextAt) this.#keep(piece);
  }

  /** Estimated; exact where all characters take the same, and for what came in one piece of at most 256 code units. */
  get bytes(): number {
    if (this.#pieces.length === 0) return 0;
    let sum = 0;
    // The longer a piece, the likelier it was met: so all count alike.
    for (const piece of this.#pieces) sum += Buffer.byteLength(piece) / piece.length;
    return Math.round((this.characters * sum) / this.#pieces.length);
  }

  #keep(piece: string): void {
    if (this.#pieces.length === MOST_PIECES) {
      this.#pieces = this.#pieces.filter((_, index) => index % 2 === 0);
      this.#stride *= 2;
    }
    this.#pieces.push(piece.slice(0, LONGEST_PIECE));
    this.#nextAt = Math.max(this.#nextAt + this.#stride, this.characters);
  }
}
