import type { Delivery, Secret } from '@headrace/core/plugin';

export type Headers = Readonly<Record<string, string>>;

/** Of a call that has none of its own. */
export const NO_HEADERS: Headers = Object.freeze({});

const JSON_TYPE = 'application/json';
const ACCEPT = { stream: 'text/event-stream', whole: JSON_TYPE } as const;

/**
 * The headers of calls. Those of calls that ask for none of their own are made once for each key that stays, so that the
 * transport need not check them again: frozen objects that it has seen are good. They live as long as the key does.
 */
export class CallHeaders {
  // Not fields that print: the values hold keys.
  readonly #ofKey = new WeakMap<Secret, Map<Delivery, Headers>>();
  readonly #ofNone = new Map<Delivery, Headers>();
  readonly #ofAll: Headers;
  readonly #keyHeader: (key: string) => Headers;

  /**
   * @param ofAll sent with every call.
   * @param keyHeader the header that carries a key.
   */
  constructor(ofAll: Headers, keyHeader: (key: string) => Headers) {
    this.#ofAll = ofAll;
    this.#keyHeader = keyHeader;
  }

  of(key: Secret | undefined, delivery: Delivery): Headers {
    const made = key === undefined ? this.#ofNone : this.#madeFor(key);
    const known = made.get(delivery);
    if (known !== undefined) return known;
    const headers = Object.freeze(this.with(key, delivery, NO_HEADERS));
    made.set(delivery, headers);
    return headers;
  }

  /**
   * @param more of this call alone; what the call itself needs comes before them.
   * @param contentType of the body.
   */
  with(key: Secret | undefined, delivery: Delivery, more: Headers, contentType = JSON_TYPE): Headers {
    return {
      ...this.#ofAll,
      ...more,
      accept: ACCEPT[delivery],
      ...this.#keyOf(key),
      'content-type': contentType,
    };
  }

  /** Of a request without a body, whose answer may be long and much the same throughout: a list of models. */
  bare(key: Secret | undefined): Headers {
    return { ...this.#ofAll, accept: ACCEPT.whole, 'accept-encoding': 'gzip, br', ...this.#keyOf(key) };
  }

  #keyOf(key: Secret | undefined): Headers {
    return key === undefined ? NO_HEADERS : this.#keyHeader(key.reveal());
  }

  #madeFor(key: Secret): Map<Delivery, Headers> {
    let made = this.#ofKey.get(key);
    if (made === undefined) {
      made = new Map();
      this.#ofKey.set(key, made);
    }
    return made;
  }
}
