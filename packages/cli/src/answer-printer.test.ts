import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Captured } from './__fixtures__/fake-io.js';
import { AnswerPrinter } from './answer-printer.js';
import { TextOutput } from './text-output.js';

const printTo = (stream: Captured, pieces: readonly string[], end: 'finish' | 'cut' = 'finish'): string => {
  const printer = new AnswerPrinter(new TextOutput(stream, () => {}));
  for (const piece of pieces) printer.put(piece);
  printer[end]();
  return stream.text;
};

describe('an answer', () => {
  it.each([
    [['Hello', '.'], 'Hello.\n'],
    [['Hello.\n'], 'Hello.\n'],
    [['a\n', '\n'], 'a\n\n'],
    [[], ''],
    [[''], ''],
  ])('of %j is printed as %j', (pieces, printed) => {
    expect(printTo(new Captured(), pieces)).toBe(printed);
  });

  it('goes into a pipe verbatim, control sequences included', () => {
    expect(printTo(new Captured(), ['\u001b[31m', 'red\r\n'])).toBe('\u001b[31mred\r\n');
  });

  it('goes onto a terminal without control sequences, even split ones', () => {
    expect(printTo(new Captured(true), ['a\u001b', '[31', 'mred'])).toBe('ared\n');
  });

  it('keeps surrogate pairs together when the upstream splits them', () => {
    const pieces: string[] = [];
    const stream = new Captured(false, undefined, (piece, done) => {
      pieces.push(piece);
      done();
    });
    printTo(stream, ['a\ud83d', '\udc4d', 'b']);
    expect(pieces).toEqual(['a', '👍', 'b', '\n']);
  });

  it('is the same text however it was split', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (text, at) => {
        const border = text.length === 0 ? 0 : at % text.length;
        const printed = printTo(new Captured(), [text.slice(0, border), text.slice(border)]);
        expect(printed).toBe(text === '' || text.endsWith('\n') ? text : `${text}\n`);
      }),
    );
  });

  it('that was cut gets a newline on a terminal only', () => {
    expect(printTo(new Captured(true), ['half'], 'cut')).toBe('half\n');
    expect(printTo(new Captured(), ['half'], 'cut')).toBe('half');
  });
});
