import { CONTRACT_VERSION, type ProviderPlugin } from '@headrace/core/plugin';
import { vercel } from './vercel-module.js';
import { type VercelOptions, vercelOptionsSchema } from './vercel-options.js';

/** Vercel AI Gateway for files of configuration, which name this package. */
export const plugin: ProviderPlugin<VercelOptions> = {
  contractVersion: CONTRACT_VERSION,
  optionsSchema: vercelOptionsSchema,
  create: vercel,
};
