import { inspect } from 'node:util';

const values = new WeakMap<Secret, string>();
const HIDDEN = '[secret]';

/** A value that cannot be printed, logged or serialised by accident; `reveal()` is the one way to it. */
export class Secret {
  constructor(value: string) {
    values.set(this, value);
  }

  reveal(): string {
    return values.get(this) ?? '';
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
