import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { displayWidth, padEnd, padStart, truncate } from './display-width.js';
import { type Column, textTable } from './text-table.js';

interface Row {
  readonly id: string;
  readonly size: string;
}
const COLUMNS: readonly Column<Row>[] = [
  { title: 'id', align: 'left', cell: ({ id }) => id },
  { title: 'size', align: 'right', cell: ({ size }) => size, shedOrder: 1 },
  { title: 'again', align: 'right', cell: ({ size }) => size, shedOrder: 2 },
];

describe('the width of text on a terminal', () => {
  it.each([
    ['plain', 5],
    ['漢字', 4],
    ['한글', 4],
    ['ﾊﾝｶｸ', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['👍', 2],
    ['👩‍👩‍👧', 2],
    ['❤️', 2],
    ['🇩🇪', 2],
    ['\u200b', 0],
    ['→…', 2],
  ])('of %s is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('is never exceeded by a truncated text, and a text that fits is not touched', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, width) => {
        const cut = truncate(text, width);
        expect(displayWidth(cut)).toBeLessThanOrEqual(width);
        if (displayWidth(text) <= width) expect(cut).toBe(text);
      }),
    );
  });

  it('is what padding reckons with', () => {
    expect(padEnd('漢', 4)).toBe('漢  ');
    expect(padStart('漢', 4)).toBe('  漢');
  });
});

describe('a table', () => {
  it('aligns wide characters, texts to the left and numbers to the right', () => {
    const table = textTable(
      [
        { id: '漢字', size: '7' },
        { id: 'abc', size: '1000' },
      ],
      COLUMNS.slice(0, 2),
    );
    expect([table.header, ...table.rows]).toEqual(['id    size', '漢字     7', 'abc   1000']);
  });

  it('leaves columns out before it cuts what people copy', () => {
    const rows = [{ id: 'abcdefghij', size: '1' }];
    expect(textTable(rows, COLUMNS, 16)).toEqual({
      header: 'id          size',
      rows: ['abcdefghij     1'],
      shed: ['again'],
    });
    expect(textTable(rows, COLUMNS, 10)).toEqual({ header: 'id', rows: ['abcdefghij'], shed: ['again', 'size'] });
    expect(textTable(rows, COLUMNS, 6)).toEqual({ header: 'id', rows: ['abcde…'], shed: ['again', 'size'] });
  });

  it('fits any width, with all lines as wide as the terminal at most', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replace(/[\n\r\u2028\u2029]/g, ''));
    fc.assert(
      fc.property(
        fc.array(fc.record({ id: cell, size: cell }), { maxLength: 5 }),
        fc.integer({ min: 2, max: 60 }),
        (rows, width) => {
          const table = textTable(rows, COLUMNS, width);
          for (const line of [table.header, ...table.rows]) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it('has a header even without rows', () => {
    expect(textTable([], COLUMNS).header).toBe('id  size  again');
  });
});
