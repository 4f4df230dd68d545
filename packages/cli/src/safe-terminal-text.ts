/**
 * Takes out of a model's text what could steer a terminal: escape sequences, C0 and C1 controls other than newline and
 * tab, and the marks that reverse the order of text. What a sequence carries goes with it; an unfinished one ends at the
 * end of its line, so that it cannot swallow the rest of the answer.
 * @see ECMA-48 §5.4 and §8.3
 */
export class SafeTerminalText {
  private state: 'text' | 'escape' | 'csi' | 'string' | 'string-escape' = 'text';

  /** The harmless part of the next piece; a sequence may span pieces. */
  next(piece: string): string {
    if (this.state === 'text' && !SUSPICIOUS.test(piece)) return piece;
    let safe = '';
    for (const character of piece) safe += this.character(character);
    return safe;
  }

  private character(character: string): string {
    const code = character.codePointAt(0) ?? 0;
    if (character === '\n') {
      this.state = 'text';
      return character;
    }
    switch (this.state) {
      case 'text':
        return this.text(character, code);
      case 'escape':
        return this.afterEscape(character, code);
      case 'csi':
        // Parameters and intermediates are 0x20–0x3F, the final byte 0x40–0x7E; anything else is no longer the sequence.
        if (code >= 0x20 && code <= 0x3f) return '';
        this.state = 'text';
        return code >= 0x40 && code <= 0x7e ? '' : this.text(character, code);
      case 'string':
        if (code === 0x1b) this.state = 'string-escape';
        else if (code === 0x07 || code === 0x9c) this.state = 'text';
        return '';
      case 'string-escape':
        if (character === '\\') {
          this.state = 'text';
          return '';
        }
        return this.afterEscape(character, code);
    }
  }

  private text(character: string, code: number): string {
    if (code === 0x1b) this.state = 'escape';
    else if (code === 0x9b) this.state = 'csi';
    else if (STRING_OPENERS_C1.has(code)) this.state = 'string';
    else if (code === 0x09 || !DANGEROUS.test(character)) return character;
    return '';
  }

  private afterEscape(character: string, code: number): string {
    if (character === '[') this.state = 'csi';
    else if (STRING_OPENERS.has(character)) this.state = 'string';
    // Intermediates (as in ESC ( B) may be followed by more; the final byte ends it.
    else if (code >= 0x20 && code <= 0x2f) this.state = 'escape';
    else {
      this.state = 'text';
      if (code < 0x30 || code > 0x7e) return this.text(character, code);
    }
    return '';
  }
}

// OSC, DCS, APC, PM, SOS: strings up to ST or BEL.
const STRING_OPENERS: ReadonlySet<string> = new Set([']', 'P', '_', '^', 'X']);
const STRING_OPENERS_C1: ReadonlySet<number> = new Set([0x9d, 0x90, 0x9f, 0x9e, 0x98]);
// C0 and C1 controls, line and paragraph separators, embeddings, overrides and isolates of text direction.
const DANGEROUS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
// As above without newline and tab: the quick way out for nearly every piece.
const SUSPICIOUS = /(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** A whole text made harmless. */
export const safeTerminalText = (text: string): string => new SafeTerminalText().next(text);
