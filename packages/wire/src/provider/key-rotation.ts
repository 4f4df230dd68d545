import {
  type CallContext,
  type Clock,
  type GatewayError,
  type KeyRing,
  loadKeyRing,
  type Secret,
} from '@headrace/core/plugin';
import type { NamedKey } from './named-keys.js';

/** One of several keys, as a call is to send it. */
export interface KeyInTurn {
  readonly token: Secret;
  readonly method: 'api-key';
  readonly source: 'apiKeys';
  readonly name: string;
  /** Hears how its call went. Absent where a gateway chose the key and hears of it. @param failure absent when it was answered */
  readonly judge?: (failure: GatewayError | undefined, context: Pick<CallContext, 'warn'>) => void;
}

/** Which of several keys a call sends: the one that a gateway names, or the next in turn for calls without a gateway. */
export class KeyRotation {
  readonly #keys: ReadonlyMap<string, KeyInTurn>;
  readonly #provider: string;
  readonly #clock: Clock;
  #ring: Promise<KeyRing> | undefined;

  constructor(provider: string, keys: readonly NamedKey[], clock: Clock) {
    this.#keys = new Map(
      keys.map(({ name, token }) => [name, { token, method: 'api-key', source: 'apiKeys', name } as const]),
    );
    this.#provider = provider;
    this.#clock = clock;
  }

  /** @param model that the call is for; none: a list of models or the like. @throws, or rejects with, the error that says that no key is ready */
  find(name: string | undefined, model?: string): KeyInTurn | Promise<KeyInTurn> {
    const named = name === undefined ? undefined : this.#keys.get(name);
    return named ?? this.#inTurn(model);
  }

  async #inTurn(model: string | undefined): Promise<KeyInTurn> {
    const [only, ...others] = this.#keys.values();
    if (only !== undefined && others.length === 0) return only;
    this.#ring ??= loadKeyRing(this.#provider, [...this.#keys.keys()]);
    const ring = await this.#ring;
    const now = this.#clock.now();
    const lease = ring.take(model, now);
    const key = lease === undefined ? undefined : this.#keys.get(lease.name);
    if (lease === undefined || key === undefined) throw ring.refusal(model, now);
    return {
      ...key,
      judge: (failure, context) => {
        if (failure === undefined) ring.served(lease);
        const warning = failure === undefined ? undefined : ring.failed(lease, failure, this.#clock.now());
        if (warning !== undefined) context.warn(warning);
      },
    };
  }
}
