import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FormField, multipartBody } from './multipart-body.js';

const parse = async ({ contentType, bytes }: ReturnType<typeof multipartBody>): Promise<FormData> =>
  new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();

describe('a multipart body', () => {
  it('is read by others as it was meant, whatever the bytes', async () => {
    const name = fc.constantFrom('model', 'image', 'image[]');
    // A form on the web has CRLF for every line break, so a lone one would not come back.
    const value = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text));
    const field: fc.Arbitrary<FormField> = fc.oneof(
      fc.record({ name, value }),
      fc.record({
        name,
        filename: fc.constantFrom('a.png', 'b.jpg'),
        mediaType: fc.constantFrom('image/png', 'image/jpeg'),
        bytes: fc.uint8Array(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(field, { minLength: 1, maxLength: 6 }), async (fields) => {
        const read = [...(await parse(multipartBody(fields))).entries()];
        expect(read).toHaveLength(fields.length);
        for (const [at, [readName, readValue]] of read.entries()) {
          const given = fields[at];
          expect(readName).toBe(given?.name);
          if (given === undefined || typeof readValue === 'string') {
            expect(readValue).toBe(given !== undefined && 'value' in given ? given.value : '');
            continue;
          }
          if ('value' in given) throw new Error('a text came back as a file');
          expect(readValue.type).toBe(given.mediaType);
          expect(readValue.name).toBe(given.filename);
          expect(new Uint8Array(await readValue.arrayBuffer())).toEqual(given.bytes);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('has another boundary each time', () => {
    const types = [1, 2, 3].map(() => multipartBody([]).contentType);
    expect(new Set(types).size).toBe(3);
  });

  it('lets no name break out of its header', () => {
    const { bytes } = multipartBody([
      { name: 'a"\r\nX-Evil: 1', filename: 'b"\n', mediaType: 'image/png', bytes: Uint8Array.of(1) },
    ]);
    const text = Buffer.from(bytes).toString('latin1');
    expect(text).toContain('name="a%22%0D%0AX-Evil: 1"; filename="b%22%0D%0A"');
  });
});
