import { getEventListeners } from 'node:events';
import {
  collectText,
  embeddingResult,
  end,
  type FakeClock,
  fakeClock,
  hang,
  rejectionOf,
  rerankingResult,
  type ScriptedProvider,
  scriptedProvider,
  text,
  toolCall,
  wait,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import {
  type CallMiddleware,
  ConfigurationError,
  createGateway,
  type Gateway,
  GatewayError,
  type GatewayOptions,
  type Middleware,
  type MiddlewareCall,
  MiddlewareFailedError,
  MiddlewareRefusalError,
} from '../index.js';

type Script = Parameters<typeof scriptedProvider>[0];

interface Rig {
  readonly gateway: Gateway;
  readonly scripted: ScriptedProvider;
  readonly clock: FakeClock;
}

const rig = (script: Script, middleware: readonly Middleware[], options: Partial<GatewayOptions> = {}): Rig => {
  const kinds = ['completion', 'embedding', 'reranking', 'image'] as const;
  const scripted = scriptedProvider(script, { kinds, repeatLast: true });
  const clock = fakeClock();
  return { scripted, clock, gateway: createGateway({ providers: [scripted], middleware, clock, ...options }) };
};

/** A middleware of these functions; anything, as a host without types might write. */
const made = (functions: unknown, more: Partial<Middleware> = {}): Middleware => ({
  name: 'mine',
  forCall: () => functions as CallMiddleware,
  ...more,
});

const request = { model: 'scripted:m', prompt: 'Hi' };
const well: Script = [[text('It '), text('rains.'), end({ usage: { input: 3, output: 2 } })]];

const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error = await rejectionOf(promise);
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

/** A host's function that hangs. */
const hanging = (): Promise<undefined> => new Promise<undefined>(() => {});

const throwing = (): never => {
  throw new Error('private');
};

describe.each(['stream', 'whole'] as const)('middleware, %s', (delivery) => {
  const ask = (gateway: Gateway, more: object = {}) => gateway.complete({ ...request, delivery, ...more });

  it('sees every call in its order, and the answer in the other order', async () => {
    const seen: string[] = [];
    const watch = (name: string): Middleware => ({
      name,
      forCall: () => ({
        onRequest: () => {
          seen.push(`${name} request`);
          return undefined;
        },
        onEvents: (events) => {
          if (events.at(-1)?.type === 'response-end') seen.push(`${name} answer`);
          return undefined;
        },
      }),
    });
    const { gateway } = rig(well, [watch('outer'), watch('inner')]);
    const { text: answer, receipt } = await ask(gateway);
    expect(answer).toBe('It rains.');
    expect(seen).toEqual(['outer request', 'inner request', 'inner answer', 'outer answer']);
    expect(receipt.middleware).toBeUndefined();
  });

  it('changes the request, and the receipt says who did', async () => {
    const { gateway, scripted } = rig(well, [
      made({
        onRequest: async (asked: { readonly messages: readonly unknown[] }) => ({
          request: { ...asked, messages: [{ role: 'system', content: 'Be brief.' }, ...asked.messages] },
        }),
      }),
    ]);
    const { receipt } = await ask(gateway);
    expect(scripted.calls[0]?.request).toMatchObject({ messages: [{ role: 'system' }, { role: 'user' }] });
    expect(receipt.middleware).toEqual([{ name: 'mine', side: 'request', action: 'changed' }]);
  });

  it('changes the answer, but not what the upstream says of its end', async () => {
    const upper = (events: readonly { readonly type: string; readonly text?: string }[]) => ({
      events: events.map((event) => {
        if (event.type === 'response-end') return { ...event, reason: 'length', usage: undefined };
        return event.text === undefined ? event : { ...event, text: event.text.toUpperCase() };
      }),
    });
    const { gateway } = rig(well, [made({ onEvents: upper })]);
    const answer = await ask(gateway);
    expect(answer).toMatchObject({ text: 'IT RAINS.', finishReason: 'stop', usage: { totalTokens: 5 } });
    expect(answer.receipt).toMatchObject({
      usage: { totalTokens: 5 },
      attempts: [{ outcome: 'complete', usage: { totalTokens: 5 } }],
      middleware: [{ name: 'mine', side: 'answer', action: 'changed' }],
    });
  });

  it('changes parameters as a caller would, also where the target of a route has its own', async () => {
    const cooler = made({
      onRequest: (asked: object) => ({ request: { ...asked, parameters: { temperature: 0.2 } } }),
    });
    const route = { targets: [{ model: 'scripted:m', parameters: { temperature: 0.9, topP: 0.5 } }] };
    const { gateway, scripted } = rig(well, [cooler], { routes: { chat: route } });
    await ask(gateway, { model: 'chat' });
    expect(scripted.calls[0]?.request).toMatchObject({ parameters: { temperature: 0.2, topP: 0.5 } });
  });

  it('may send a call to a route, whose target keeps its own parameters', async () => {
    const rerouted = made({ onRequest: (asked: object) => ({ request: { ...asked, model: 'chat' } }) });
    const route = { targets: [{ model: 'scripted:m', parameters: { temperature: 0.9, topP: 0.5 } }] };
    const { gateway, scripted } = rig(well, [rerouted], { routes: { chat: route } });
    await ask(gateway, { temperature: 0.2 });
    expect(scripted.calls[0]?.request).toMatchObject({ parameters: { temperature: 0.2, topP: 0.5 } });
  });

  it('refuses a request before anything is asked', async () => {
    const { gateway, scripted } = rig(well, [made({ onRequest: () => ({ refuse: 'Not on Sundays.' }) })]);
    const error = await failureOf(ask(gateway));
    expect(error).toBeInstanceOf(MiddlewareRefusalError);
    expect(error).toMatchObject({
      code: 'refused-by-middleware',
      failureClass: 'content-policy',
      message: 'The middleware "mine" refused the request: Not on Sundays.',
      receipt: { attempts: [], middleware: [{ name: 'mine', side: 'request', action: 'refused' }] },
    });
    expect(scripted.calls).toHaveLength(0);
  });

  it('answers in place of the upstream, to those outside of it', async () => {
    const outer = made(
      { onEvents: (events: readonly unknown[]) => ({ events: [{ type: 'text-delta', text: '> ' }, ...events] }) },
      { name: 'outer' },
    );
    const own = made({ onRequest: () => ({ answer: 'Closed.' }), onEvents: () => ({ refuse: 'its own' }) });
    const { gateway, scripted } = rig(well, [outer, own, made({ onRequest: hanging }, { name: 'inner' })]);
    const answer = await ask(gateway);
    expect(answer).toMatchObject({ text: '> Closed.', finishReason: 'stop', usage: undefined, cost: undefined });
    expect(answer.receipt.middleware).toEqual([
      { name: 'mine', side: 'request', action: 'answered' },
      { name: 'outer', side: 'answer', action: 'changed' },
    ]);
    expect(scripted.calls).toHaveLength(0);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('private')), 'threw an error'],
    ['throws at once', throwing, 'threw an error'],
    ['takes too long', hanging, 'took longer than 5000 ms'],
    ['returns nonsense', (): unknown => 7, 'it must return nothing, `{ request }`'],
    ['returns two things', () => ({ refuse: 'a', answer: 'b' }), 'it must return nothing'],
    ['returns what throws when it is read', (): object => new Proxy({}, { ownKeys: throwing }), 'threw'],
    ['returns half a request', () => ({ request: { kind: 'completion' } }), 'a request that is not valid: model'],
    [
      'returns another kind of request',
      () => ({ request: { kind: 'embedding', model: 'm', delivery: 'whole', inputs: ['a'] } }),
      'kind: was "completion"',
    ],
    ['answers with a number', () => ({ answer: 7 }), 'an answer that is not valid: it must be a text'],
  ] as const)('that %s fails the call and is named', async (_, onRequest, message) => {
    const { gateway, scripted, clock } = rig(well, [made({ onRequest })]);
    const failing = failureOf(ask(gateway));
    await clock.advance(5_000);
    const error = await failing;
    expect(error).toBeInstanceOf(MiddlewareFailedError);
    expect(error).toMatchObject({ code: 'middleware-failed', middleware: 'mine', side: 'request' });
    expect(error.message).toContain('The middleware "mine"');
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('private');
    expect(error.receipt?.middleware).toEqual([{ name: 'mine', side: 'request', action: 'failed' }]);
    expect(scripted.calls).toHaveLength(0);
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('private')), 'threw an error'],
    ['takes too long', hanging, 'took longer than 5000 ms'],
    ['returns nonsense', () => ({ text: 'x' }), 'it must return nothing, `{ events }`'],
    ['returns what is no event', () => ({ events: [null] }), 'one of them is no event'],
    ['returns an event without its text', () => ({ events: [{ type: 'text-delta' }] }), 'has no text'],
    [
      'returns an unknown event',
      (events: readonly object[]) => ({ events: [{ type: 'song' }, ...events] }),
      'unknown type "song"',
    ],
    ['takes the end away', () => ({ events: [{ type: 'text-delta', text: 'x' }] }), '`response-end`'],
    [
      'ends before the end',
      (events: readonly object[]) => ({ events: [{ type: 'response-end' }, ...events, { type: 'response-end' }] }),
      'response-end',
    ],
  ] as const)('that %s when it sees the answer fails the call and is named', async (_, onEvents, message) => {
    const { gateway, clock, scripted } = rig(well, [made({ onEvents })]);
    const failing = failureOf(ask(gateway));
    await clock.advance(5_000);
    const error = await failing;
    expect(error).toMatchObject({ code: 'middleware-failed', middleware: 'mine', side: 'answer' });
    expect(error.message).toContain(message);
    expect(error.receipt?.middleware?.at(-1)).toEqual({ name: 'mine', side: 'answer', action: 'failed' });
    await scripted.calls[0]?.finished;
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['a promise', async () => ({})],
    ['a promise that fails', async () => throwing()],
    ['a number', () => 7],
    ['functions that are none', () => ({ onRequest: 'x' })],
  ])('that makes %s in place of its functions fails the call', async (_, forCall) => {
    const { gateway } = rig(well, [made({}, { forCall: forCall as never })]);
    expect(await failureOf(ask(gateway))).toMatchObject({ code: 'middleware-failed', side: 'request' });
  });

  it('goes on without one that may fail, and says so', async () => {
    const failing = made({ onRequest: throwing, onEvents: () => ({ refuse: 'it is out' }) }, { onFailure: 'continue' });
    const { gateway } = rig(well, [failing]);
    const { text: answer, receipt } = await ask(gateway);
    expect(answer).toBe('It rains.');
    expect(receipt).toMatchObject({
      warnings: [{ code: 'middleware-failed', message: expect.stringContaining('The call went on without it.') }],
      middleware: [{ name: 'mine', side: 'request', action: 'failed' }],
    });
  });

  it('goes on without one that may fail when it fails at the answer', async () => {
    const { gateway } = rig(well, [made({ onEvents: throwing }, { onFailure: 'continue' })]);
    const { text: answer, receipt } = await ask(gateway);
    expect([answer, receipt.warnings[0]?.code]).toEqual(['It rains.', 'middleware-failed']);
  });

  it('is aborted with the call, at once', async () => {
    const signals: AbortSignal[] = [];
    const slow: Middleware = {
      name: 'slow',
      forCall: ({ signal }) => {
        signals.push(signal);
        return { onRequest: hanging };
      },
    };
    const { gateway, clock } = rig(well, [slow]);
    const controller = new AbortController();
    const call = ask(gateway, { signal: controller.signal });
    await new Promise((resolve) => setImmediate(resolve));
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await rejectionOf(call)).toBe(reason);
    expect(signals[0]).toMatchObject({ aborted: true, reason });
    expect(clock.pending).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('counts within the deadline of the call', async () => {
    const { gateway, clock } = rig(well, [made({ onRequest: hanging })]);
    const failing = failureOf(ask(gateway, { timeoutMs: 100 }));
    await clock.advance(100);
    expect(await failing).toMatchObject({ code: 'deadline-timeout', limitMs: 100 });
  });

  it('has a limit of its own each time, not one for all', async () => {
    const delays: (() => void)[] = [];
    const slow = made({ onEvents: () => new Promise<undefined>((resolve) => delays.push(() => resolve(undefined))) });
    const { gateway, clock } = rig(well, [slow]);
    const call = ask(gateway);
    for (let parts = 0; parts < 5; parts += 1) {
      await clock.advance(4_000);
      delays.shift()?.();
    }
    expect((await call).text).toBe('It rains.');
  });

  it('knows of the call what it may', async () => {
    const calls: MiddlewareCall[] = [];
    const { gateway } = rig(well, [
      {
        name: 'm',
        forCall: (call) => {
          calls.push(call);
          return undefined;
        },
      },
    ]);
    await ask(gateway, { tenant: 'acme', trace: { traceparent: 't' } });
    expect(calls[0]).toMatchObject({ reference: 'scripted:m', tenant: 'acme', trace: { traceparent: 't' } });
  });
});

describe('middleware of a stream', () => {
  it('holds back text until it knows, and what is held back is handed on with the end', async () => {
    let held: object[] = [];
    const holding = made({
      onEvents: (events: readonly { readonly type: string }[]) => {
        held.push(...events);
        if (events.at(-1)?.type !== 'response-end') return { events: [] };
        const all = held;
        held = [];
        return { events: all };
      },
    });
    const { gateway } = rig(well, [holding]);
    const pieces: string[] = [];
    for await (const piece of gateway.stream(request).text()) pieces.push(piece);
    expect(pieces).toEqual(['It ', 'rains.']);
  });

  it.each([
    ['only held back is not in the receipt', true, undefined],
    ['lost what it held back has changed it', false, [{ name: 'mine', side: 'answer', action: 'changed' }]],
  ])('that %s', async (_, releases, noted) => {
    let held: readonly object[] = [];
    const onEvents = (events: readonly { readonly type: string }[]) => {
      if (events.at(-1)?.type === 'response-end') return { events: releases ? [...held, ...events] : events };
      held = [...held, ...events];
      return { events: [] };
    };
    const { gateway } = rig(well, [made({ onEvents })]);
    const stream = gateway.stream(request);
    expect((await stream.final()).text).toBe(releases ? 'It rains.' : '');
    expect((await stream.receipt).middleware).toEqual(noted);
  });

  it('that may fail hands on what it held back', async () => {
    let parts = 0;
    const onEvents = () => {
      parts += 1;
      return parts > 1 ? throwing() : { events: [] };
    };
    const { gateway } = rig(well, [made({ onEvents }, { onFailure: 'continue' })]);
    expect(await collectText(gateway.stream(request))).toBe('It rains.');
  });

  it('that may fail does fail when it has changed something: what is lost then nobody knows', async () => {
    let parts = 0;
    const flaky = made(
      {
        onEvents: () => {
          parts += 1;
          if (parts > 1) throw new Error('private');
          return { events: [{ type: 'text-delta', text: 'Mine: ' }] };
        },
      },
      { onFailure: 'continue' },
    );
    const { gateway } = rig(well, [flaky]);
    expect(await failureOf(collectText(gateway.stream(request)))).toMatchObject({ code: 'middleware-failed' });
  });

  it('that refuses in the middle closes the upstream, and its attempt is in the receipt', async () => {
    let parts = 0;
    const guard = made({
      onEvents: () => {
        parts += 1;
        return parts > 1 ? { refuse: 'Enough.' } : undefined;
      },
    });
    const { gateway, scripted, clock } = rig([[text('It '), text('rains.'), hang()]], [guard]);
    let seen = '';
    const stream = gateway.stream(request);
    const read = async () => {
      for await (const piece of stream.text()) seen += piece;
    };
    expect(await failureOf(read())).toMatchObject({ code: 'refused-by-middleware', delivered: true });
    expect(seen).toBe('It ');
    expect(await scripted.calls[0]?.finished).toBe('left');
    expect(await stream.receipt).toMatchObject({
      outcome: 'failed',
      attempts: [{ outcome: 'cancelled', usage: { certainty: 'estimated' } }],
      middleware: [{ side: 'answer', action: 'refused' }],
    });
    expect(clock.pending).toBe(0);
  });

  it('is left by a reader that leaves, also while it thinks', async () => {
    const { gateway, scripted, clock } = rig(well, [made({ onEvents: hanging })]);
    const reader = gateway.stream(request)[Symbol.asyncIterator]();
    const reading = reader.next();
    await scripted.waitForCall(1);
    await reader.return?.();
    expect(
      await reading.then(
        () => 'over',
        () => 'over',
      ),
    ).toBe('over');
    expect(await scripted.calls[0]?.finished).not.toBe('running');
    expect(clock.pending).toBe(0);
  });

  it('lets a failure of the upstream through', async () => {
    const cut = [[text('It '), wait(Promise.reject(new Error('foreign')))]];
    const { gateway } = rig(cut, [made({ onEvents: () => undefined })], { retry: { maxAttempts: 1 } });
    expect(await failureOf(collectText(gateway.stream(request)))).toMatchObject({
      code: 'provider-fault',
      receipt: { attempts: [{ outcome: 'failed' }] },
    });
  });

  it('may change tool calls, as long as they stay tool calls', async () => {
    const broken = made({
      onEvents: (events: readonly { readonly type: string }[]) => ({
        events: events.map((event) => (event.type === 'tool-call-end' ? { ...event, argumentsJson: '{' } : event)),
      }),
    });
    const { gateway } = rig([[toolCall({ id: 'c', name: 't', arguments: {} }), end()]], [broken]);
    expect((await failureOf(gateway.complete(request))).message).toContain('are not JSON');
  });
});

describe('middleware of the other kinds', () => {
  const vectors: Script = [() => [end({ result: embeddingResult([1, 2]) })]];
  const withResult = (result: object) => (events: readonly object[]) => ({
    events: [...events.slice(0, -1), { ...events.at(-1), result }],
  });
  const embed = (gateway: Gateway) => gateway.embed({ model: 'scripted:e', input: 'a' });

  it('sees requests and results, and may change both', async () => {
    const halved = made({
      onRequest: (asked: object) => ({ request: { ...asked, inputs: ['b'] } }),
      onEvents: withResult(embeddingResult([5, 6])),
    });
    const { gateway, scripted } = rig(vectors, [halved]);
    expect([...(await embed(gateway)).embedding]).toEqual([5, 6]);
    expect(scripted.calls[0]?.request).toMatchObject({ inputs: ['b'] });
  });

  it('may answer with a result of the right kind, and with no other', async () => {
    const answering = (result: unknown) => rig(vectors, [made({ onRequest: () => ({ answer: result }) })]).gateway;
    expect([...(await embed(answering(embeddingResult([7])))).embedding]).toEqual([7]);
    for (const wrong of ['text', rerankingResult([0, 1]), embeddingResult([1], [2]), { kind: 'embedding' }])
      expect(await failureOf(embed(answering(wrong)))).toMatchObject({ code: 'middleware-failed' });
  });

  it('may not change how many texts are embedded, nor break the result', async () => {
    const more = made({ onRequest: (asked: object) => ({ request: { ...asked, inputs: ['a', 'b'] } }) });
    expect((await failureOf(embed(rig(vectors, [more]).gateway))).message).toContain('inputs: were 1');
    const broken = made({ onEvents: withResult(embeddingResult([1], [2])) });
    expect((await failureOf(embed(rig(vectors, [broken]).gateway))).message).toContain('2 embeddings of 1 inputs');
  });

  it('may refuse', async () => {
    const { gateway } = rig(vectors, [made({ onEvents: () => ({ refuse: 'No.' }) })]);
    expect(await failureOf(embed(gateway))).toMatchObject({ failureClass: 'content-policy', refused: 'answer' });
  });
});

describe('the options of middleware', () => {
  it('are checked when the gateway is made, every field by name', () => {
    const wrong = [
      { name: 'A B', forCall: () => ({}) },
      { name: 'b', timeoutMs: 0, onFailure: 'retry', forCall: 1, extra: 1 },
      { name: 'c', forCall: () => ({}) },
      { name: 'c', forCall: () => ({}) },
    ];
    const make = (middleware: unknown) => () =>
      createGateway({ providers: [scriptedProvider([])], middleware: middleware as never });
    expect(make(wrong)).toThrow(ConfigurationError);
    for (const field of ['[0].name', '[1].timeoutMs', '[1].onFailure', '[1].forCall', '[1].extra'])
      expect(make(wrong)).toThrow(`middleware${field}`);
    expect(make(wrong.slice(2))).toThrow('middleware[1].name: "c" is taken');
  });
});
