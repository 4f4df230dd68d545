import { type CallContext, type EventBatch, GatewayError, type Provider, TransportError } from '@headrace/core/plugin';
import { testContext } from '../../../context/test-context.js';
import { collectUntilError } from '../../../stream/collect.js';
import { defective, isEnd, keeping, type Mutant, rebatching, textOf, wrapped, hanging } from './mutant.js';

/** Another error in place of the reason, by how far the call had come. */
const wrapping = (
  scenario: string,
  spots: (context: CallContext, text: string, wasCancelled: boolean) => boolean,
): Mutant =>
  rebatching(scenario, async function* (batches, { context }) {
    const wasCancelled = context.cancelled;
    let text = '';
    try {
      for await (const batch of batches) {
        text += textOf(batch);
        yield batch;
      }
    } catch (error) {
      if (context.cancelled && spots(context, text, wasCancelled)) throw new TransportError('aborted', { cause: error });
      throw error;
    }
  });

/** Whether a test context was told of a connection; any other is taken to be. */
const isConnected = (context: CallContext): boolean =>
  !('phases' in context) ||
  (context as ReturnType<typeof testContext>).phases.some(({ phase }) => phase === 'connected');

const leftBehind = (scenario: string, when: 'whole' | 'failed' | 'left'): Mutant =>
  rebatching(scenario, async function* (batches, { context }) {
    let how: typeof when = 'left';
    try {
      for await (const batch of batches) {
        if (isEnd(batch)) how = 'whole';
        yield batch;
      }
    } catch (error) {
      how = 'failed';
      throw error;
    } finally {
      if (how === when && !context.cancelled) context.onCancel(() => undefined);
    }
  });

/** The iterator of a call, with some of its methods done in another way. */
const iterating = (
  scenario: string,
  change: (
    inner: AsyncIterator<EventBatch>,
    again: () => AsyncIterator<EventBatch>,
  ) => Partial<AsyncIterator<EventBatch>>,
): Mutant =>
  wrapped(scenario, (provider) => ({
    call: (request, context) => ({
      [Symbol.asyncIterator]: () => {
        const start = (): AsyncIterator<EventBatch> => provider.call(request, context)[Symbol.asyncIterator]();
        const inner = start();
        return {
          next: () => inner.next(),
          return: async () => (await inner.return?.()) ?? { done: true, value: undefined },
          ...change(inner, start),
        };
      },
    }),
  }));

const isCompletion = ({ request }: { readonly request: { readonly kind: string } }): boolean =>
  request.kind === 'completion';

const UNARY = [
  ['embedding', 'an embedding'],
  ['reranking', 'a reranking'],
  ['image', 'an image'],
] as const;

const eager = (provider: Provider): Provider['call'] => (request, context) => {
  let isTouched = false;
  setImmediate(() => {
    if (!isTouched && !context.cancelled) void collectUntilError(provider.call(request, testContext()));
  });
  return {
    [Symbol.asyncIterator]: () => {
      isTouched = true;
      return provider.call(request, context)[Symbol.asyncIterator]();
    },
  };
};

const CANCELLED: readonly Mutant[] = [
  rebatching('sends nothing when it is cancelled before it starts', async function* (batches, call) {
    if (call.context.cancelled) await collectUntilError(call.provider.call(call.request, testContext()));
    yield* batches;
  }),
  wrapping(
    'throws the reason when it is cancelled while connecting',
    (context, _text, wasCancelled) => !wasCancelled && !isConnected(context),
  ),
  defective('stops sending its request when it is cancelled in the middle of it', {
    keeps: ({ isSent }) => !isSent,
  }),
  keeping('closes the connection when it is cancelled while it waits for its reader', ({ isPaused }) => isPaused),
  keeping(
    'closes the connection when it is cancelled while waiting for headers',
    (call) => isCompletion(call) && call.request.delivery === 'stream' && call.isSent && !call.hasHeaders && !call.isTelling,
  ),
  keeping(
    'closes the connection when it is cancelled while waiting for a whole answer',
    (call) => isCompletion(call) && call.request.delivery === 'whole' && !call.hasHeaders,
  ),
  keeping(
    'closes the connection when it is cancelled while waiting for the first content',
    (call) => call.request.delivery === 'stream' && call.hasHeaders && !call.hasBytes && !call.isTelling,
  ),
  keeping(
    'closes the connection when it is cancelled in the middle of a whole answer',
    (call) => isCompletion(call) && call.request.delivery === 'whole' && call.hasBytes,
  ),
  keeping(
    'closes the connection when it is cancelled while streaming',
    ({ text, context }) => text.startsWith('a') && context.cancelled,
  ),
  wrapped('gives its whole answer when it is cancelled after the end', (provider) => {
    let last: CallContext | undefined;
    return {
      call: async function* (request, context) {
        if (last?.cancelled === true) throw new TransportError('spoilt by the call before');
        let isWhole = false;
        for await (const batch of provider.call(request, context)) {
          isWhole ||= isEnd(batch);
          yield batch;
        }
        if (isWhole) last = context;
      },
    };
  }),
  keeping(
    'closes the connection when the reader leaves early',
    ({ text, context }) => text.startsWith('a') && !context.cancelled,
  ),
  wrapped('sends nothing until it is read', (provider) => ({ call: eager(provider) })),
  wrapping(
    'throws the reason when it is cancelled between the content and the proof of its end',
    (_context, text) => text === 'f',
  ),
  keeping('closes the connection of a cancelled call that nobody reads', ({ text, context }) => text.startsWith('c') && context.cancelled),
  hanging(
defective('is cancelled from within a report of its own phase', () => {
    let wasTelling = false;
    return {
      keeps: ({ isTelling }) => {
        wasTelling ||= isTelling;
        return wasTelling;
      },
    };
  }),
),
  wrapping('throws a reason that is no object as it is', ({ cancelReason }) => !cancelReason),
  ...UNARY.map(([kind, name]) =>
    keeping(`closes the connection when ${name} request is cancelled`, ({ request }) => request.kind === kind),
  ),
  hanging(
defective('ends its calls when the gateway is disposed', () => {
    let isDisposed = false;
    return {
      keeps: ({ context: { cancelReason } }) => {
        isDisposed ||= GatewayError.is(cancelReason) && cancelReason.code === 'gateway-disposed';
        return isDisposed;
      },
      leavesOpen: () => isDisposed,
    };
  }),
),
];

const LEFT: readonly Mutant[] = [
  leftBehind('lets go of its cancelling when the answer is whole', 'whole'),
  leftBehind('lets go of its cancelling when the call fails', 'failed'),
  leftBehind('lets go of its cancelling when the reader leaves', 'left'),
  iterating('sends nothing for a reader who leaves before the first look', (inner) => {
    let isStarted = false;
    return {
      next: () => {
        isStarted = true;
        return inner.next();
      },
      return: async () => {
        if (!isStarted) await inner.next();
        return (await inner.return?.()) ?? { done: true, value: undefined };
      },
    };
  }),
  iterating('stays at its end when it is read on after the end', (inner) => {
    let ends = 0;
    return {
      next: async () => {
        const result = await inner.next();
        if (result.done === true) ends += 1;
        return ends === 2 ? { done: false, value: { events: [] } } : result;
      },
    };
  }),
  iterating('stays at its end when it is read on after a failure', (inner, again) => {
    let current = inner;
    return {
      next: async () => {
        try {
          return await current.next();
        } catch (error) {
          current = again();
          throw error;
        }
      },
    };
  }),
  keeping('closes the connection when the reader leaves at the first batch', ({ text }) => text.startsWith('e')),
];

/** Mutants that fail at cancelling and leaving. */
export const cancelMutants: readonly Mutant[] = [...CANCELLED, ...LEFT];
