import type { Provider } from '@headrace/core/plugin';
import { testContext } from '../context/test-context.js';
import { collectText, nextEvent } from '../stream/collect.js';
import type { Workbench } from './workbench.js';

/**
 * Reads several answers at the same time: all up to their first piece of text, and only then on.
 * @param release lets the upstream go on.
 */
export const sideBySide = async (
  bench: Workbench,
  provider: Provider,
  count: number,
  release: () => void,
): Promise<readonly string[]> => {
  const iterators = Array.from({ length: count }, () =>
    provider.call(bench.request(), testContext())[Symbol.asyncIterator](),
  );
  const firsts = await bench.within(
    Promise.all(iterators.map((iterator) => nextEvent(iterator, 'text-delta'))),
    'the first piece of every answer',
  );
  release();
  const rests = Promise.all(iterators.map((iterator) => collectText({ [Symbol.asyncIterator]: () => iterator })));
  const texts = await bench.within(rests, 'every answer');
  return firsts.map(({ text }, place) => text + (texts[place] ?? '')).sort();
};
