import * as z from '@headrace/core/zod';
import type { RefreshRules } from './catalogue-refresh.js';
import type { CatalogueRefreshEvent } from './catalogue-status.js';
import { milliseconds, ONLY_IN_CODE } from './common-options.js';

/** When a provider asks its upstream for facts about models. */
export interface CatalogueOption {
  /** Age at which they are refreshed in the background. Default 3,600,000. */
  readonly maxAgeMs?: number | undefined;
  /** Whether upstream is asked for them although nobody called for it. Default true. */
  readonly refresh?: boolean | undefined;
  /** Hears of every refresh, those that failed too. Default: nobody. */
  readonly onRefresh?: ((event: CatalogueRefreshEvent) => void) | undefined;
}

/** Schema of `CatalogueOption`. */
export const catalogueOptionSchema = z.strictObject({
  maxAgeMs: milliseconds.optional(),
  refresh: z.boolean().optional(),
  onRefresh: z
    .custom<(event: CatalogueRefreshEvent) => void>((value) => typeof value === 'function', 'must be a function')
    .meta(ONLY_IN_CODE)
    .optional(),
});

/** Names of its fields. */
export const CATALOGUE_FIELDS: readonly string[] = Object.keys(catalogueOptionSchema.shape);

const DEFAULT_MAX_AGE_MS = 3_600_000;

/** The rules of a refresh, from the option. */
export const refreshRulesOf = ({
  maxAgeMs = DEFAULT_MAX_AGE_MS,
  refresh = true,
  onRefresh,
}: CatalogueOption = {}): Omit<RefreshRules, 'fetch'> => ({ maxAgeMs, unasked: refresh, onRefresh });
