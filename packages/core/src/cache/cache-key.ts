import { hash } from 'node:crypto';
import type { ModelRequest } from '../contract/request.js';
import type { CallFacts } from '../pipeline/call-scope.js';
import { canonicalText } from './canonical-text.js';

/** What an answer depends on beside the request. */
export interface KeyTerms {
  /** What a reference means in this gateway. */
  readonly fingerprint: string;
  /** By which facts of its models it is fitted; see `FactsVersion`. */
  readonly facts: string;
  readonly acrossEndUsers: boolean;
}

/** The same answer is delivered in either form. */
const DELIVERY = ['delivery'];
const DELIVERY_AND_END_USER = ['delivery', 'endUser'];

/** A text of whatever length as one of 64 characters. Not base64url: Node makes that one of another, at the price of the hash itself. */
const digestOf = (text: string): string => hash('sha256', text, 'hex');

/** What a reference depends on in a gateway, as one word. */
export const fingerprintOf = (meaning: unknown): string => digestOf(canonicalText(meaning));

/**
 * The key of an answer: a hash, so that no prompt stands in it. Equal for equal calls of one tenant, however they want
 * their answer delivered. `strict` is in it: what such a call would have been refused, it must not get from another.
 * So are the layers of parameters: a target's own may come between them.
 */
export const cacheKey = (
  request: ModelRequest,
  { tenant, strict, layers }: Pick<CallFacts, 'tenant' | 'strict' | 'layers'>,
  { fingerprint, facts, acrossEndUsers }: KeyTerms,
): string => {
  const asked = canonicalText(request, acrossEndUsers ? DELIVERY_AND_END_USER : DELIVERY);
  const terms = `["2",${canonicalText(tenant)},"${fingerprint}","${facts}",${strict},${canonicalText(layers)}`;
  return digestOf(`${terms},${asked}]`);
};

/**
 * The key under which calls share one upstream call. They are to get it in the same form and on the same terms: an error
 * that one of them gets is then one that each would have got.
 */
export const flightKey = (
  key: string,
  { delivery }: ModelRequest,
  { attempts, clocks, recovery, hedging }: CallFacts,
): string => `${key} ${delivery} ${attempts.limit} ${canonicalText([clocks, recovery, hedging])}`;
