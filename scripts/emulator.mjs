// Starts the emulator of Vercel AI Gateway from the compiled workspace, for the checks that run real programs.
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { root } from './workspace.mjs';

/**
 * @returns {Promise<{ env: NodeJS.ProcessEnv, close: () => Promise<void> }>} `env` sends a child process to the emulator
 */
export async function startEmulator() {
  const entry = pathToFileURL(join(root, 'packages/vercel-emulator/dist/index.js')).href;
  const { startVercelEmulator } = await import(entry);
  const emulator = await startVercelEmulator();
  return {
    env: {
      ...process.env,
      AI_GATEWAY_API_KEY: 'vck_key_for_the_emulator',
      AI_GATEWAY_BASE_URL: emulator.url,
    },
    close: () => emulator.close(),
  };
}
