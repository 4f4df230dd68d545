import type { RefreshRules, CatalogueRefreshEvent, LiveModel, HostModel } from '@headrace/wire/provider';
import { type FakeClock, fakeClock } from '@headrace/testing';
import { parseLiveModels } from '../live-models.js';
import { ModelCatalogue } from '../model-catalogue.js';

export const LIVE = parseLiveModels(
  {
    data: [
      {
        id: 'openai/gpt-4.1-nano',
        type: 'language',
        name: 'Nano, renamed',
        owned_by: 'openai',
        context_window: 2_000_000,
        max_tokens: 1000,
        released: 1_744_588_800,
        temperature: false,
        pricing: {
          input: '0.0000002',
          output: '0.0000008',
          input_tiers: [
            { cost: '0.0000002', min: 0, max: 200_001 },
            { cost: '0.0000004', min: 200_001 },
          ],
        },
        deprecated_at: 1,
      },
      {
        id: 'new/model-1',
        type: 'language',
        context_window: 5000,
        tags: ['tool-use', 'vision'],
        pricing: {},
        reasoning_options: [{ type: 'effort', values: ['low', 'high'] }],
      },
      { id: 'typesafe-ai/jev', type: 'evaluation' },
      { id: 'new/speech', type: 'holography', context_window: 0, pricing: { input: 5 } },
      { name: 'no id' },
      null,
    ],
  },
  Date.UTC(2026, 0, 1),
);

export interface Rig {
  readonly catalogue: ModelCatalogue;
  /** What `onRefresh` was told. */
  readonly heard: CatalogueRefreshEvent[];
  readonly clock: FakeClock;
  readonly fetches: {
    readonly signal: AbortSignal;
    resolve(models: readonly LiveModel[]): void;
    reject(error: unknown): void;
  }[];
}

/** A catalogue whose upstream answers when told to. */
export const rig = (hostModels: readonly HostModel[] = [], rules: Partial<RefreshRules> = {}): Rig => {
  const clock = fakeClock();
  const fetches: Rig['fetches'][number][] = [];
  const fetch = (signal: AbortSignal): Promise<readonly LiveModel[]> =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      fetches.push({ signal, resolve, reject });
    });
  const heard: CatalogueRefreshEvent[] = [];
  const onRefresh = (event: CatalogueRefreshEvent): void => {
    heard.push(event);
  };
  const refresh = { maxAgeMs: 3_600_000, fetch, onRefresh, ...rules };
  return { clock, fetches, heard, catalogue: new ModelCatalogue({ provider: 'v2', hostModels, clock, refresh }) };
};

