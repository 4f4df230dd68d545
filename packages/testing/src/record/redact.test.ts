import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { raw } from './__fixtures__/raw-exchange.js';
import { type RawExchange, redact } from './redact.js';

const KEY = 'sk-made-for-this-test-81f2';
const PROMPT = 'Where does the "river" go in Zürich?';

const chunksOf = (text: string, ...borders: readonly number[]): readonly Uint8Array[] => {
  const bytes = Buffer.from(text);
  return [0, ...borders].map((from, place) => bytes.subarray(from, borders[place] ?? bytes.length));
};

const everything = ({ chunks, ...rest }: RawExchange): string =>
  JSON.stringify(rest) + Buffer.concat(chunks).toString();

describe('redact', () => {
  it.each([
    ['authorization', `Bearer ${KEY}`],
    ['Authorization', KEY],
    ['x-api-key', KEY],
    ['api-key', KEY],
    ['x-goog-api-key', KEY],
    ['cookie', `session=${KEY}`],
  ])('takes the value of the header %s out', (name, value) => {
    const clean = redact(raw({ headers: { [name]: value, accept: 'text/plain' } }));
    expect(everything(clean)).not.toContain(KEY);
    expect(clean.headers['accept']).toBe('text/plain');
    expect(clean.headers[name]).toHaveLength(value.length);
  });

  it('takes a key out wherever else it is, once a header or the query has told it', () => {
    const body = JSON.stringify({ note: KEY, list: [`with ${KEY} inside`] });
    const chunks = chunksOf(`data: {"error":"no access with ${KEY}"}\n\n`);
    const answerHeaders = { 'x-request-id': KEY, 'set-cookie': [`a=${KEY}`, 'b'] };
    for (const told of [{ headers: { 'x-api-key': KEY } }, { path: `/v1/chat?a=1&key=${KEY}` }]) {
      expect(everything(redact(raw({ body, chunks, answerHeaders, ...told }), { prompts: 'keep' }))).not.toContain(KEY);
    }
  });

  it('takes named secrets, headers and members of the query out', () => {
    const rules = { secrets: ['hush-hush'], headers: ['X-Tenant'], query: ['account'] };
    const clean = redact(
      raw({
        headers: { 'x-tenant': 'tenant-77' },
        path: '/a?account=acc-1234',
        chunks: chunksOf('hush-hush, tenant-77, acc-1234'),
      }),
      rules,
    );
    expect(everything(clean)).not.toMatch(/hush|tenant-77|acc-1234/);
  });

  it('knows a secret that is written as JSON, in a URL or in base64', () => {
    const secret = 'a "quoted"/sécret+value';
    const written = [
      JSON.stringify(secret),
      JSON.stringify(secret).replace('é', '\\u00e9'),
      encodeURIComponent(secret),
      ...['', 'x', 'xy'].map((before) => Buffer.from(`${before}${secret} and more`).toString('base64')),
    ];
    for (const text of written) {
      const { chunks } = redact(raw({ chunks: chunksOf(text) }), { secrets: [secret] });
      expect(Buffer.concat(chunks).toString()).toContain('**********');
    }
  });

  it('finds a secret over every border of chunks, and moves none', () => {
    const text = `data: ${KEY} ü\n\n`;
    const length = Buffer.byteLength(text);
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: length - 1 }), { maxLength: 8 }), (places) => {
        const chunks = chunksOf(text, ...places.sort((a, b) => a - b));
        const clean = redact(raw({ chunks, headers: { 'x-api-key': KEY } }));
        expect(clean.chunks.map((chunk) => chunk.length)).toEqual(chunks.map((chunk) => chunk.length));
        expect(Buffer.concat(clean.chunks).toString()).toBe(`data: ${'*'.repeat(KEY.length)} ü\n\n`);
      }),
      { examples: [[[10]], [[7, 8, 9]], [[]]] },
    );
  });

  it('masks the texts of a request and keeps its form', () => {
    const body = {
      model: 'test/model',
      stream: true,
      temperature: 0.5,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: PROMPT }] },
      ],
      tools: [{ type: 'function', function: { name: 'weather', description: 'Tells the weather' } }],
    };
    const clean = JSON.parse(redact(raw({ body: JSON.stringify(body) })).body);
    expect(clean).toMatchObject({
      model: 'test/model',
      stream: true,
      temperature: 0.5,
      messages: [
        { role: 'system', content: '** ******' },
        { role: 'user', content: [{ type: 'text' }] },
      ],
      tools: [{ type: 'function', function: { name: 'weather' } }],
    });
    expect(JSON.stringify(clean)).not.toMatch(/river|brief|Tells/);
  });

  it('masks what the answer quotes of a prompt, over borders too', () => {
    const answer = `data: ${JSON.stringify({ error: `You asked: ${PROMPT}` })}\n\n`;
    const clean = redact(
      raw({ body: JSON.stringify({ messages: [{ content: PROMPT }] }), chunks: chunksOf(answer, 20, 33, 50) }),
    );
    expect(Buffer.concat(clean.chunks).toString()).not.toMatch(/river|Zürich/);
    expect(Buffer.concat(clean.chunks).toString()).toContain('You asked: ***');
  });

  it('masks the bytes of a file that an answer quotes without the address around them', () => {
    const bytes = Buffer.from('a picture of nobody').toString('base64');
    const content = [{ type: 'image_url', image_url: { url: `data:image/png;base64,${bytes}` } }];
    const body = JSON.stringify({ messages: [{ role: 'user', content }] });
    const { chunks } = redact(raw({ body, chunks: chunksOf(`not an image: ${bytes}`) }));
    expect(Buffer.concat(chunks).toString()).toBe(`not an image: ${'*'.repeat(bytes.length)}`);
  });

  it('keeps the length of a request body, whatever its characters', () => {
    const places = ['messages', 'metadata', 'model', 'tools'].map((name) =>
      fc.record({ [name]: fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'grapheme' }))) }),
    );
    const lengthOf = (body: string): number => Buffer.byteLength(redact(raw({ body })).body);
    fc.assert(
      fc.property(fc.oneof(...places), (value) => {
        const body = JSON.stringify(value);
        expect(lengthOf(body)).toBe(Buffer.byteLength(body));
      }),
      { examples: [[{ messages: '"Zürich"\\\u0001 🜁 \ud800' }]] },
    );
    expect(lengthOf('no JSON: Zürich 🜁')).toBe(Buffer.byteLength('no JSON: Zürich 🜁'));
  });

  it('masks a body that is no JSON whole, and keeps prompts only when told', () => {
    expect(redact(raw({ body: `plain: ${PROMPT}` })).body).not.toMatch(/\w/);
    expect(redact(raw({ body: PROMPT }), { prompts: 'keep' }).body).toBe(PROMPT);
  });

  it('leaves single letters alone: a secret has at least four characters', () => {
    const { chunks } = redact(raw({ chunks: chunksOf('a banana'), headers: { 'x-api-key': 'a' } }));
    expect(Buffer.concat(chunks).toString()).toBe('a banana');
  });
});
