import {
  type AttemptScript,
  type FakeClock,
  fakeClock,
  fixedRandom,
  rejectionOf,
  type ScriptedProvider,
  type ScriptedProviderOptions,
  scriptedProvider,
} from '@headrace/testing';
import { canaryPrompt } from '../../../../testing/src/__fixtures__/canaries/canary.js';
import { createGateway, type Gateway, GatewayError, type GatewayOptions } from '../../index.js';

export interface Rig {
  readonly gateway: Gateway;
  readonly clock: FakeClock;
  readonly scripted: ScriptedProvider;
}

/** A gateway with a cache over one scripted provider, on a clock that stands still. */
export const rig = (
  script: readonly AttemptScript[],
  options: Partial<GatewayOptions> = {},
  provider: ScriptedProviderOptions = {},
): Rig => {
  const clock = fakeClock();
  const scripted = scriptedProvider(script, provider);
  const gateway = createGateway({
    providers: [scripted],
    cache: {},
    clock,
    random: fixedRandom(0),
    retry: { baseDelayMs: 0 },
    ...options,
  });
  return { gateway, clock, scripted };
};

export const request = { model: 'scripted:m', prompt: canaryPrompt('Say something.') };

export const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error = await rejectionOf(promise);
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

/** Everything that is ready has run. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
