import { textsIn } from './texts-in.js';

/** One value of a JSON text that is neither an object nor a list. */
export interface Leaf {
  /** Such as `generationConfig.topK`. */
  readonly path: string;
  readonly leaf: unknown;
}

const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null;

export const leavesIn = (value: unknown, path = ''): readonly Leaf[] =>
  isTree(value)
    ? Object.entries(value).flatMap(([name, one]) => leavesIn(one, path === '' ? name : `${path}.${name}`))
    : [{ path, leaf: value }];

/**
 * As whose a text stands in a body: what else is said of the outermost item of a list that holds it, such as its role.
 * `undefined` where no list holds it.
 */
export const speakerOf = (body: unknown, text: string): string | undefined => {
  if (!isTree(body)) return undefined;
  if (!Array.isArray(body)) {
    for (const one of Object.values(body)) {
      const speaker = speakerOf(one, text);
      if (speaker !== undefined) return speaker;
    }
    return undefined;
  }
  const item: unknown = body.find((one) => textsIn(one).includes(text));
  return item === undefined
    ? undefined
    : textsIn(item)
        .filter((one) => one !== text)
        .join(' ');
};
