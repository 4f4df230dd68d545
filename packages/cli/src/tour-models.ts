import type { ModelInfo } from '@headrace/core';

/** Makers that most readers know; others only fill up. */
const FAMILIAR = ['openai', 'anthropic', 'google', 'mistral', 'deepseek', 'alibaba', 'meta'];

const creatorOf = (model: ModelInfo): string => model.creator ?? model.id.split('/', 1)[0] ?? '';

const newest = (left: ModelInfo, right: ModelInfo): number =>
  (right.releaseDate ?? '').localeCompare(left.releaseDate ?? '') || left.id.length - right.id.length;

/** A few models worth a look: the newest priced language model of each of `count` makers. */
export const sampleModels = (models: readonly ModelInfo[], count: number): readonly ModelInfo[] => {
  const candidates = models
    .filter(
      ({ type, status, pricing }) =>
        type === 'language' &&
        (status === undefined || status === 'active') &&
        pricing?.input !== undefined &&
        pricing.output !== undefined,
    )
    .sort(newest);
  const first = new Map<string, ModelInfo>();
  for (const model of candidates) if (!first.has(creatorOf(model))) first.set(creatorOf(model), model);
  const rank = (model: ModelInfo): number => {
    const place = FAMILIAR.indexOf(creatorOf(model));
    return place === -1 ? FAMILIAR.length : place;
  };
  return [...first.values()].sort((left, right) => rank(left) - rank(right)).slice(0, count);
};
