import { CONTRACT_VERSION, PROVIDER, type ProviderPlugin } from '@headrace/core/plugin';
import { z } from 'zod';

export interface EchoOptions {
  readonly id?: string;
  readonly answer?: string;
  readonly apiKey?: string;
}

/** How many providers of this plugin were made and closed. */
export const echoCounts = { made: 0, closed: 0 };

/** A plugin whose provider answers with what its options say. */
export const echo: ProviderPlugin<EchoOptions> = {
  contractVersion: CONTRACT_VERSION,
  optionsSchema: z.strictObject({
    id: z.string().optional(),
    answer: z.string().max(100).optional(),
    apiKey: z.string().optional().meta({ writeOnly: true }),
    nested: z.strictObject({ depth: z.number() }).optional(),
  }),
  create: ({ id = 'echo', answer = 'echo' }) => ({
    name: id,
    contractVersion: CONTRACT_VERSION,
    register: (scope) =>
      scope.provide(
        PROVIDER,
        class {
          readonly id = id;
          readonly kinds = ['completion'] as const;
          listModels = async () => [];
          constructor() {
            echoCounts.made += 1;
          }
          close = async () => {
            echoCounts.closed += 1;
          };
          async *call() {
            yield {
              events: [
                { type: 'response-start', responseId: 'r', model: 'm' } as const,
                { type: 'text-delta', text: answer } as const,
                { type: 'response-end', reason: 'stop', rawReason: 'stop' } as const,
              ],
            };
          }
        },
      ),
  }),
};

/** A plugin that is `echo` but for some members. */
export const like = (change: Readonly<Record<string, unknown>>): ProviderPlugin<never> => ({ ...echo, ...change });
