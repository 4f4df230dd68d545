import { ConfigurationError, issuesOf } from '@headrace/core/plugin';
import { readWebAddress } from '@headrace/wire/provider';
import { z } from 'zod';

/** Options of `acme(…)`. Closed: an unknown field is refused. */
export const acmeOptionsSchema = z.strictObject({
  /** The provider's name in model references. Default `acme`. */
  id: z.string().optional(),
  /** Default: the variable `ACME_API_KEY`. */
  apiKey: z.string().min(1).meta({ writeOnly: true }).optional(),
  /** Without the version: `https://proxy.example/acme`. Default `https://api.acme.example`. `http:` for loopback only. */
  baseUrl: z
    .string()
    .refine((text) => !('message' in readWebAddress(text)), 'must be an https address, or http of this machine')
    .optional(),
});

export type AcmeOptions = z.infer<typeof acmeOptionsSchema>;

/** @throws ConfigurationError naming every wrong field */
export const parseAcmeOptions = (options: unknown): AcmeOptions => {
  const parsed = acmeOptionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError('acme', issuesOf(parsed.error));
};
