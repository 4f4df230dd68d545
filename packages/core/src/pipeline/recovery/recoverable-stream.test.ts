import {
  type AttemptScript,
  batch,
  collectUntilError,
  end,
  fail,
  fakeClock,
  fixedRandom,
  hang,
  reasoning,
  type ScriptedProvider,
  type ScriptedProviderOptions,
  scriptedProvider,
  text,
  toolCall,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import {
  ContentPolicyError,
  ContextLengthError,
  CredentialRejectedError,
  createGateway,
  ForbiddenError,
  type GatewayOptions,
  InvalidRequestError,
  OverloadedError,
  RateLimitedError,
  type Receipt,
  RecoveryFailedError,
  type StreamEvent,
  StreamInterruptedError,
  TimeoutError,
} from '../../index.js';

const gone = () => new StreamInterruptedError('cut');
const cut = (...pieces: readonly string[]): AttemptScript => [...pieces.map((piece) => text(piece)), fail(gone())];
const whole: AttemptScript = [text('Hel'), text('lo you'), end({ usage: { input: 3, output: 2 }, cost: 0.5 })];

const provided = (
  id: string,
  script: readonly AttemptScript[],
  options: ScriptedProviderOptions = {},
): ScriptedProvider => scriptedProvider(script, { id, repeatLast: true, ...options });

const prefill = { models: [{ id: 'm', capabilities: { prefill: true } }] };

/** A route over model `m` of each provider, in their order; backoffs take no time. */
const rig = (providers: readonly ScriptedProvider[], options: Partial<GatewayOptions> = {}) =>
  createGateway({
    providers,
    routes: { chat: { targets: providers.map(({ name }) => `${name}:m`) } },
    random: fixedRandom(0),
    recovery: 'verify',
    ...options,
  });

const play = async (gateway: ReturnType<typeof createGateway>, more: object = {}) => {
  const stream = gateway.stream({ model: 'chat', prompt: 'Hi', ...more });
  const { items: events, error } = await collectUntilError(stream);
  const pieces = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []));
  return { events, pieces, answer: pieces.join(''), error, receipt: await stream.receipt, stream };
};

const triedOf = (receipt: Receipt): unknown =>
  receipt.attempts.map(({ provider, outcome }) => `${provider} ${outcome}`);
const warningsOf = (receipt: Receipt): readonly string[] =>
  receipt.warnings.map(({ code, message }) => `${code}: ${message}`);

describe('an answer that is cut', () => {
  it('goes on with the next target where its text begins with the delivered one', async () => {
    const gateway = rig([provided('a', [cut('He', 'll')]), provided('b', [whole])]);
    const { pieces, error, events, receipt, stream } = await play(gateway);
    expect([pieces, error]).toEqual([['He', 'll', 'o you'], undefined]);
    expect(events.filter(({ type }) => type === 'response-start')).toHaveLength(1);
    expect(triedOf(receipt)).toEqual(['a failed', 'b complete']);
    expect(receipt.attempts[0]?.failure).toMatchObject({ failureClass: 'truncated', delivered: true });
    expect(receipt.recovery).toEqual({
      mode: 'verify',
      succeeded: true,
      parts: [
        { provider: 'a', model: 'm', responseId: 'response_1', characters: 4 },
        { provider: 'b', model: 'm', responseId: 'response_1', characters: 5 },
      ],
    });
    expect(receipt).toMatchObject({ outcome: 'complete', finishReason: 'stop', servedBy: { provider: 'b' } });
    expect(await stream.final()).toMatchObject({ text: 'Hello you', provider: 'b' });
  });

  it('adds up what all attempts used and cost, no surer than what is known of the cut one', async () => {
    const providers = () => [provided('a', [cut('He')]), provided('b', [whole])];
    const { receipt, stream, events } = await play(rig(providers()));
    expect(receipt.attempts[1]).toMatchObject({ usage: { totalTokens: 5, certainty: 'exact' }, cost: { usd: 0.5 } });
    expect(receipt.usage?.certainty).toBe('estimated');
    expect(receipt.usage?.totalTokens).toBeGreaterThan(5);
    expect(await stream.final()).toMatchObject({ usage: receipt.usage, cost: receipt.cost });
    expect(events.at(-1)).toMatchObject({ usage: { totalTokens: 5, certainty: 'at-least' }, cost: { usd: 0.5 } });
  });

  it('adds what the cut one cost where the upstream says so', async () => {
    const cost = { usd: 0.25, certainty: 'exact', source: 'provider' } as const;
    const charged = new StreamInterruptedError('cut', { upstream: { cost } });
    const { receipt } = await play(rig([provided('a', [[text('He'), fail(charged)]]), provided('b', [whole])]));
    expect(receipt.cost).toMatchObject({ usd: 0.75, certainty: 'exact' });
  });

  it('ends as ever unless recovery is asked for', async () => {
    const error = gone();
    const providers = [provided('a', [[text('He'), fail(error)]]), provided('b', [whole])];
    const played = await play(rig(providers, { recovery: 'off' }));
    expect([played.answer, played.error]).toEqual(['He', error]);
    expect(played.receipt.recovery).toBeUndefined();
    expect(providers[1]?.calls).toHaveLength(0);
  });

  it.each([
    ['the call', { recovery: 'off' }, { recovery: 'verify' }, { recovery: 'off' }, 'He'],
    ['the call', { recovery: 'off' }, undefined, { recovery: 'verify' }, 'Hello you'],
    ['the route', { recovery: 'off' }, { recovery: 'verify' }, {}, 'Hello you'],
    ['the route', { recovery: 'verify' }, { recovery: 'off' }, {}, 'He'],
  ] as const)('goes by what %s says first', async (_, options, route, call, answer) => {
    const providers = [provided('a', [cut('He')]), provided('b', [whole])];
    const routes = { chat: { targets: ['a:m', 'b:m'], ...route } };
    expect((await play(rig(providers, { ...options, routes }), call)).answer).toBe(answer);
  });

  it('is not asked for in words that do not exist', () => {
    const wrong = { recovery: 'retry' } as unknown as Partial<GatewayOptions>;
    expect(() => rig([provided('a', [whole])], wrong)).toThrow('recovery');
    const routes = { chat: { targets: ['a:m'], recovery: 'retry' } } as unknown as NonNullable<
      GatewayOptions['routes']
    >;
    expect(() => rig([provided('a', [whole])], { routes })).toThrow('routes.chat.recovery');
    expect(() => rig([provided('a', [whole])]).stream({ model: 'a:m', prompt: 'Hi', ...wrong } as never)).toThrow(
      'recovery',
    );
  });

  it('goes on with the same model where no other is left', async () => {
    const one = provided('a', [cut('Hel'), cut('Hell'), whole]);
    const { answer, receipt } = await play(rig([one]), { model: 'a:m' });
    expect(answer).toBe('Hello you');
    expect(triedOf(receipt)).toEqual(['a failed', 'a failed', 'a complete']);
    expect(receipt.recovery?.parts.map(({ characters }) => characters)).toEqual([3, 1, 5]);
  });

  it('goes back to the target that was cut when the others have failed', async () => {
    const providers = [provided('a', [cut('Hel'), whole]), provided('b', [[fail(new CredentialRejectedError('no'))]])];
    const { answer, receipt } = await play(rig(providers));
    expect(answer).toBe('Hello you');
    expect(triedOf(receipt)).toEqual(['a failed', 'b failed', 'a complete']);
  });

  it('waits before it asks the same target, as long as the upstream says, and the receipt tells how long', async () => {
    const clock = fakeClock();
    const limited = new RateLimitedError('too fast', { retryAfterMs: 2_000 });
    const one = provided('a', [[text('Hel'), fail(limited)], whole]);
    const played = play(rig([one], { clock }), { model: 'a:m' });
    await clock.advance(1_999);
    expect(one.calls).toHaveLength(1);
    await clock.advance(1);
    const { answer, receipt } = await played;
    expect([answer, receipt.attempts[1]?.waitedMs]).toEqual(['Hello you', 2_000]);
  });

  it('is complete when nothing but the end was missing', async () => {
    const { pieces, receipt, error } = await play(rig([provided('a', [cut('Hello you')]), provided('b', [whole])]));
    expect([pieces, error]).toEqual([['Hello you'], undefined]);
    expect(receipt.recovery?.parts.map(({ characters }) => characters)).toEqual([9, 0]);
  });

  it.each([
    ['another text', [text('Help'), end()], 'the new answer differs from the delivered text at character 4'],
    ['an end before it is through', [text('He'), end()], 'the new answer ended before the delivered text was through'],
    ['a tool call', [toolCall({ id: 'c', name: 't', arguments: {} }), end()], 'the new answer had `tool-call-start`'],
  ] as const)('ends in one error after %s, and nothing of it comes out', async (_, script, message) => {
    const providers = [provided('a', [cut('Hell')]), provided('b', [script]), provided('c', [whole])];
    const { answer, error, receipt, events } = await play(rig(providers));
    expect(answer).toBe('Hell');
    expect(events.map(({ type }) => type)).toEqual(['response-start', 'text-delta']);
    expect(error).toBeInstanceOf(RecoveryFailedError);
    expect(error).toMatchObject({
      code: 'recovery-failed',
      failureClass: 'truncated',
      delivered: true,
      isRetryable: false,
      mode: 'verify',
      reason: 'different-answer',
      receipt,
    });
    expect(String(error)).toContain(message);
    expect((error as Error).cause).toBeInstanceOf(StreamInterruptedError);
    // It did nothing wrong: its answer was of no use.
    expect(triedOf(receipt)).toEqual(['a failed', 'b cancelled']);
    expect(receipt).toMatchObject({ outcome: 'failed', servedBy: { provider: 'a' }, recovery: { succeeded: false } });
    expect(providers[2]?.calls).toHaveLength(0);
  });

  it('stops an answer that does not fit', async () => {
    const other = provided('b', [[text('Help'), hang()]]);
    const { error } = await play(rig([provided('a', [cut('Hell')]), other]));
    expect(error).toMatchObject({ reason: 'different-answer' });
    expect(other.calls[0]?.outcome).toBe('left');
  });

  it('ends with the class of the cut when no other answer is to be had', async () => {
    const full = new OverloadedError('full');
    const { error, receipt } = await play(rig([provided('a', [cut('Hell')]), provided('b', [[fail(full)]])]));
    expect(error).toMatchObject({ reason: 'no-answer', failureClass: 'truncated', attemptError: full });
    expect(triedOf(receipt)).toEqual(['a failed', 'b failed', 'b failed']);
  });

  it('tells what cut the last attempt, not what failed before', async () => {
    const limited = new RateLimitedError('too fast', { retryAfterMs: 3_600_000 });
    const providers = [
      provided('a', [[fail(new CredentialRejectedError('no'))]]),
      provided('b', [cut('Hell'), [text('He'), fail(limited)]]),
    ];
    const { error, receipt } = await play(rig(providers), { maxAttempts: 4 });
    expect(error).toMatchObject({ reason: 'no-answer', attemptError: limited });
    expect(warningsOf(receipt)).toEqual([expect.stringMatching(/^retry-not-waited/)]);
  });

  it('is recovered once more when the second is cut, behind the seam or before', async () => {
    const providers = [
      provided('a', [cut('Hel')]),
      provided('b', [cut('He')]),
      provided('c', [cut('Hello')]),
      provided('d', [whole]),
    ];
    const { answer, receipt } = await play(rig(providers), { maxAttempts: 4 });
    expect(answer).toBe('Hello you');
    expect(triedOf(receipt)).toEqual(['a failed', 'b failed', 'c failed', 'd complete']);
    expect(receipt.attempts.map(({ failure }) => failure?.delivered)).toEqual([true, false, true, undefined]);
    expect(receipt.recovery?.parts.map(({ provider, characters }) => [provider, characters])).toEqual([
      ['a', 3],
      ['c', 2],
      ['d', 4],
    ]);
  });

  it.each([
    ['no attempts', { maxAttempts: 1 }, cut('Hell'), 'all 1 attempts of the call were used up (`maxAttempts`)'],
    [
      'a tool call',
      {},
      [text('H'), toolCall({ id: 'c', name: 't', arguments: {} }), fail(gone())],
      'a tool call had been delivered',
    ],
    ['reasoning', {}, [reasoning('Hm'), text('H'), fail(gone())], 'reasoning had been delivered'],
    [
      'its class',
      {},
      [text('H'), fail(new ContentPolicyError('no'))],
      'a failure of the class "content-policy" leads to no other attempt',
    ],
    [
      'silence and no other',
      { model: 'a:m' },
      [text('H'), fail(new TimeoutError('idle', 1, 'silent'))],
      'no other target was left, and the same one was not to be asked again',
    ],
  ] as const)('keeps its own error where recovery is not possible: %s', async (_, more, script, why) => {
    const providers = [provided('a', [script]), provided('b', [whole])];
    const { error, receipt } = await play(rig(providers), more);
    expect(error).not.toBeInstanceOf(RecoveryFailedError);
    expect(error).toMatchObject({ delivered: true, receipt });
    expect(warningsOf(receipt)).toEqual([`not-recovered: The answer was cut, and recovery was not tried: ${why}.`]);
    expect(receipt.recovery).toBeUndefined();
    expect(providers[1]?.calls).toHaveLength(0);
  });

  it('keeps warnings of the second until the seam, and shows none of its reasoning', async () => {
    const odd: StreamEvent = { type: 'warning', warning: { code: 'odd', message: 'odd' } };
    const second: AttemptScript = [batch(odd), reasoning('Hm'), text('Hello'), reasoning('Hm'), text('!'), end()];
    const { events, receipt } = await play(rig([provided('a', [cut('Hel')]), provided('b', [second])]));
    expect(events.slice(1)).toMatchObject([
      { type: 'text-delta', text: 'Hel' },
      odd,
      { type: 'text-delta', text: 'lo' },
      { type: 'text-delta', text: '!' },
      { type: 'response-end' },
    ]);
    expect(receipt.warnings).toEqual([{ code: 'odd', message: 'odd' }]);
    const other = await play(rig([provided('a', [cut('Hel')]), provided('b', [[batch(odd), text('no'), end()]])]));
    expect(other.events.filter(({ type }) => type === 'warning')).toEqual([]);
    expect(other.receipt.warnings).toEqual([{ code: 'odd', message: 'odd' }]);
  });

  it('takes tool calls behind the seam', async () => {
    const second: AttemptScript = [text('Hello'), toolCall({ id: 'c', name: 't', arguments: {} }), end()];
    const { stream } = await play(rig([provided('a', [cut('Hel')]), provided('b', [second])]));
    expect(await stream.final()).toMatchObject({ text: 'Hello', finishReason: 'tool-calls', toolCalls: [{ id: 'c' }] });
  });

  it('says nothing of whole answers, which deliver nothing before they are whole', async () => {
    const gateway = rig([provided('a', [cut('Hel')]), provided('b', [whole])]);
    const answer = await gateway.complete({ model: 'chat', prompt: 'Hi' });
    expect([answer.text, answer.receipt.recovery]).toEqual(['Hello you', undefined]);
  });

  it('ends at the deadline while it verifies', async () => {
    const clock = fakeClock();
    const gateway = rig([provided('a', [cut('Hell')]), provided('b', [[text('He'), hang()]])], { clock });
    const played = play(gateway, { timeoutMs: 5_000 });
    await clock.advance(5_000);
    const { error, answer } = await played;
    expect(answer).toBe('Hell');
    expect(error).toMatchObject({ code: 'recovery-failed', attemptError: { code: 'deadline-timeout' } });
  });

  it.each([
    ['while it waits', [[text('Hell'), fail(new RateLimitedError('x', { retryAfterMs: 9_000 }))]]],
    ['while the second opens', [cut('Hell'), [hang()]]],
    ['while it verifies', [cut('Hell'), [text('He'), hang()]]],
    ['behind the seam', [cut('Hell'), [text('Hello'), hang()]]],
  ] as const)('is aborted %s', async (_, scripts) => {
    const clock = fakeClock();
    const one = provided('a', scripts);
    const controller = new AbortController();
    const played = play(rig([one], { clock }), { model: 'a:m', signal: controller.signal });
    await clock.advance(1);
    expect(one.calls).toHaveLength(scripts.length);
    controller.abort('enough');
    const { error, receipt, answer } = await played;
    expect(error).toBe('enough');
    expect(receipt.outcome).toBe('cancelled');
    expect(receipt.attempts).toHaveLength(scripts.length);
    expect(receipt.recovery).toMatchObject({
      parts: [{ provider: 'a', characters: 4 }, ...(scripts.length > 1 && answer === 'Hello' ? [{}] : [])],
    });
    if (scripts.length > 1) expect(one.calls[1]).toMatchObject({ cancelled: true });
    expect(clock.pending).toBe(0);
  });

  it.each(['opens', 'verifies'])('lets go of the second when the reader leaves while it %s', async (phase) => {
    const second: AttemptScript = phase === 'opens' ? [hang()] : [text('He'), hang()];
    const other = provided('b', [second]);
    const clock = fakeClock();
    const stream = rig([provided('a', [cut('Hell')]), other], { clock }).stream({ model: 'chat', prompt: 'Hi' });
    const reader = stream[Symbol.asyncIterator]();
    for (let event = await reader.next(); event.value?.type !== 'text-delta'; event = await reader.next());
    const pending = reader.next().catch(() => 'left');
    await clock.advance(1);
    expect(other.calls).toHaveLength(1);
    await reader.return?.();
    await pending;
    expect(other.calls[0]).toMatchObject({ cancelled: true });
    expect((await stream.receipt).attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'cancelled']);
    expect(clock.pending).toBe(0);
  });
});

describe('an answer that is continued', () => {
  const rest: AttemptScript = [text('o'), text(' you'), end()];
  const asked = (provider: ScriptedProvider, at = 0): unknown => {
    const request = provider.calls[at]?.request;
    return request?.kind === 'completion' ? request.messages : undefined;
  };
  const continuing = { recovery: 'continue' } as const;

  it('goes on from the delivered text with a model that takes a prefill', async () => {
    const b = provided('b', [rest], prefill);
    const { pieces, receipt } = await play(rig([provided('a', [cut('Hell')]), b], continuing));
    expect(pieces).toEqual(['Hell', 'o', ' you']);
    expect(asked(b)).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hell' },
    ]);
    expect(receipt.recovery).toMatchObject({ mode: 'continue', succeeded: true });
  });

  it('puts no white space before the seam, and shows it once', async () => {
    const b = provided('b', [[text(' you'), end()]], prefill);
    const { answer } = await play(rig([provided('a', [cut('Hello ')]), b], continuing));
    expect(answer).toBe('Hello you');
    expect(asked(b)).toMatchObject([{}, { content: 'Hello' }]);
  });

  it('is verified with a model of which that is not known', async () => {
    const b = provided('b', [whole]);
    const { answer, receipt } = await play(rig([provided('a', [cut('Hell')]), b], continuing));
    expect([answer, receipt.recovery?.mode]).toEqual(['Hello you', 'verify']);
    expect(asked(b)).toHaveLength(1);
  });

  it('is verified where the prefill is refused, and the refusal is a warning', async () => {
    const refused = fail(new InvalidRequestError([{ field: 'messages', message: 'no prefill' }]));
    const b = provided('b', [[refused], whole], prefill);
    const { answer, receipt } = await play(rig([provided('a', [cut('Hell')]), b], continuing));
    expect([answer, receipt.recovery?.mode]).toEqual(['Hello you', 'verify']);
    expect(triedOf(receipt)).toEqual(['a failed', 'b failed', 'b complete']);
    expect(warningsOf(receipt)).toEqual([expect.stringMatching(/^prefill-refused: "b:m" refused/)]);
  });

  const limit = () => new ContextLengthError('too long');
  it.each([
    ['the request', [fail(new InvalidRequestError([{ field: 'messages', message: 'no prefill' }]))], 'invalid-request'],
    ['its length', [fail(limit())], 'context-length-exceeded'],
    ['what it says', [fail(new ContentPolicyError('no'))], 'content-policy'],
    ['the key', [fail(new ForbiddenError('no'))], 'forbidden'],
    ['what it says, in place of an answer', [end({ reason: 'content-filter' })], 'content-filter'],
  ] as const)('is verified at the same target where the prefill is refused for %s', async (_, refused, code) => {
    const providers = [
      provided('a', [cut('Hell')]),
      provided('b', [refused, whole], prefill),
      provided('c', [whole], prefill),
    ];
    const { answer, error, receipt } = await play(rig(providers, continuing), { maxAttempts: 4 });
    expect([answer, error, receipt.recovery?.mode, receipt.complete]).toEqual(['Hello you', undefined, 'verify', true]);
    expect(providers.map(({ calls }) => calls.length)).toEqual([1, 2, 0]);
    expect([asked(providers[1] as ScriptedProvider, 0), asked(providers[1] as ScriptedProvider, 1)]).toMatchObject([
      [{ role: 'user' }, { role: 'assistant', content: 'Hell' }],
      [{ role: 'user' }],
    ]);
    expect(warningsOf(receipt)).toEqual([expect.stringMatching(`^prefill-refused: "b:m" refused .* \\(${code}\\)`)]);
  });

  it('ends in what the filter says of an answer that has begun', async () => {
    const b = provided('b', [[text('o'), end({ reason: 'content-filter' })]], prefill);
    const { answer, receipt } = await play(rig([provided('a', [cut('Hell')]), b], continuing));
    expect([answer, receipt.finishReason, b.calls.length]).toEqual(['Hello', 'content-filter', 1]);
  });

  it('never ends in the refusal', async () => {
    const refused = fail(new InvalidRequestError([{ field: 'messages', message: 'no prefill' }]));
    const b = provided('b', [[refused], whole], prefill);
    const { error } = await play(rig([provided('a', [cut('Hell')]), b], continuing), { maxAttempts: 2 });
    expect(error).toMatchObject({ code: 'recovery-failed', failureClass: 'truncated', reason: 'no-answer' });
  });

  it('is not told twice by a model that begins anew', async () => {
    const told = 'The Danube rises in the Black Forest and ends in';
    const b = provided('b', [[text(`${told} the `), text('Black Sea.'), end()]], prefill);
    const { pieces, receipt } = await play(rig([provided('a', [cut(told)]), b], continuing));
    expect(pieces).toEqual([told, ' the ', 'Black Sea.']);
    expect(receipt.recovery).toMatchObject({ mode: 'continue', succeeded: true });
  });

  it('fails where nobody can tell whether the model began anew', async () => {
    const b = provided('b', [whole], prefill);
    const { pieces, error } = await play(rig([provided('a', [cut('Hell')]), b], continuing));
    expect(pieces).toEqual(['Hell']);
    expect(error).toMatchObject({ code: 'recovery-failed', reason: 'different-answer' });
    expect(error).toMatchObject({ message: expect.stringContaining('repeats the delivered text') });
  });

  it('is complete when the model has nothing to add', async () => {
    const b = provided('b', [[end()]], prefill);
    const { answer, error } = await play(rig([provided('a', [cut('Hello you')]), b], continuing));
    expect([answer, error]).toEqual(['Hello you', undefined]);
  });
});
