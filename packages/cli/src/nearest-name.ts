/** Edits between two words: insertion, deletion, replacement, or two neighbours swapped. */
export const editDistance = (left: string, right: string): number => {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let edits = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        edits = Math.min(edits, (beforePrevious[column - 2] ?? 0) + 1);
      }
      current.push(edits);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[right.length] ?? 0;
};

/** The name that was probably meant: a prefix, or at most a third of its letters away. */
export const nearestName = (typed: string, names: readonly string[]): string | undefined => {
  const wanted = typed.toLowerCase().slice(0, 64);
  const prefixed = wanted.length >= 3 ? names.filter((name) => name.startsWith(wanted)) : [];
  if (prefixed.length === 1) return prefixed[0];
  let best: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const edits = editDistance(wanted, name.toLowerCase());
    if (edits < fewest && edits <= Math.max(1, Math.floor(name.length / 3))) {
      best = name;
      fewest = edits;
    }
  }
  return best;
};

/** ` Did you mean x?`, or nothing. */
export const suggestion = (typed: string, names: readonly string[], show = (name: string): string => name): string => {
  const name = nearestName(typed, names);
  return name === undefined ? '' : ` Did you mean ${show(name)}?`;
};
