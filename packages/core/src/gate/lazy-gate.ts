import type { Provider } from '../contract/provider.js';
import type { TargetUnavailableError } from '../errors/gate-errors.js';
import type { CallScope } from '../pipeline/call-scope.js';
import type { KeyRing } from '../pipeline/key-ring.js';
import type { Target } from '../registry/target.js';
import type { AttemptGate, GatePass, GateTerms } from './attempt-gate.js';
import type { GateOptions } from './gate-options.js';
import type { KeySlots } from './key-slots.js';
import type { GateServices, TargetGate } from './target-gate.js';

/** The gate of a gateway, whose code and state come with the first attempt. */
export class LazyGate implements AttemptGate {
  #gate: TargetGate | undefined;
  #loading: Promise<TargetGate> | undefined;

  /** @param limits attempts at one time of single targets, by `provider:model` */
  constructor(
    private options: GateOptions,
    private limits: ReadonlyMap<string, number>,
    private readonly services: GateServices,
  ) {}

  /** Goes on with other options; see `TargetGate`. */
  reconfigure(options: GateOptions, limits: ReadonlyMap<string, number>): void {
    this.options = options;
    this.limits = limits;
    this.#gate?.reconfigure(options, limits);
  }

  tryEnter(target: Target, terms: GateTerms): GatePass | undefined {
    return this.#gate?.tryEnter(target, terms);
  }

  enter(target: Target, scope: CallScope, terms: GateTerms): Promise<GatePass> {
    if (this.#gate !== undefined) return this.#gate.enter(target, scope, terms);
    return this.#loaded().then((gate) => gate.enter(target, scope, terms));
  }

  check(target: Target, scope: CallScope, terms: GateTerms): void {
    this.#gate?.check(target, scope, terms);
  }

  async keySlots(provider: Provider, ring: KeyRing): Promise<KeySlots | undefined> {
    if (this.options.concurrency?.perKey === undefined) return undefined;
    return (await this.#loaded()).keySlots(provider, ring);
  }

  refusalAt(target: Target, at: number): TargetUnavailableError | undefined {
    return this.#gate?.refusalAt(target, at);
  }

  restAt(target: Target, at: number): TargetUnavailableError | undefined {
    return this.#gate?.restAt(target, at);
  }

  #loaded(): Promise<TargetGate> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<TargetGate> {
    const { TargetGate: Loaded } = await import('./target-gate.js');
    this.#gate = new Loaded(this.options, this.limits, this.services);
    return this.#gate;
  }
}
