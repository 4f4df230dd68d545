import { inspect } from 'node:util';
import { createGateway, type Gateway, GatewayError, type GatewayOptions } from '@headrace/core';
import { vercel } from '@headrace/provider-vercel';
import type { LabCall, LabClient, LabSubject, LabTarget, Received } from '@headrace/testing';
import type { LabConfig } from './lab-config.js';

/** Tries of a call where the configuration does not say: the default of core. */
const DEFAULT_MAX_ATTEMPTS = 3;

const ROUTE = 'lab';

/** An upstream of the lab as a provider: no environment, no proxy and no catalogue of the real one has a place here. */
const providerFor = ({ name, url, apiKey, model }: LabTarget) =>
  vercel({
    id: name,
    apiKey,
    baseUrl: url,
    env: {},
    proxy: false,
    models: [{ id: model, type: 'language', capabilities: { toolCall: true, prefill: true } }],
    catalogue: { refresh: false },
    oidc: { refresh: false },
  });

/** @throws ConfigurationError for policies that no gateway takes */
export const gatewayFor = ({ route, policies }: LabConfig, targets: readonly LabTarget[]): Gateway => {
  const references = new Map(targets.map(({ name, model }) => [name, `${name}:${model}`]));
  const options: GatewayOptions = {
    ...policies,
    providers: targets.map(providerFor),
    routes: {
      [ROUTE]: {
        ...route,
        targets: route.targets.flatMap((target) => {
          const { model, ...more } = typeof target === 'string' ? { model: target } : target;
          const reference = references.get(model);
          return reference === undefined ? [] : [{ ...more, model: reference }];
        }),
      },
    },
  };
  return createGateway(options);
};

const errorFor = (error: unknown): Received => {
  const printed = `${inspect(error, { depth: 6 })}\n${JSON.stringify(error)}`;
  if (!GatewayError.is(error)) return { ended: 'error', message: String(error), failureClass: 'untyped', printed };
  const { message, code, failureClass } = error;
  return { ended: 'error', message, code, failureClass, printed };
};

class HeadraceClient implements LabClient {
  constructor(private readonly gateway: Gateway) {}

  async call({ delivery, prompt, tools, timeoutMs, onText }: LabCall): Promise<Received> {
    const ask = {
      model: ROUTE,
      prompt,
      timeoutMs,
      ...(tools.length === 0 ? {} : { tools: tools.map((tool) => ({ ...tool })) }),
    };
    try {
      if (delivery === 'whole') {
        const answer = await this.gateway.complete(ask);
        onText(answer.text);
        return { ended: 'whole', finishReason: answer.finishReason, toolCalls: answer.toolCalls };
      }
      const stream = this.gateway.stream(ask);
      for await (const event of stream) if (event.type === 'text-delta') onText(event.text);
      const answer = await stream.final();
      return { ended: 'whole', finishReason: answer.finishReason, toolCalls: answer.toolCalls };
    } catch (error) {
      return errorFor(error);
    }
  }

  close(): Promise<void> {
    return this.gateway.dispose();
  }
}

/** Headrace with these policies, as the lab calls it. */
export const headraceSubject = (config: LabConfig): LabSubject => {
  const { route, policies, timeoutMs } = config;
  const names = route.targets.map((target) => (typeof target === 'string' ? target : target.model));
  return {
    maxAttempts: policies.retry?.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
    hasFallback: names.includes('fallback'),
    recovers: (route.recovery ?? policies.recovery ?? 'off') !== 'off',
    timeoutMs,
    open: (targets) => new HeadraceClient(gatewayFor(config, targets)),
  };
};
