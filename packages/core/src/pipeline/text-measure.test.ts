import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TextMeasure } from './text-measure.js';

const measured = (...pieces: readonly string[]): TextMeasure => {
  const measure = new TextMeasure();
  for (const piece of pieces) measure.add(piece);
  return measure;
};

describe('the measure of a text that comes in pieces', () => {
  it('has its length, and its bytes where all characters take the same, however it is cut', () => {
    const unit = fc.constantFrom('a', 'ж', '河', 'ก');
    fc.assert(
      fc.property(unit, fc.array(fc.nat(3_000), { maxLength: 30 }), (character, lengths) => {
        const whole = character.repeat(lengths.reduce((sum, length) => sum + length, 0));
        const { characters, bytes } = measured(...lengths.map((length) => character.repeat(length)));
        expect([characters, bytes]).toEqual([whole.length, Buffer.byteLength(whole)]);
      }),
      { examples: [['河', [0, 5_000, 1]]] },
    );
  });

  it('is near where scripts are mixed, and where one follows another', () => {
    const words = ['这条河', ' rises ', '发源于山区', ' in the mountains ', '，👍 '];
    let seed = 1;
    const word = (): string => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return words[(seed >> 8) % words.length] ?? '';
    };
    const mixed = Array.from({ length: 4_000 }, word);
    const turned = [
      ...Array.from({ length: 100 }, () => 'Thinking. '),
      ...Array.from({ length: 300 }, () => '这条河发源'),
    ];
    for (const pieces of [mixed, turned]) {
      const share = measured(...pieces).bytes / Buffer.byteLength(pieces.join(''));
      expect(share).toBeGreaterThan(0.7);
      expect(share).toBeLessThan(1.4);
    }
  });

  it('is never less than a byte for each character, nor more than three', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (pieces) => {
        const { characters, bytes } = measured(...pieces);
        expect(bytes).toBeGreaterThanOrEqual(characters);
        expect(bytes).toBeLessThanOrEqual(characters * 3);
      }),
    );
  });

  it('is 0 of nothing', () => {
    expect(measured('', '')).toMatchObject({ characters: 0, bytes: 0 });
  });
});
