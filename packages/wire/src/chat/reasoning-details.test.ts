import { describe, expect, it } from '@jest/globals';
import { decodeStream, eventsOf } from './__fixtures__/decode.js';
import { chunk, sse } from './__fixtures__/recorded-stream.js';
import { ReasoningDetails } from './reasoning-details.js';

const assemble = (...frames: unknown[][]): readonly object[] => {
  const details = new ReasoningDetails();
  for (const pieces of frames) details.add(pieces);
  return details.assembled();
};

describe('reasoning details', () => {
  it('join text and summary by index, in the order of first sight', () => {
    const text = (index: number, piece: string): object => ({ type: 'reasoning.text', index, text: piece });
    expect(
      assemble(
        [text(1, 'a')],
        [text(0, 'b')],
        [text(1, 'c')],
        [{ type: 'reasoning.summary', index: 2, summary: 'd' }],
        [{ type: 'reasoning.summary', index: 2, summary: 'e' }],
      ),
    ).toEqual([text(1, 'ac'), text(0, 'b'), { type: 'reasoning.summary', index: 2, summary: 'de' }]);
  });

  it('keep signature, data, id, format and what nobody knows verbatim', () => {
    expect(
      assemble(
        [{ type: 'reasoning.text', index: 0, text: 'a', format: 'f', novel: { deep: [1] } }],
        [{ type: 'reasoning.text', index: 0, text: '', signature: 'S' }],
        [{ type: 'reasoning.encrypted', index: 0, data: 'D', id: 'i' }],
      ),
    ).toEqual([
      { type: 'reasoning.text', index: 0, text: 'a', format: 'f', novel: { deep: [1] }, signature: 'S' },
      { type: 'reasoning.encrypted', index: 0, data: 'D', id: 'i' },
    ]);
  });

  it('never join encrypted items, nor items with different ids', () => {
    const encrypted = (data: string): object => ({ type: 'reasoning.encrypted', index: 0, data });
    expect(assemble([encrypted('A')], [encrypted('B')])).toEqual([encrypted('A'), encrypted('B')]);
    const identified = (id: string): object => ({ type: 'reasoning.text', index: 0, text: 'x', id });
    expect(assemble([identified('1')], [identified('2')])).toHaveLength(2);
  });

  it('without an index go on with the last item of their type', () => {
    const piece = (text: string): object => ({ type: 'reasoning.text', text });
    expect(assemble([piece('a')], [piece('b')], [{ type: 'reasoning.encrypted', data: 'x' }], [piece('c')])).toEqual([
      piece('ab'),
      { type: 'reasoning.encrypted', data: 'x' },
      piece('c'),
    ]);
  });

  it('that come in one list stay apart', () => {
    const piece = { type: 'reasoning.text', index: 0, text: 'a' };
    expect(assemble([piece, piece])).toEqual([piece, piece]);
  });

  it('lose prototype keys and what is no object', () => {
    expect(assemble([JSON.parse('{"type":"t","__proto__":{"x":1}}'), null, 'x', 3])).toEqual([{ type: 't' }]);
  });

  it('speak for the reasoning when nothing else does', () => {
    const only = chunk({ reasoning_details: [{ type: 'reasoning.summary', index: 0, summary: 'thought' }] });
    expect(
      eventsOf(decodeStream(sse([only, chunk({}, 'stop')])), 'reasoning-delta').map((event) => event.text),
    ).toEqual(['thought', '']);
  });

  it('stay silent beside reasoning that is told to be empty', () => {
    const only = chunk({
      reasoning: '',
      reasoning_details: [{ type: 'reasoning.summary', index: 0, summary: 'thought' }],
    });
    expect(
      eventsOf(decodeStream(sse([only, chunk({}, 'stop')])), 'reasoning-delta').map((event) => event.text),
    ).toEqual(['']);
  });

  it('do not repeat reasoning that was told as text', () => {
    const frames = [
      chunk({ reasoning: 'thought' }),
      chunk({ reasoning_details: [{ type: 'reasoning.text', text: 'thought', signature: 'S' }] }),
      chunk({}, 'stop'),
    ];
    expect(eventsOf(decodeStream(sse(frames)), 'reasoning-delta').map((event) => event.text)).toEqual(['thought', '']);
  });

  it('are not needed: reasoning_content alone is reasoning', () => {
    expect(eventsOf(decodeStream(sse([chunk({ reasoning_content: 'hm' }, 'stop')])), 'reasoning-delta')).toEqual([
      { type: 'reasoning-delta', text: 'hm' },
    ]);
  });
});
