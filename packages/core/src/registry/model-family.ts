import type { EmbeddingRequest } from '../contract/unary-request.js';
import type { Target } from './target.js';

const nameOfModel = ({ model }: Target): string => model.slice(model.lastIndexOf('/') + 1).toLowerCase();

/**
 * Why vectors of the one target cannot stand beside those of the other; undefined when they can. Providers put a model
 * under different makers, so the name behind the last slash is what counts.
 */
export const familyFault = (
  target: Target,
  anchor: Target,
  asked?: EmbeddingRequest['dimensions'],
): string | undefined => {
  const [name, wanted] = [nameOfModel(target), nameOfModel(anchor)];
  if (name !== wanted) return `embeds with "${name}": its vectors cannot be compared with those of "${wanted}"`;
  const [own, others] = [target.info?.dimensions?.default, anchor.info?.dimensions?.default];
  // Asked for, the number is checked against facts and answer of every target.
  if (asked !== undefined || own === undefined || others === undefined || own === others) return undefined;
  return `gives vectors of ${own} dimensions, and the first target ${others}`;
};
