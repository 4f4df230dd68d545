import { GatewayError, type Provider, TransportError } from '@headrace/core/plugin';
import { isEnd, type Mutant, rebatching, textOf, wrapped, hanging } from './mutant.js';

/** Calls that are under way in one provider, and what one of them may do to the others. */
const entangled = (
  scenario: string,
  spoils: (how: { readonly error?: unknown; readonly isWhole: boolean; readonly text: string; readonly others: number }) => boolean,
): Mutant =>
  wrapped(scenario, (provider) => {
    const running = new Set<object>();
    let isSpoilt = false;
    return {
      call: async function* (request, context) {
        const own = {};
        running.add(own);
        let text = '';
        let isWhole = false;
        let failure: { readonly error: unknown } | undefined;
        try {
          for await (const batch of provider.call(request, context)) {
            if (isSpoilt) throw new TransportError('another call broke this one');
            text += textOf(batch);
            isWhole = isEnd(batch);
            yield batch;
          }
        } catch (error) {
          failure = { error };
          throw error;
        } finally {
          running.delete(own);
          isSpoilt ||= running.size > 0 && spoils({ ...failure, isWhole, text, others: running.size });
        }
      },
    };
  });

/** Another text while other calls are under way. */
const confusing = (scenario: string, from: string, to: string): Mutant =>
  wrapped(scenario, (provider) => {
    let running = 0;
    return {
      call: async function* (request, context) {
        running += 1;
        try {
          for await (const { events } of provider.call(request, context)) {
            yield {
              events: events.map((event) =>
                running > 1 && event.type === 'text-delta' && event.text === from ? { ...event, text: to } : event,
              ),
            };
          }
        } finally {
          running -= 1;
        }
      },
    };
  });

/** A close that does nothing in certain cases. */
const closing = (scenario: string, isSkipped: (running: number) => boolean): Mutant =>
  wrapped(scenario, (provider) => {
    let running = 0;
    let isClosed = false;
    return {
      call: async function* (request, context) {
        running += 1;
        try {
          yield* provider.call(request, context);
        } finally {
          running -= 1;
        }
      },
      close: async () => {
        if (!isClosed && isSkipped(running)) {
          isClosed = true;
          return;
        }
        await provider.close?.();
      },
    };
  });

const broken = (): ReturnType<Provider['call']> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('closed')) }),
});

/** Mutants that fail at closing and at calls at the same time. */
export const lifeMutants: readonly Mutant[] = [
  wrapped('can be closed twice, and before it was ever used', (provider) => {
    let times = 0;
    return {
      close: async () => {
        times += 1;
        if (times > 3) throw new Error('closed already');
        await provider.close?.();
      },
    };
  }),
  hanging(
closing('leaves no connection open when it is closed', (running) => running === 0),
),
  rebatching('serves the next call after a failed one', spoiltByCut()),
  confusing('keeps calls at the same time apart', 'b', 'a'),
  sharedSockets(),
  sixteenPlaces(),
  entangled('lets one call fail without the others', ({ error, text }) => error !== undefined && text === 'lost'),
  // Takes the upstream for down, as a breaker of its own would.
  entangled('lets one of two dozen calls break without the others', ({ error, others }) => error !== undefined && others > 8),
  entangled('lets one call be cancelled without the others', ({ error }) => error === 'only this one'),
  entangled('lets one reader leave without the others', ({ error, isWhole }) => error === undefined && !isWhole),
  hanging(
closing('ends the calls under way when it is closed', (running) => running > 0),
),
  wrapped('answers a call after its close, or refuses it with an error of the contract', (provider) => {
    let isClosed = false;
    return {
      call: (request, context) => (isClosed ? broken() : provider.call(request, context)),
      close: async () => {
        isClosed = true;
        await provider.close?.();
      },
    };
  }),
];

function spoiltByCut(): Parameters<typeof rebatching>[1] {
  const spoilt = new WeakSet<Provider>();
  return async function* (batches, { provider }) {
    if (spoilt.has(provider)) throw new TransportError('broken since the last call');
    let text = '';
    try {
      for await (const batch of batches) {
        text += textOf(batch);
        yield batch;
      }
    } catch (error) {
      if (GatewayError.is(error) && error.failureClass === 'truncated' && text === 'a') spoilt.add(provider);
      throw error;
    }
  };
}

/** What is closed for one is closed for all with the same address. */
function sharedSockets(): Mutant {
  const byUrl = new Map<string, Set<Provider>>();
  return wrapped('shares nothing with another provider of its kind', (provider, { baseUrl }) => {
    const others = byUrl.get(baseUrl) ?? new Set<Provider>();
    byUrl.set(baseUrl, others.add(provider));
    return {
      close: async () => {
        for (const each of others) await each.close?.();
      },
    };
  });
}

/** Has sixteen places for calls: a later one takes the place of an earlier one, which is told what the later one says. */
function sixteenPlaces(): Mutant {
  return wrapped('gives each of two dozen calls its own answer', (provider) => {
    const places: { last?: string }[] = [];
    let started = 0;
    return {
      call: async function* (request, context) {
        const place = started % 16;
        started += 1;
        const own: { last?: string } = {};
        places[place] = own;
        for await (const { events } of provider.call(request, context)) {
          yield {
            events: events.map((event) => {
              if (event.type !== 'text-delta') return event;
              if (places[place] === own) own.last = event.text;
              return { ...event, text: places[place]?.last ?? event.text };
            }),
          };
        }
      },
    };
  });
}
