import { createGateway } from '@headrace/core';
import { vercel } from '@headrace/provider-vercel';
import { type Connect, DEFAULT_PROVIDER } from './connect.js';
import { EMULATOR_KEY } from './emulator-key.js';

/** Vercel AI Gateway, or its emulator on loopback, behind a gateway of our own. */
export const connectVercel: Connect = async ({ env, emulator, baseUrl, tokensPerSecond }) => {
  const options = { defaultProvider: DEFAULT_PROVIDER, strict: true };
  if (!emulator) {
    const gateway = createGateway({ ...options, providers: [vercel({ env, baseUrl })] });
    return { gateway, close: () => gateway.dispose() };
  }
  const { startVercelEmulator } = await import('@headrace/vercel-emulator');
  const server = await startVercelEmulator(tokensPerSecond === undefined ? {} : { tokensPerSecond });
  try {
    // An environment of its own: neither keys nor proxies of the real one have a place here.
    const provider = vercel({ env: {}, apiKey: EMULATOR_KEY, baseUrl: server.baseUrl, proxy: false });
    const gateway = createGateway({ ...options, providers: [provider] });
    return {
      gateway,
      close: async () => {
        await gateway.dispose();
        await server.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
};
