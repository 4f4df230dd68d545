import { type Seam, SeamMismatch } from '../seam.js';

/** A text in pieces, cut anywhere: inside surrogate pairs too. */
export const inPieces = (text: string, cuts: readonly number[]): readonly string[] => {
  const edges = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return edges.slice(1).map((edge, at) => text.slice(edges[at], edge));
};

export const through = (seam: Seam, pieces: readonly string[]): string => pieces.map((piece) => seam.take(piece)).join('');

export const mismatchOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof SeamMismatch) return error.what;
    throw error;
  }
  return 'it fits';
};
