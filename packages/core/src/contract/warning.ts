/** Something that was dropped, changed or skipped, told to the caller instead of hidden. */
export interface Warning {
  /** Stable, kebab-case: `parameter-dropped`, `cache-mark-dropped`, `frame-skipped`, … */
  readonly code: string;
  readonly message: string;
  /** The field of the request concerned, such as `temperature` or `messages[2].content[0].cache`. */
  readonly field?: string;
  /**
   * `answer`: of the answer, or of what was asked for, and so for every call that a kept answer is given to. `call`: of one
   * call's way to it. Default: what core says of its own codes; `answer` for all others.
   */
  readonly about?: 'answer' | 'call';
}
