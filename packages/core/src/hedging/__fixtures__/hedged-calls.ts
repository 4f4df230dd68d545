import {
  type AttemptScript,
  collectText,
  end,
  fail,
  fakeClock,
  fixedRandom,
  hang,
  rejectionOf,
  type ScriptedProvider,
  type ScriptedProviderOptions,
  scriptedProvider,
  text,
} from '@headrace/testing';
import { expect } from '@jest/globals';
import { CredentialRejectedError, createGateway, GatewayError, type GatewayOptions, type Receipt } from '../../index.js';

type Script = readonly AttemptScript[];

export const silent: Script = [[hang()]];
export const rejected = [fail(new CredentialRejectedError('no'))];
export const says = (words: string) => [text(words), end({ usage: { input: 3, output: 2 } })];
export const well = (words = 'Hello'): Script => [says(words)];

/** A promise, and what settles it. */
export const gate = () => {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
};

export const provided = (id: string, script: Script, options: ScriptedProviderOptions = {}): ScriptedProvider =>
  scriptedProvider(script, { id, repeatLast: true, ...options });

/** A route over model `m` of each provider, whose calls have a second attempt after a second. */
export const rig = (providers: readonly ScriptedProvider[], options: Partial<GatewayOptions> = {}) => {
  const clock = fakeClock();
  const gateway = createGateway({
    providers,
    routes: { chat: { targets: providers.map(({ name }) => `${name}:m`) } },
    hedging: { initialDelayMs: 1_000, maxShare: 1 },
    random: fixedRandom(0),
    clock,
    ...options,
  });
  const stream = (more: object = {}) => {
    const call = gateway.stream({ model: 'chat', prompt: 'Hi', ...more });
    return { answer: collectText(call), receipt: call.receipt };
  };
  return { gateway, clock, stream };
};

export const triedOf = (receipt: Receipt | undefined): unknown =>
  receipt?.attempts.map(({ provider, outcome, role }) => [provider, outcome, ...(role === undefined ? [] : [role])]);
export const countsOf = (...providers: readonly ScriptedProvider[]): readonly number[] =>
  providers.map(({ calls }) => calls.length);
/** The upstream side of the first call of each has been let go. */
export const stopped = async (...providers: readonly ScriptedProvider[]): Promise<void> => {
  for (const { calls } of providers) expect(['cancelled', 'left']).toContain(await calls[0]?.finished);
};
export const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error = await rejectionOf(promise);
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

