import {
  type CallContext,
  type EventBatch,
  GatewayError,
  type ModelRequest,
  type Provider,
  type ProviderModule,
  type StreamEvent,
} from '@headrace/core/plugin';
import type { KeyedTarget, ProviderTarget } from '../../conformance-spec.js';
import type { Defect, Heard, Progress } from '../defect.js';
import { ReferenceProvider, referenceModule } from '../reference-provider.js';

/** The reference provider with one thing wrong, which one scenario finds. */
export interface Mutant {
  /** Name of the scenario. */
  readonly scenario: string;
  readonly create: (target: ProviderTarget) => Provider;
  readonly module: (target: ProviderTarget) => ProviderModule;
  /** With several keys; as the reference provider does it, unless this is given. */
  readonly createWithKeys?: (target: KeyedTarget) => Provider;
  /** What is wrong inside, where the fault lies there. */
  readonly defect?: (target: ProviderTarget) => Defect;
  /** What it does in another way than the provider inside it, where the fault lies around it. */
  readonly wrap?: (provider: Provider, target: ProviderTarget) => Partial<Provider>;
  /** Whether the scenario waits for it in vain. */
  readonly hangs?: boolean;
  /** Whether its module registers it in a way of its own. */
  readonly hasOwnModule?: boolean;
}

/** A mutant whose fault lies inside. */
export const defective = (scenario: string, fault: Defect | ((target: ProviderTarget) => Defect)): Mutant => {
  const of = (target: ProviderTarget): Defect => (typeof fault === 'function' ? fault(target) : fault);
  return {
    scenario,
    defect: of,
    create: (target) => new ReferenceProvider(target, of(target)),
    module: (target) => referenceModule(target, of(target)),
  };
};

/** A mutant whose scenario waits for it in vain. */
export const hanging = (mutant: Mutant): Mutant => ({ ...mutant, hangs: true });

/** A mutant that does some of what a provider does in another way. */
export const wrapped = (
  scenario: string,
  wrap: NonNullable<Mutant['wrap']>,
): Mutant => ({
  scenario,
  wrap,
  create: (target) => {
    const provider = new ReferenceProvider(target);
    return {
      id: provider.id,
      kinds: provider.kinds,
      listModels: () => provider.listModels(),
      call: (request, context) => provider.call(request, context),
      close: () => provider.close(),
      ...wrap(provider, target),
    };
  },
  module: (target) => referenceModule(target),
});

/** One call of a provider that is to be spoilt. */
export interface SpoiltCall {
  readonly request: ModelRequest;
  readonly context: CallContext;
  readonly provider: Provider;
}

/** A mutant that hands over other batches, or at other times. */
export const rebatching = (
  scenario: string,
  rebatch: (batches: AsyncIterable<EventBatch>, call: SpoiltCall) => AsyncIterable<EventBatch>,
): Mutant =>
  wrapped(scenario, (provider) => ({
    call: (request, context) => rebatch(provider.call(request, context), { request, context, provider }),
  }));

/** A mutant that makes something else of one event. */
export const saying = (
  scenario: string,
  said: (event: StreamEvent, request: ModelRequest) => readonly StreamEvent[],
): Mutant => defective(scenario, { said });

/** A mutant that makes another text of a piece. */
export const mistelling = (
  scenario: string,
  retell: (text: string, request: ModelRequest) => string,
): Mutant =>
  saying(scenario, (event, request) => {
    if (event.type !== 'text-delta') return [event];
    const text = retell(event.text, request);
    return text === '' ? [] : [{ ...event, text }];
  });

/** A mutant that reads other bytes than came where `spots` says so. */
export const misreading = (
  scenario: string,
  spots: (bytes: string, heard: Heard) => boolean,
  instead: (bytes: string, heard: Heard) => string = () => '',
): Mutant =>
  defective(scenario, {
    read: (bytes, heard) => {
      const text = bytes.toString('latin1');
      return spots(text, heard) ? Buffer.from(instead(text, heard), 'latin1') : bytes;
    },
  });

/** A mutant that throws another error for one that `spots` knows. */
export const misjudging = (
  scenario: string,
  spots: (error: GatewayError, progress: Progress) => boolean,
  instead: (error: GatewayError) => unknown,
): Mutant =>
  defective(scenario, {
    failed: (error, progress) =>
      GatewayError.is(error) && spots(error, progress) ? instead(error) : error,
  });

/** A mutant that leaves connections open, whose end the scenario waits for. */
export const keeping = (scenario: string, keeps: (progress: Progress) => boolean): Mutant =>
  hanging(defective(scenario, { keeps }));

/** A mutant that sends another body. */
export const missending = (scenario: string, rewrite: (body: string, request: ModelRequest) => string): Mutant =>
  defective(scenario, { sent: (sent, request) => ({ ...sent, body: rewrite(sent.body, request) }) });

/** A streamed answer that is over. */
export const EMPTY_END = 'data: {"id":"x","model":"m","choices":[{"delta":{},"finish_reason":"stop"}]}\n\n';

/** A whole answer without text. */
export const EMPTY_REPLY = '{"id":"x","model":"m","choices":[{"message":{"content":""},"finish_reason":"stop"}]}';

/** An empty answer as events. */
export const EMPTY_BATCH: EventBatch = {
  events: [
    { type: 'response-start', responseId: 'x', model: 'm' },
    { type: 'response-end', reason: 'stop', rawReason: 'stop' },
  ],
};

/** The text of a batch. */
export const textOf = ({ events }: EventBatch): string =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');

export const isEnd = ({ events }: EventBatch): boolean => events.some(({ type }) => type === 'response-end');
