import type { ModelInfo } from '../contract/model-info.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import type { Routes } from '../registry/routes.js';
import type { Target } from '../registry/target.js';
import { fingerprintOf } from './cache-key.js';

/** What is not known of yet, and what there are no facts of. */
const UNKNOWN = '-';

/**
 * Which facts a request is fitted by. What a model takes, and what is written into the messages for one that does not take it, goes by
 * them, and they may change while the gateway serves: a catalogue is read anew.
 */
export class FactsVersion {
  /** Facts are replaced, never changed in place. */
  readonly #digests = new WeakMap<ModelInfo, string>();

  constructor(
    private readonly models: Pick<ModelRegistry, 'resolveNow'>,
    private readonly routes: Routes | undefined,
  ) {}

  /** One word for the facts of all models that may serve it: equal as long as they say the same, wherever they come from. */
  of(reference: string): string {
    const targets = this.routes?.get(reference)?.targets;
    if (targets === undefined) return this.#digestOf(reference);
    return targets.map((target) => this.#digestOf(target.reference)).join();
  }

  #digestOf(reference: string): string {
    const info = this.#resolve(reference)?.info;
    if (info === undefined) return UNKNOWN;
    const known = this.#digests.get(info);
    if (known !== undefined) return known;
    const digest = fingerprintOf({ ...info, provenance: undefined, factProvenance: undefined });
    this.#digests.set(info, digest);
    return digest;
  }

  #resolve(reference: string): Target | undefined {
    try {
      return this.models.resolveNow(reference);
    } catch {
      // The plan says so: there is no such model.
      return undefined;
    }
  }
}
