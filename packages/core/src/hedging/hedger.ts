import type { Clock } from '../contract/clock.js';
import type { CompletionRequest, ModelRequest } from '../contract/request.js';
import { InvalidRequestError } from '../errors/caller-errors.js';
import type { CallScope } from '../pipeline/call-scope.js';
import type { Latencies } from '../pipeline/latency-book.js';
import type { Target } from '../registry/target.js';
import { withDefaults } from '../schema/with-defaults.js';
import { CallHedge } from './call-hedge.js';
import type { HedgeCap, HedgeCaps, HedgeEntry, HedgeLedger } from './hedge-ledger.js';
import {
  DEFAULT_HEDGE,
  DEFAULT_MAX_SHARE,
  type HedgeOptions,
  type HedgeSettings,
  type HedgingOptions,
} from './hedge-options.js';
import { notHedged } from './not-hedged.js';

// Whoever loads the one needs the other: one file less to find.
export { HedgeLedger } from './hedge-ledger.js';

/** US dollars that a request costs at a target at most; undefined when that is not known. */
export type PriceOf = (request: ModelRequest, target: Target | undefined) => number | undefined;

export interface HedgerTerms {
  /** Of the gateway; absent where only routes have some. */
  readonly options: HedgingOptions | undefined;
  readonly latencies: Latencies;
  readonly ledger: HedgeLedger;
  /** Absent where nothing is limited by it. */
  readonly priceOf: PriceOf | undefined;
  readonly clock: Clock;
}

/** What of a call is known before its targets are. */
export interface HedgeSubject {
  readonly request: ModelRequest;
  readonly scope: CallScope;
  /** What its route says. */
  readonly ofRoute?: boolean | HedgeOptions | undefined;
  /** Targets that could be asked. */
  readonly targets: number;
}

const isStream = (request: ModelRequest): request is CompletionRequest =>
  request.kind === 'completion' && request.delivery === 'stream';

const hasImages = ({ outputModalities = [] }: CompletionRequest): boolean => outputModalities.includes('image');

/** Why a call has no second attempt whatever happens. */
const exclusionOf = ({ request, targets }: HedgeSubject, settings: HedgeSettings): string | undefined => {
  if (!isStream(request)) return 'a whole answer has no first content to be late. Ask for `delivery: "stream"`';
  if (hasImages(request)) return 'images would be made, and paid, twice';
  if (request.tools !== undefined && !settings.tools)
    return 'it has tools, and a provider might run some of them twice. Set `tools: true` if none does';
  if (targets < 2 && !settings.sameTarget)
    return 'there is no other target. Ask for a route, or set `sameTarget: true` to ask the same one';
  return undefined;
};

const optionsOf = (given: boolean | HedgeOptions | undefined): HedgeOptions | undefined =>
  typeof given === 'object' ? given : undefined;

/** What the receipt says of a second attempt that a limit was in the way of. */
const CAPPED: Readonly<Record<HedgeCap, (caps: HedgeCaps) => string>> = {
  share: ({ maxShare }) => `as many calls as may have had one (\`hedging.maxShare\`: ${maxShare}).`,
  price: () => 'what an answer costs at most is not known, and `hedging.maxUsdPerHour` is set. Give `maxOutputTokens`.',
  money: ({ maxUsdPerHour }) => `the money for it is spent (\`hedging.maxUsdPerHour\`: ${maxUsdPerHour}).`,
};

/** Decides which calls of a gateway may have a second attempt, and keeps them within what they may cost. */
export class Hedger {
  /** By what the route says. */
  readonly #settings = new Map<HedgeSubject['ofRoute'], HedgeSettings>();

  constructor(private readonly terms: HedgerTerms) {}

  get clock(): Clock {
    return this.terms.clock;
  }

  /** Undefined for a call without. @throws InvalidRequestError when a call asks for what it cannot have, and is strict */
  forCall(subject: HedgeSubject): CallHedge | undefined {
    const { request, scope, ofRoute } = subject;
    const { options, latencies, ledger } = this.terms;
    const ofCall = scope.facts.hedging;
    const isWanted = ofCall ?? ofRoute ?? (options !== undefined && options.calls !== 'asked');
    // Whole answers are most calls of many hosts, and who does not ask for it hears nothing of a reason.
    if (isWanted === false || (ofCall === undefined && !isStream(request))) return undefined;
    const settings = this.#settingsFor(ofRoute, ofCall);
    const exclusion = exclusionOf(subject, settings);
    if (exclusion !== undefined) {
      if (ofCall !== undefined) this.#refuse(exclusion, scope);
      return undefined;
    }
    ledger.call();
    return new CallHedge(this, settings, scope, latencies[request.delivery], (targets) => this.#take(subject, targets));
  }

  /** Made once for each route, and anew for a call that has some of its own. */
  #settingsFor(ofRoute: HedgeSubject['ofRoute'], ofCall: HedgeSubject['ofRoute']): HedgeSettings {
    const known = typeof ofCall === 'object' ? undefined : this.#settings.get(ofRoute);
    if (known !== undefined) return known;
    const { calls: _, maxShare: __, maxUsdPerHour: ___, ...ofGateway } = this.terms.options ?? {};
    const settings = withDefaults<HedgeSettings>(DEFAULT_HEDGE, ofGateway, optionsOf(ofRoute), optionsOf(ofCall));
    if (typeof ofCall !== 'object') this.#settings.set(ofRoute, settings);
    return settings;
  }

  /** A call that says nothing of it itself hears nothing either: most have a reason. */
  #refuse(exclusion: string, scope: CallScope): void {
    const message = `has no effect: ${exclusion}.`;
    if (scope.facts.strict) throw new InvalidRequestError([{ field: 'hedging', message }]);
    scope.warn({ code: 'not-hedged', field: 'hedging', message: `\`hedging\` ${message}` });
  }

  #take({ request, scope }: HedgeSubject, targets: readonly (Target | undefined)[]): HedgeEntry | undefined {
    const { options = {}, ledger, priceOf } = this.terms;
    const caps = { maxShare: options.maxShare ?? DEFAULT_MAX_SHARE, maxUsdPerHour: options.maxUsdPerHour };
    const prices = priceOf === undefined ? [] : targets.map((target) => priceOf(request, target));
    const known = prices.filter((usd) => usd !== undefined);
    const usd = known.length === 0 || known.length < prices.length ? undefined : Math.max(...known);
    const cap = ledger.capOf(caps, usd);
    if (cap !== undefined) notHedged(scope, CAPPED[cap](caps));
    return ledger.take(caps, usd);
  }
}
