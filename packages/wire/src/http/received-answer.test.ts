import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { headerOf, ReceivedAnswer } from './received-answer.js';

const answerWith = (...fields: string[]): ReceivedAnswer =>
  new ReceivedAnswer(
    200,
    fields.map((field) => Buffer.from(field, 'latin1')),
  );

describe('one header of an answer', () => {
  it('is found whatever the case of its letters', () => {
    const answer = answerWith('Content-TYPE', 'text/event-stream', 'X-Content-Type', 'other');
    expect(headerOf(answer, 'content-type')).toBe('text/event-stream');
  });

  it('is undefined where no field has that name', () => {
    expect(headerOf(answerWith('content-types', 'a', 'content-typ', 'b'), 'content-type')).toBeUndefined();
    expect(headerOf(answerWith(), 'content-type')).toBeUndefined();
  });

  it('is a list where it came more than once', () => {
    expect(headerOf(answerWith('Vary', 'one', 'via', 'x', 'vary', 'two'), 'vary')).toEqual(['one', 'two']);
  });

  it('is read of a plain object too', () => {
    expect(headerOf({ status: 200, headers: { vary: 'one' } }, 'vary')).toBe('one');
  });

  it('is always what the list of all headers says', () => {
    const name = fc.constantFrom('Content-Type', 'content-type', 'CONTENT-LENGTH', 'x-a', 'X-A', 'x-b', 'x_a', 'x-1');
    const value = fc.string({ unit: fc.constantFrom('a', 'Z', '0', ' ', '/', ';', '='), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 8 }), (fields) => {
        const answer = answerWith(...fields.flat());
        for (const asked of ['content-type', 'content-length', 'x-a', 'x-b', 'x_a', 'x-1', 'x-2'])
          expect(headerOf(answer, asked)).toEqual(answer.headers[asked]);
      }),
    );
  });
});
