import type { Delivery, Secret } from '@headrace/core/plugin';

type Headers = Readonly<Record<string, string>>;

const ACCEPT = { stream: 'text/event-stream', whole: 'application/json' } as const;

/**
 * The headers of messages. Those of calls that ask for none of their own are made once for each key, so that the transport
 * need not check them again: frozen objects that it has seen are good. They live as long as the key does.
 */
export class MessageHeaders {
  // Not a field that prints: the values hold keys.
  readonly #ofKey = new WeakMap<Secret, Map<Delivery, Headers>>();
  readonly #ofAll: Headers;
  readonly #betas: readonly string[];

  /** @param ofAll sent with every call */
  constructor(ofAll: Headers, betas: readonly string[]) {
    this.#ofAll = ofAll;
    this.#betas = betas;
  }

  of(key: Secret, delivery: Delivery, betas: readonly string[]): Headers {
    if (betas.length > 0) return this.#made(key, delivery, [...new Set([...this.#betas, ...betas])]);
    let ofDelivery = this.#ofKey.get(key);
    if (ofDelivery === undefined) {
      ofDelivery = new Map();
      this.#ofKey.set(key, ofDelivery);
    }
    const known = ofDelivery.get(delivery);
    if (known !== undefined) return known;
    const headers = Object.freeze(this.#made(key, delivery, this.#betas));
    ofDelivery.set(delivery, headers);
    return headers;
  }

  #made(key: Secret, delivery: Delivery, betas: readonly string[]): Headers {
    return {
      ...this.#ofAll,
      ...(betas.length === 0 ? {} : { 'anthropic-beta': betas.join(',') }),
      accept: ACCEPT[delivery],
      'content-type': 'application/json',
      'x-api-key': key.reveal(),
    };
  }
}
