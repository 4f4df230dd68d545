import { type Deferred, deferred } from '../deferred.js';

interface Gate {
  readonly open: Deferred<void>;
  readonly reached: Deferred<void>;
}

/** Named pauses: opened once, open for good. */
export class Gates {
  readonly #gates = new Map<string, Gate>();

  #gate(name: string): Gate {
    const known = this.#gates.get(name);
    if (known !== undefined) return known;
    const gate: Gate = { open: deferred<void>(), reached: deferred<void>() };
    this.#gates.set(name, gate);
    return gate;
  }

  /** Waits at a gate. */
  pass(name: string): Promise<void> {
    const gate = this.#gate(name);
    gate.reached.resolve();
    return gate.open.promise;
  }

  release(name: string): void {
    this.#gate(name).open.resolve();
  }

  reached(name: string): Promise<void> {
    return this.#gate(name).reached.promise;
  }
}
