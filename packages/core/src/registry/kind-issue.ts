import type { ModelInfo } from '../contract/model-info.js';
import type { RequestKind } from '../contract/request.js';
import type { InputIssue } from '../errors/caller-errors.js';
import { nearest } from '../errors/nearest.js';
import type { Target } from './target.js';

interface Kind {
  /** Type of the models that do it. */
  readonly type: string;
  /** The method of a gateway that asks for it. */
  readonly method: string;
  /** Behind "does not". */
  readonly work: string;
}

const KINDS: Readonly<Record<RequestKind, Kind>> = {
  completion: { type: 'language', method: '`complete` or `stream`', work: 'answer conversations' },
  embedding: { type: 'embedding', method: '`embed`', work: 'make embeddings' },
  reranking: { type: 'reranking', method: '`rerank`', work: 'rank documents' },
  image: { type: 'image', method: '`generateImage`', work: 'make images' },
};

/** All kinds of work there are. */
export const REQUEST_KINDS: readonly string[] = Object.keys(KINDS);

const MOST_NAMED = 3;

const newestFirst = (a: ModelInfo, b: ModelInfo): number =>
  (b.releaseDate ?? '').localeCompare(a.releaseDate ?? '') || a.id.localeCompare(b.id);

/** Models to take in place of one of another type: names like its own, then its maker's newest, then anybody's. */
const inPlaceOf = (id: string, type: string, models: readonly ModelInfo[]): readonly string[] => {
  const fit = models.filter((model) => model.type === type && model.variantOf === undefined).sort(newestFirst);
  const ids = fit.filter(({ status }) => status !== 'deprecated').map((model) => model.id);
  const maker = id.slice(0, id.indexOf('/') + 1);
  const own = maker === '' ? [] : ids.filter((one) => one.startsWith(maker));
  return [...new Set([...nearest(id, ids, MOST_NAMED), ...own, ...ids])].slice(0, MOST_NAMED);
};

const takeAnother = (id: string, type: string, models: readonly ModelInfo[]): string => {
  const names = inPlaceOf(id, type, models).map((name) => `"${name}"`);
  const article = /^[aeiou]/.test(type) ? 'an' : 'a';
  return `ake ${article} ${type} model${names.length === 0 ? '' : `, such as ${names.join(', ')}`}.`;
};

const remedyFor = ({ id, type, modalities }: ModelInfo, kind: RequestKind, models: readonly ModelInfo[]): string => {
  const another = takeAnother(id, KINDS[kind].type, models);
  if (kind === 'image' && type === 'language' && modalities?.output?.includes('image') === true)
    return `Ask for images with \`complete\` and \`outputModalities: ["text", "image"]\`, or t${another}`;
  const own = Object.values(KINDS).find((one) => one.type === type);
  return own === undefined ? `T${another}` : `Ask it with ${own.method}, or t${another}`;
};

/**
 * What is wrong with asking this target for this kind of work, if anything. Unknown is never a no.
 * @param models what else the provider has, for a hint; called only when there is something to say.
 */
export const kindIssue = (
  kind: RequestKind,
  { provider, info }: Target,
  models: () => readonly ModelInfo[],
): InputIssue | undefined => {
  const { type, work } = KINDS[kind];
  if (!provider.kinds.includes(kind))
    return { field: 'model', message: `belongs to the provider "${provider.id}", which does not ${work}.` };
  if (info === undefined || info.type === type) return undefined;
  return {
    field: 'model',
    message: `${info.id} is a model of type "${info.type}" and does not ${work}.`,
    remedy: remedyFor(info, kind, models()),
  };
};
