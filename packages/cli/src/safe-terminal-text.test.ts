import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SafeTerminalText, safeTerminalText } from './safe-terminal-text.js';

describe('safe terminal text', () => {
  it('keeps letters of every script, newlines and tabs', () => {
    const text = 'naïve 漢字 👩‍👩‍👧 עברית\n\tindented';
    expect(safeTerminalText(text)).toBe(text);
  });

  it.each([
    ['a colour', '\u001b[31mred\u001b[0m', 'red'],
    ['clearing the screen', 'a\u001b[2J\u001b[Hb', 'ab'],
    ['a window title', 'a\u001b]0;owned\u0007b', 'ab'],
    ['a hyperlink', 'a\u001b]8;;http://x.example\u001b\\link\u001b]8;;\u001b\\b', 'alinkb'],
    ['writing to the clipboard', 'a\u001b]52;c;ZXZpbA==\u0007b', 'ab'],
    ['a device control string', 'a\u001bP1$r0m\u001b\\b', 'ab'],
    ['an application command', 'a\u001b_Gx=1\u001b\\b', 'ab'],
    ['a character set', 'a\u001b(0b', 'ab'],
    ['a reset', 'a\u001bcb', 'ab'],
    ['an 8-bit CSI', 'a\u009b31mb', 'ab'],
    ['an 8-bit OSC', 'a\u009d0;owned\u009cb', 'ab'],
    ['a bell and a backspace', 'a\u0007\u0008b', 'ab'],
    ['a carriage return that would overwrite the line', 'good\rbad', 'goodbad'],
    ['Windows line ends', 'a\r\nb', 'a\nb'],
    ['reversed text', 'a\u202egnp.exe\u202c', 'agnp.exe'],
  ])('takes out %s', (_what, given, kept) => {
    expect(safeTerminalText(given)).toBe(kept);
  });

  it('lets no unfinished sequence swallow the next line', () => {
    expect(safeTerminalText('a\u001b]0;never ends\nthe answer')).toBe('a\nthe answer');
  });

  it('takes out a sequence that is split between pieces', () => {
    const filter = new SafeTerminalText();
    expect(['a\u001b', '[3', '1', 'mb'].map((piece) => filter.next(piece)).join('')).toBe('ab');
  });

  const nasty = fc.string({
    unit: fc.oneof(
      fc.constantFrom('\u001b', '[', ']', '\\', '\u0007', '\u009b', '\u009d', '\u009c', 'P', '(', 'm', ';', '\n', '\r'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
  });

  it('never lets a control character through, whatever comes', () => {
    fc.assert(
      fc.property(nasty, (given) => {
        expect(safeTerminalText(given)).not.toMatch(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('gives the same text wherever it is split', () => {
    fc.assert(
      fc.property(nasty, fc.nat(), (given, at) => {
        const border = given.length === 0 ? 0 : at % given.length;
        const filter = new SafeTerminalText();
        expect(filter.next(given.slice(0, border)) + filter.next(given.slice(border))).toBe(safeTerminalText(given));
      }),
    );
  });
});
