import { end, type FakeClock, fail, fakeClock, scriptedProvider, seededRandom, text, wait } from '@headrace/testing';
import {
  createGateway,
  type GatewayError,
  type GatewayOptions,
  InvalidRequestError,
  OverloadedError,
  QuotaExhaustedError,
  RateLimitedError,
  type Receipt,
  TransportError,
  UpstreamError,
} from '../../index.js';

const FAILURES = {
  rate: (hint: object) => new RateLimitedError('too fast', hint),
  quota: (hint: object) => new QuotaExhaustedError('no money', hint),
  capacity: (hint: object) => new OverloadedError('full', hint),
  upstream: (hint: object) => new UpstreamError('down', hint),
  transport: (hint: object) => new TransportError('gone', hint),
  caller: (hint: object) => new InvalidRequestError([{ field: 'prompt', message: 'is wrong' }], hint),
};
export type Kind = keyof typeof FAILURES | 'good';

/** What an upstream does with one attempt. */
export interface Reaction {
  readonly kind: Kind;
  readonly durationMs: number;
  readonly hintMs: number | undefined;
  /** Whether its first content comes at once: a stream that fails then is cut. */
  readonly beginsAtOnce: boolean;
}

export interface PlannedCall {
  readonly afterMs: number;
  /** Streamed with recovery; otherwise whole. */
  readonly isStreamed: boolean;
  /** Absent: that of the policy. */
  readonly maxAttempts: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly abortAfterMs: number | undefined;
}

/** One thing that happened at an upstream, in the order in which it did. */
export interface Entry {
  readonly what: 'begin' | 'end';
  readonly target: string;
  /** Of the attempt, over all targets. */
  readonly id: number;
  readonly call: string;
  /** Of the provider, where it has several. */
  readonly key: string | undefined;
  readonly at: number;
  readonly reaction: Reaction;
  /** Whether the gateway has content of it before it ends. */
  readonly isShown: boolean;
  /** Of an end: stopped by our side, which is no news of the upstream. */
  readonly wasStopped?: boolean;
}

export interface Finished {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly receipt: Receipt | undefined;
  /** Of an answer that is whole. */
  readonly text: string | undefined;
}

/** What reached the targets of a script, and how its calls ended. */
export interface Played {
  readonly log: readonly Entry[];
  readonly finished: readonly Finished[];
  readonly clock: FakeClock;
}

/** What the targets are, beside their reactions. */
export interface Setup {
  /** Names of the keys of each provider. */
  readonly keys?: readonly string[];
  /** Of streams. With `continue` all targets take a prefill. Default `verify`. */
  readonly recovery?: 'verify' | 'continue';
}

const PREFILL = { models: [{ id: 'm', capabilities: { prefill: true } }] };

/** Reads a stream to its end. */
const drained = async (stream: ReturnType<ReturnType<typeof createGateway>['stream']>) => {
  let text = '';
  for await (const piece of stream.text()) text += piece;
  return { text, receipt: await stream.receipt };
};

/** Plays calls against targets that react as scripted, all on a clock of its own; says what reached them and how it ended. */
export const play = async (
  reactions: Readonly<Record<string, readonly Reaction[]>>,
  planned: readonly PlannedCall[],
  seedOfChance: number,
  options: Partial<GatewayOptions>,
  { keys, recovery = 'verify' }: Setup = {},
): Promise<Played> => {
  const clock = fakeClock();
  const log: Entry[] = [];
  let ids = 0;
  const providers = Object.entries(reactions).map(([id, made]) => {
    let next = 0;
    const provider = scriptedProvider(
      [
        () => {
          const { context, request } = provider.calls.at(-1) ?? {};
          const turn = made[next % made.length];
          if (turn === undefined) throw new Error('a script has a reaction at least');
          next += 1;
          ids += 1;
          const isShown = turn.beginsAtOnce && request?.delivery === 'stream';
          const entry = { target: id, id: ids, call: context?.tenant ?? '', key: context?.key, reaction: turn, isShown };
          log.push({ ...entry, what: 'begin', at: clock.now() });
          const until = new Promise<void>((resolve) => {
            const over = (wasStopped: boolean): void => {
              log.push({ ...entry, what: 'end', at: clock.now(), wasStopped });
              resolve();
            };
            const stop = clock.schedule(turn.durationMs, () => over(false));
            context?.onCancel(() => {
              stop();
              if (log.every((one) => one.what !== 'end' || one.id !== entry.id)) over(true);
            });
          });
          // Who is given the beginning of the answer goes on from there.
          const isPrefilled = request?.kind === 'completion' && request.messages.at(-1)?.role === 'assistant';
          const said = isPrefilled ? [] : [text('Hel')];
          const start = turn.beginsAtOnce ? [...said, wait(until)] : [wait(until), ...said];
          if (turn.kind === 'good') return [...start, text('lo'), end()];
          const hint = turn.hintMs === undefined ? {} : { retryAfterMs: turn.hintMs };
          return [...(turn.beginsAtOnce ? start : [wait(until)]), fail(FAILURES[turn.kind](hint))];
        },
      ],
      { id, repeatLast: true, ...(keys && { keys }), ...(recovery === 'continue' && PREFILL) },
    );
    return provider;
  });
  const gateway = createGateway({
    providers,
    clock,
    random: seededRandom(seedOfChance),
    routes: { chat: { targets: providers.map(({ name }) => `${name}:m`) } },
    ...options,
  });
  const finished: Promise<Finished>[] = [];
  for (const [at, { afterMs, isStreamed, maxAttempts, timeoutMs, abortAfterMs }] of planned.entries()) {
    await clock.advance(afterMs);
    const controller = new AbortController();
    const startedAt = clock.now();
    if (abortAfterMs !== undefined) clock.schedule(abortAfterMs, () => controller.abort('enough'));
    const call = {
      model: 'chat',
      prompt: 'Hi',
      tenant: `call ${at}`,
      signal: controller.signal,
      ...(maxAttempts === undefined ? {} : { maxAttempts }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
    const asked = isStreamed ? drained(gateway.stream({ ...call, recovery })) : gateway.complete(call);
    finished.push(
      asked.then(
        ({ receipt, text: whole }) => ({ startedAt, endedAt: clock.now(), receipt, text: whole }),
        (error: GatewayError) => ({ startedAt, endedAt: clock.now(), receipt: error.receipt, text: undefined }),
      ),
    );
  }
  await clock.advance(3_600_000);
  const all = { log, finished: await Promise.all(finished), clock };
  await gateway.dispose();
  return all;
};
