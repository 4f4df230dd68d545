/** An average in which later figures count for more; takes no memory. */
export class Average {
  #value: number | undefined;

  /** @param weight how much a new figure moves it: above 0, at most 1. Default an eighth. */
  constructor(private readonly weight = 0.125) {}

  /** Undefined before the first figure. */
  get value(): number | undefined {
    return this.#value;
  }

  add(figure: number): void {
    this.#value = this.#value === undefined ? figure : this.#value + (figure - this.#value) * this.weight;
  }
}
