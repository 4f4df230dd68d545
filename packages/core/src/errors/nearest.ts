/** Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`; stops counting above `limit`. */
const distance = (a: string, b: string, limit: number): number => {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? limit + 1;
};

const afterSlash = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/**
 * The known names that a misspelt one probably meant, best first, none twice.
 * @param max how many at most; default 3.
 */
export const nearest = (name: string, known: Iterable<string>, max = 3): string[] => {
  const asked = name.toLowerCase();
  // A third of a short word may be wrong, a quarter of a long one: beyond that nothing is meant by it.
  const limitFor = (word: string): number =>
    Math.max(1, Math.min(2, Math.floor(word.length / 3)), Math.floor(word.length / 4));
  const limit = limitFor(asked);
  const bare = afterSlash(asked);
  const bareLimit = limitFor(bare);
  const ranked: { candidate: string; score: number }[] = [];
  for (const candidate of new Set(known)) {
    const lower = candidate.toLowerCase();
    let score = distance(asked, lower, limit);
    // A model is often asked for without its creator.
    if (score > limit) {
      const bareScore = distance(bare, afterSlash(lower), bareLimit);
      score = bareScore > bareLimit ? limit + 1 : Math.min(limit, bareScore + 0.5);
    }
    if (score > limit && asked.length > 3 && lower.includes(asked)) score = limit;
    if (score <= limit) ranked.push({ candidate, score });
  }
  ranked.sort((a, b) => a.score - b.score || (a.candidate < b.candidate ? -1 : 1));
  // Beside a name that is one letter off, names that are far off only distract.
  const best = ranked[0]?.score ?? 0;
  const near = ranked.filter(({ score }) => score <= best + 1);
  return near.slice(0, max).map(({ candidate }) => candidate);
};

/** ` Did you mean "a" or "b"?`, or nothing when nothing is near. */
export const didYouMean = (name: string, known: Iterable<string>): string => {
  const found = nearest(name, known).map((candidate) => `"${candidate}"`);
  return found.length === 0 ? '' : ` Did you mean ${found.join(' or ')}?`;
};
