import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { base64OfVector, embeddingVector } from './embedding-vector.js';

const SPACE = 'openai/text-embedding-3-small';
const dot = (left: Float32Array, right: Float32Array): number =>
  left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
const likeness = (left: string, right: string): number =>
  dot(embeddingVector(left, 512, SPACE), embeddingVector(right, 512, SPACE));

describe('a vector of the emulator', () => {
  it('has length 1 and as many numbers as asked for, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.integer({ min: 1, max: 600 }), (text, dimensions) => {
        const vector = embeddingVector(text, dimensions, SPACE);
        expect(vector).toHaveLength(dimensions);
        expect(dot(vector, vector)).toBeCloseTo(1, 4);
      }),
    );
  });

  it('is the same for the same text, and another in another space', () => {
    const vector = embeddingVector('A river.', 256, SPACE);
    expect(embeddingVector('A river.', 256, SPACE)).toEqual(vector);
    expect(Math.abs(dot(vector, embeddingVector('A river.', 256, 'cohere/embed-v4.0')))).toBeLessThan(0.4);
  });

  it('lies near those of texts that share words', () => {
    const near = likeness('The Danube is a long river in Europe', 'Which rivers of Europe are long?');
    const far = likeness('The Danube is a long river in Europe', 'Bake the cake for forty minutes');
    expect(near).toBeGreaterThan(0.4);
    expect(Math.abs(far)).toBeLessThan(0.25);
    expect(likeness('river', 'Rivers')).toBeGreaterThan(0.4);
    expect(likeness('Hello, world!', 'hello world')).toBeCloseTo(1, 5);
  });

  it('travels as base64 of 32-bit numbers', () => {
    const vector = embeddingVector('A river.', 8, SPACE);
    const bytes = Buffer.from(base64OfVector(vector), 'base64');
    expect(Array.from(vector, (_, index) => bytes.readFloatLE(index * 4))).toEqual([...vector]);
  });
});
