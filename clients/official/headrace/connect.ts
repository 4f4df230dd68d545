import { createHeadrace, type HeadraceProvider } from '../../../packages/ai-sdk/dist/index.js';
import { createGateway, type Gateway, type GatewayOptions } from '../../../packages/core/dist/index.js';
import { openaiCompatible } from '../../../packages/provider-openai-compatible/dist/index.js';
import { vercel } from '../../../packages/provider-vercel/dist/index.js';
import {
  startUpstream,
  type Upstream,
  type UpstreamOptions,
  type UpstreamScript,
} from '../../../packages/testing/dist/index.js';
import { API_KEY, startVercelEmulator } from '../emulator.ts';

// Warnings are read from the results.
globalThis.AI_SDK_LOG_WARNINGS = false;

export {
  end,
  errorReply,
  pause,
  reasoning,
  reset,
  text,
  toolCall,
  waitForClose,
} from '../../../packages/testing/dist/index.js';

/** A gateway as a provider of the AI SDK. */
export interface Connection extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly headrace: HeadraceProvider;
}

/** What the upstream plays, request by request. */
export type Scripts = readonly (UpstreamScript | UpstreamOptions)[];

const QUICK = { retry: { baseDelayMs: 0 } } as const;

/** Over a server on loopback that plays scripts, in OpenAI's dialect with opaque items of reasoning. The route is `chat`. */
export const overScripts = async (
  scripts: Scripts,
  options: Partial<GatewayOptions> = {},
): Promise<Connection & { readonly upstream: Upstream }> => {
  const upstream = await startUpstream(...scripts);
  const provider = openaiCompatible({
    id: 'p',
    baseUrl: `${upstream.url}/v1`,
    apiKey: '',
    form: { reasoningReplay: 'reasoning_details', reasoningField: 'reasoning' },
    catalogue: { refresh: false },
  });
  const gateway = createGateway({
    ...QUICK,
    routes: { chat: { targets: ['p:m'] } },
    ...options,
    providers: [provider],
  });
  return {
    upstream,
    gateway,
    headrace: createHeadrace(gateway),
    async [Symbol.asyncDispose]() {
      await gateway.dispose();
      await upstream.close();
    },
  };
};

/** Over the emulator of Vercel AI Gateway. */
export const overEmulator = async (): Promise<Connection> => {
  const emulator = await startVercelEmulator();
  const provider = vercel({ apiKey: API_KEY, baseUrl: emulator.baseUrl });
  const gateway = createGateway({ ...QUICK, providers: [provider], defaultProvider: 'vercel' });
  return {
    gateway,
    headrace: createHeadrace(gateway),
    async [Symbol.asyncDispose]() {
      await gateway.dispose();
      await emulator.close();
    },
  };
};

/** Messages of a request as an upstream got them. */
export const messagesIn = (json: unknown): readonly Readonly<Record<string, unknown>>[] =>
  (json as { messages: readonly Readonly<Record<string, unknown>>[] }).messages;
