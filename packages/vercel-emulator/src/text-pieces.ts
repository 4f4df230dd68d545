const LONGEST_PIECE = 24;

/** Cuts a text into pieces of about a word, white space first; none is longer than 24 and none ends in half a character. */
export function* textPieces(text: string): Generator<string> {
  for (const [word] of text.matchAll(/\s*\S+\s*?(?=\s|$)|\s+$/g)) {
    for (let start = 0; start < word.length; ) {
      let end = Math.min(word.length, start + LONGEST_PIECE);
      const last = word.charCodeAt(end - 1);
      if (end < word.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
      yield word.slice(start, end);
      start = end;
    }
  }
}
