import type { Clock, RandomSource } from '../contract/clock.js';
import type { Provider } from '../contract/provider.js';
import type { TargetUnavailableError } from '../errors/gate-errors.js';
import type { CallScope } from '../pipeline/call-scope.js';
import type { DecisionTable } from '../pipeline/decision-table.js';
import type { KeyRing } from '../pipeline/key-ring.js';
import { hasSeveralKeys } from '../pipeline/key-stage.js';
import { type Rest, restWait } from '../pipeline/rest-wait.js';
import { boundedName, nameOf, type Target } from '../registry/target.js';
import { withDefaults } from '../schema/with-defaults.js';
import type { AttemptGate, GatePass, GateTerms } from './attempt-gate.js';
import { Breaker } from './breaker.js';
import { type BreakerOptions, DEFAULT_BREAKER, type GateOptions } from './gate-options.js';
import { KeySlots } from './key-slots.js';
import { circuitOpen, coolingDown } from './refusals.js';
import { type QueueLimits, waitForRoom } from './room.js';
import { SlotQueue } from './slot-queue.js';
import { TargetPass } from './target-pass.js';
import { TargetState } from './target-state.js';

/** Targets that are remembered, busy ones apart: callers of a server may make models up. */
const MOST_TARGETS = 1_000;

/** Options with their defaults. */
interface GateSettings {
  readonly breaker: BreakerOptions | undefined;
  readonly coolDown: boolean;
  readonly queue: QueueLimits;
  readonly perTarget: number;
  readonly perKey: number | undefined;
  /** Of single targets, by `provider:model`. */
  readonly targets: ReadonlyMap<string, number>;
}

const settingsOf = (
  { breaker, coolDown = true, concurrency = {} }: GateOptions,
  targets: ReadonlyMap<string, number>,
): GateSettings => {
  const { maxQueued = 100, maxWaitMs = 30_000, perTarget = Number.POSITIVE_INFINITY, perKey } = concurrency;
  return {
    breaker: breaker === false ? undefined : withDefaults(DEFAULT_BREAKER, breaker),
    coolDown,
    queue: { maxQueued, maxWaitMs },
    perTarget,
    perKey,
    targets,
  };
};

/** What the gate needs of its gateway. */
export interface GateServices {
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** The circuits, rests and slots of all targets of a gateway. */
export class TargetGate implements AttemptGate {
  readonly #targets = new Map<string, TargetState>();
  /** Of providers with one key, by id. */
  readonly #keys = new Map<string, SlotQueue>();
  /** Of providers with several. */
  readonly #rings = new WeakMap<KeyRing, KeySlots>();
  #settings: GateSettings;

  /** @param limits of single targets, by `provider:model` */
  constructor(
    options: GateOptions,
    limits: ReadonlyMap<string, number>,
    private readonly services: GateServices,
  ) {
    this.#settings = settingsOf(options, limits);
  }

  /** Goes on with other options: circuits, rests and what is under way stay. */
  reconfigure(options: GateOptions, limits: ReadonlyMap<string, number>): void {
    this.#settings = settingsOf(options, limits);
    const { breaker: given, perKey = Number.POSITIVE_INFINITY } = this.#settings;
    const changed = (breaker: Breaker | undefined, turn: number): Breaker | undefined => {
      if (given === undefined || breaker === undefined) return this.#newBreaker(turn);
      breaker.reconfigure(given);
      return breaker;
    };
    for (const state of this.#targets.values()) state.reconfigure(this.#limitOf(state.name), changed);
    for (const slots of this.#keys.values()) slots.setMost(perKey, perKey);
  }

  tryEnter(target: Target, { table }: GateTerms): GatePass | undefined {
    const state = this.#stateOf(target);
    const now = this.services.clock.now();
    if (!state.isReady(now) || !state.slots.take()) return undefined;
    const keySlots = this.#keySlots(target);
    if (keySlots === undefined || keySlots.take()) return this.#pass(target, state, keySlots, table, 0, now);
    state.slots.release();
    return undefined;
  }

  async enter(target: Target, scope: CallScope, terms: GateTerms): Promise<GatePass> {
    const { clock } = this.services;
    const since = clock.now();
    const call = { scope, clock, terms, since };
    for (;;) {
      if (scope.cancelled) throw scope.cancelReason;
      // Anew each time: what rests and is idle may have been forgotten meanwhile.
      const state = this.#stateOf(target);
      const restMs = this.#restMs(state, scope, terms);
      if (restMs > 0) {
        await scope.sleep(clock, restMs);
        continue;
      }
      if (!state.slots.take() && (await waitForRoom(state.slots, this.#settings.queue, call)) === undefined) continue;
      const keySlots = this.#keySlots(target);
      try {
        const hasKey =
          keySlots === undefined ||
          keySlots.take() ||
          (await waitForRoom(keySlots, this.#settings.queue, call)) !== undefined;
        // What was waited for may have taken so long that the target is not what it was.
        const now = clock.now();
        if (hasKey && !scope.cancelled && state.isReady(now))
          return this.#pass(target, state, keySlots, terms.table, now - since, now);
        if (hasKey) keySlots?.release();
      } catch (error) {
        state.slots.release();
        throw error;
      }
      state.slots.release();
    }
  }

  check(target: Target, scope: CallScope, terms: GateTerms): void {
    const state = this.#knownState(target);
    if (state !== undefined) this.#restMs(state, scope, terms);
  }

  async keySlots(provider: Provider, ring: KeyRing): Promise<KeySlots | undefined> {
    const { perKey: limit, queue } = this.#settings;
    if (limit === undefined) return undefined;
    const known = this.#rings.get(ring);
    if (known !== undefined) {
      known.setLimit(limit);
      return known;
    }
    const { clock } = this.services;
    const slots = new KeySlots({ id: provider.id, ring, limit, queue, clock });
    this.#rings.set(ring, slots);
    return slots;
  }

  refusalAt(target: Target, at: number): TargetUnavailableError | undefined {
    const state = this.#knownState(target);
    const blockedMs = state?.breaker?.blockedMs(at);
    return state === undefined || blockedMs === undefined ? undefined : circuitOpen(state, blockedMs);
  }

  restAt(target: Target, at: number): TargetUnavailableError | undefined {
    const state = this.#knownState(target);
    return state === undefined || state.restsUntil <= at ? undefined : coolingDown(state, state.restsUntil - at);
  }

  /** ms to wait for the end of its rest; 0 where it does not rest. @throws TargetUnavailableError when there is no waiting for it */
  #restMs(state: TargetState, scope: CallScope, terms: GateTerms): number {
    const { clock } = this.services;
    const now = clock.now();
    const blockedMs = state.breaker?.blockedMs(now);
    if (blockedMs !== undefined) throw circuitOpen(state, blockedMs);
    const restMs = state.restsUntil - now;
    if (restMs <= 0) return 0;
    const rest: Rest = {
      waitMs: restMs,
      failureClass: state.restCause?.failureClass,
      refusal: (why) => coolingDown(state, restMs, why),
    };
    return restWait({ ...terms, clock }, rest, scope);
  }

  #knownState(target: Target): TargetState | undefined {
    return this.#targets.get(boundedName(nameOf(target)));
  }

  #pass(
    target: Target,
    state: TargetState,
    keySlots: SlotQueue | undefined,
    table: DecisionTable,
    waitedMs: number,
    since: number,
  ): GatePass {
    const { clock } = this.services;
    const { coolDown } = this.#settings;
    return new TargetPass({ clock, table, state, target, keySlots, coolDown }, waitedMs, since);
  }

  #stateOf(target: Target): TargetState {
    const name = nameOf(target);
    const key = boundedName(name);
    const known = this.#targets.get(key);
    if (known !== undefined) return known;
    if (this.#targets.size >= MOST_TARGETS) this.#makeRoom();
    const state = new TargetState(name, this.#newBreaker(), this.#limitOf(name));
    this.#targets.set(key, state);
    return state;
  }

  #newBreaker(turn?: number): Breaker | undefined {
    const { breaker } = this.#settings;
    return breaker === undefined ? undefined : new Breaker(breaker, this.services.random, turn);
  }

  #limitOf(name: string): number {
    const { perTarget, targets } = this.#settings;
    return targets.get(name) ?? perTarget;
  }

  /** Forgets what is closed first, and nothing that is under way: there is no more of that than there are calls. */
  #makeRoom(): void {
    const now = this.services.clock.now();
    const isIdle = ({ slots }: TargetState): boolean => slots.isIdle;
    for (const mayGo of [(state: TargetState) => state.isPlain(now), isIdle])
      for (const [key, state] of this.#targets) {
        if (this.#targets.size < MOST_TARGETS) return;
        if (mayGo(state)) this.#targets.delete(key);
      }
  }

  /** Where keys have a limit: the slots of a provider that has one key. Those of several are given with the key. */
  #keySlots({ provider }: Target): SlotQueue | undefined {
    const limit = this.#settings.perKey;
    if (limit === undefined || hasSeveralKeys(provider)) return undefined;
    const known = this.#keys.get(provider.id);
    if (known !== undefined) return known;
    const slots = new SlotQueue(`the key of "${provider.id}"`, limit);
    this.#keys.set(provider.id, slots);
    return slots;
  }
}
