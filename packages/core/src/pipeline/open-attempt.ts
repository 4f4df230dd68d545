import type { ModelRequest } from '../contract/request.js';
import type { EventBatch, ResponseEndEvent, ResponseStartEvent, StreamEvent } from '../contract/stream-event.js';
import type { Cost, TokenUsage } from '../contract/usage.js';
import { GatewayError, type UpstreamDetail } from '../errors/gateway-error.js';
import type { Target } from '../registry/target.js';
import type { Writable } from '../schema/writable.js';
import type { NestedAttempts } from './delegated-attempts.js';
import { failureRecord } from './failure-record.js';
import { interruptedUsage } from './interrupted-usage.js';
import type { AttemptRecord } from './receipt.js';
import { COMPLETE, type Ending, type OpenStream, type StreamTap, withTap } from './stage.js';
import { TextMeasure } from './text-measure.js';

/** What an attempt needs of the record of its call. */
export interface AttemptKeeper {
  elapsedMs(): number;
  /** The target whose answer the caller gets. @param elapsedMs as `elapsedMs()` says, for who has asked already */
  commit(target: Target, elapsedMs?: number): void;
  /** What an answer costs: as the upstream says, otherwise by list price. */
  costOf(end: Pick<ResponseEndEvent, 'cost' | 'usage' | 'units'>, target: Target): Cost | undefined;
}

/** One attempt while it runs, and what is known of it afterwards. */
export class OpenAttempt implements StreamTap {
  /** Set by who lets the upstream make tries of its own. */
  nested: NestedAttempts | undefined = undefined;
  /** Set by who keeps something for it: hears once that it has ended. */
  onOver: (() => void) | undefined = undefined;
  readonly #startedAfterMs: number;
  /** Undefined while it runs. */
  #ending: Ending | undefined = undefined;
  #durationMs = 0;
  #firstContentMs: number | undefined = undefined;
  #wasSent = false;
  #start: ResponseStartEvent | undefined = undefined;
  #end: ResponseEndEvent | undefined = undefined;
  /** Made for streams: a whole answer tells what it used, or was none. Arguments of tools count as text. */
  #text: TextMeasure | undefined = undefined;
  #reasoning: TextMeasure | undefined = undefined;

  constructor(
    private readonly call: AttemptKeeper,
    private readonly request: ModelRequest,
    private readonly target: Target,
    private readonly waitedMs: number,
    private readonly key: string | undefined,
    private readonly isHedge = false,
  ) {
    this.#startedAfterMs = call.elapsedMs();
  }

  get isOver(): boolean {
    return this.#ending !== undefined;
  }

  /** Whether somebody may charge for it, as far as is known: false once it ended unsent, or refused with an error and no more. */
  get mayBeBilled(): boolean {
    const ending = this.#ending;
    if (ending === undefined) return true;
    if (!this.#wasSent) return false;
    const told = ending.outcome === 'failed' && GatewayError.is(ending.error) ? ending.error.upstream : undefined;
    const isRefused = told?.status !== undefined && this.#firstContentMs === undefined;
    return !isRefused || told.usage !== undefined || told.cost !== undefined;
  }

  /** The upstream may have begun to work: there was a connection to send the request over. */
  sent(): void {
    this.#wasSent = true;
  }

  /** The first content is there, or the whole answer: from here on the attempt watches what comes. */
  opened(open: OpenStream): OpenStream {
    this.#wasSent = true;
    const elapsedMs = this.call.elapsedMs();
    this.#firstContentMs = elapsedMs - this.#startedAfterMs;
    this.call.commit(this.target, elapsedMs);
    if (open.rest !== undefined) return withTap(open, this);
    for (const { events } of open.held) for (const event of events) this.#note(event);
    this.#over(COMPLETE, elapsedMs);
    return open;
  }

  onBatch({ events }: EventBatch): void {
    for (const event of events) {
      switch (event.type) {
        case 'text-delta':
          this.#text ??= new TextMeasure();
          this.#text.add(event.text);
          break;
        case 'reasoning-delta':
          this.#reasoning ??= new TextMeasure();
          this.#reasoning.add(event.text);
          break;
        case 'tool-call-delta':
          this.#text ??= new TextMeasure();
          this.#text.add(event.argumentsJson);
          break;
        default:
          this.#note(event);
      }
    }
  }

  #note(event: StreamEvent): void {
    if (event.type === 'response-start') this.#start = event;
    else if (event.type === 'response-end') this.#end = event;
  }

  /** The first ending counts. */
  onEnd(ending: Ending): void {
    if (this.#ending === undefined) this.#over(ending, this.call.elapsedMs());
  }

  #over(ending: Ending, elapsedMs: number): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    if (!this.#wasSent) this.nested?.settle(1);
    this.#durationMs = elapsedMs - this.#startedAfterMs;
    this.onOver?.();
  }

  /** Of an attempt that has ended. */
  record(): AttemptRecord {
    const ending = this.#ending ?? COMPLETE;
    const { provider, model } = this.target;
    const record: Writable<AttemptRecord> = {
      provider: provider.id,
      model,
      startedAfterMs: this.#startedAfterMs,
      durationMs: this.#durationMs,
      waitedMs: this.waitedMs,
      sent: this.#wasSent,
      outcome: ending.outcome,
    };
    if (provider.origin !== undefined) record.origin = provider.origin;
    if (this.key !== undefined) record.key = this.key;
    if (this.isHedge) record.role = 'hedge';
    if (this.#firstContentMs !== undefined) record.firstContentMs = this.#firstContentMs;
    if (this.#start !== undefined) {
      record.responseId = this.#start.responseId;
      record.responseModel = this.#start.model;
    }
    if (this.nested !== undefined) record.nestedAttempts = this.nested.used;
    const end = this.#end;
    const told = ending.outcome === 'failed' && GatewayError.is(ending.error) ? ending.error.upstream : undefined;
    if (ending.outcome === 'failed') record.failure = failureRecord(ending.error);
    const tries = end?.upstreamAttempts ?? told?.attempts;
    if (tries !== undefined) record.upstreamAttempts = tries;
    const usage = end === undefined ? this.#interrupted(ending, told) : end.usage;
    if (usage !== undefined) record.usage = usage;
    const cost = end === undefined ? this.#costOf(usage, told) : this.call.costOf(end, this.target);
    if (cost !== undefined) record.cost = cost;
    return record;
  }

  /** Nothing was used by what was not sent, and nothing, as far as anybody says, by what was refused with an error. */
  #interrupted({ outcome }: Ending, told: UpstreamDetail | undefined): TokenUsage | undefined {
    if (told?.usage !== undefined) return told.usage;
    if (!this.#wasSent || outcome === 'complete') return undefined;
    const text = this.#text?.bytes ?? 0;
    const reasoning = this.#reasoning?.bytes ?? 0;
    if (told?.status !== undefined && text + reasoning === 0) return undefined;
    return interruptedUsage(this.request, { text, reasoning });
  }

  #costOf(usage: TokenUsage | undefined, told: UpstreamDetail | undefined): Cost | undefined {
    if (told?.cost !== undefined) return told.cost;
    return usage === undefined ? undefined : this.call.costOf({ usage }, this.target);
  }
}
