import type { Delivery, Secret } from '@headrace/core/plugin';

type Headers = Readonly<Record<string, string>>;

const ACCEPT = { stream: 'text/event-stream', whole: 'application/json' } as const;

/**
 * The headers of completions that ask for none of their own. Made once for each credential that stays, so that the
 * transport need not check them again: frozen objects that it has seen are good. They live as long as the credential does.
 */
export class CompletionHeaders {
  // Not a field that prints: the values hold credentials.
  readonly #ofToken = new WeakMap<Secret, Map<Delivery, Headers>>();
  readonly #ofAll: Headers;

  /** @param ofAll sent with every call */
  constructor(ofAll: Headers) {
    this.#ofAll = ofAll;
  }

  of(token: Secret, delivery: Delivery): Headers {
    let made = this.#ofToken.get(token);
    if (made === undefined) {
      made = new Map();
      this.#ofToken.set(token, made);
    }
    const known = made.get(delivery);
    if (known !== undefined) return known;
    const headers = Object.freeze(this.with(token, delivery, {}));
    made.set(delivery, headers);
    return headers;
  }

  /** @param more of this call alone */
  with(token: Secret, delivery: Delivery, more: Headers): Headers {
    return {
      ...this.#ofAll,
      ...more,
      accept: ACCEPT[delivery],
      authorization: `Bearer ${token.reveal()}`,
      'content-type': 'application/json',
    };
  }
}
