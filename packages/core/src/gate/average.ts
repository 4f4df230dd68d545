/** How much a new figure moves the average. */
const WEIGHT = 0.125;

/** An average in which later figures count for more; takes no memory. */
export class Average {
  #value: number | undefined;

  /** Undefined before the first figure. */
  get value(): number | undefined {
    return this.#value;
  }

  add(figure: number): void {
    this.#value = this.#value === undefined ? figure : this.#value + (figure - this.#value) * WEIGHT;
  }
}
