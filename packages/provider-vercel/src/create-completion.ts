import type { Completion, CompletionOptions, Gateway, ModelReference } from '@headrace/core';
import { InvalidRequestError, type Secret } from '@headrace/core/plugin';
import { TextStream } from './text-stream.js';
import { vercel } from './vercel-module.js';

/** What `createCompletion` takes: the options of a gateway's completion, and these. */
export interface CreateCompletionOptions extends Omit<CompletionOptions, 'delivery' | 'output'> {
  /** Model id with or without `vercel:`, such as `openai/gpt-6-luna`. */
  readonly model: ModelReference<'completion'>;
  /** True (default): text as it comes. False: one plain upstream call, whose text comes as one piece. */
  readonly stream?: boolean;
  /** Default: as for `vercel(…)`. */
  readonly apiKey?: string | Secret;
}

/** Gateways of explicit keys that are kept for the next call. */
const MAX_IDLE = 16;

interface KeptGateway {
  readonly gateway: Promise<Gateway>;
  users: number;
}

/** One gateway per explicit key; `undefined` is the one that finds its own credential. Oldest use first. */
const kept = new Map<string | undefined, KeptGateway>();

const dispose = async (gateway: Promise<Gateway>): Promise<void> => (await gateway).dispose();

const openGateway = async (apiKey: string | undefined): Promise<Gateway> => {
  // Not before the first call: whoever only wires the provider into a gateway has core already.
  const { createGateway } = await import('@headrace/core');
  return createGateway({ providers: [vercel(apiKey === undefined ? {} : { apiKey })], defaultProvider: 'vercel' });
};

const take = (apiKey: string | undefined): KeptGateway => {
  const known = kept.get(apiKey) ?? { gateway: openGateway(apiKey), users: 0 };
  known.users += 1;
  kept.delete(apiKey);
  kept.set(apiKey, known);
  // One that could not be made is not kept: the reason may be gone next time.
  known.gateway.catch(() => {
    if (kept.get(apiKey) === known) kept.delete(apiKey);
  });
  return known;
};

const release = (used: KeptGateway): void => {
  used.users -= 1;
  for (const [apiKey, one] of kept) {
    if (kept.size <= MAX_IDLE) return;
    if (one.users > 0) continue;
    kept.delete(apiKey);
    dispose(one.gateway).catch(() => {});
  }
};

const whole = async function* (complete: () => Promise<Completion>): AsyncGenerator<string> {
  yield (await complete()).text;
};

/**
 * The text of one completion through a gateway of this module's own, retries included. The gateway is made at first
 * use, kept for the process, and keeps no process alive; `closeDefaultGateway` releases it.
 *
 * ```ts
 * for await (const text of createCompletion({ model: 'openai/gpt-6-luna', prompt: 'Hello' })) process.stdout.write(text);
 * ```
 * Nothing is sent before the first piece is asked for. Leaving the loop closes the upstream.
 * @throws from the loop: GatewayError, or `signal.reason` untouched.
 */
export const createCompletion = (options: CreateCompletionOptions): AsyncGenerator<string, undefined> => {
  const { stream = true, apiKey, ...completion } = options;
  const abort = new AbortController();
  const { signal } = options;
  const onAbort = (): void => abort.abort(signal?.reason);
  let used: KeptGateway | undefined;
  const open = async (): Promise<AsyncIterator<string>> => {
    if (typeof stream !== 'boolean')
      throw new InvalidRequestError([{ field: 'stream', message: 'must be true or false.' }]);
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    used = take(typeof apiKey === 'object' ? apiKey.reveal() : apiKey);
    const gateway = await used.gateway;
    // The default provider has this prefix as well, so it may be there or not.
    const asked = { ...completion, signal: abort.signal };
    if (!stream) return whole(() => gateway.complete(asked));
    return gateway.stream(asked).text()[Symbol.asyncIterator]();
  };
  return new TextStream(open, () => {
    signal?.removeEventListener('abort', onAbort);
    // Left early or over: an answer that nobody reads is not to be paid for.
    abort.abort();
    if (used !== undefined) release(used);
    used = undefined;
  });
};

/** Releases the gateways of `createCompletion`; calls under way end with `gateway-disposed`. The next call makes a new one. */
export const closeDefaultGateway = async (): Promise<void> => {
  const gateways = [...kept.values()].map(({ gateway }) => gateway);
  kept.clear();
  await Promise.allSettled(gateways.map(dispose));
};
