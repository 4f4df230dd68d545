import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import type { JsonSchema } from './chat-request.js';
import { jsonValueForSchema } from './json-value-for-schema.js';

function check(schema: JsonSchema): void {
  const result = z
    .fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
    .safeParse(jsonValueForSchema(schema));
  if (!result.success)
    throw new Error(
      `${JSON.stringify(schema)} → ${JSON.stringify(jsonValueForSchema(schema))}: ${z.prettifyError(result.error)}`,
    );
}

const leaf: fc.Arbitrary<JsonSchema> = fc.oneof(
  fc.record({ type: fc.constantFrom('boolean', 'null', 'string', 'integer', 'number') }),
  fc
    .tuple(fc.nat(12), fc.nat(30))
    .map(([minLength, more]) => ({ type: 'string', minLength, maxLength: minLength + more })),
  fc
    .tuple(fc.integer({ min: -1000, max: 1000 }), fc.nat(50))
    .map(([minimum, more]) => ({ type: 'integer', minimum, maximum: minimum + more })),
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 40 }))
    .map(([low, more]) => ({ type: 'number', exclusiveMinimum: low, exclusiveMaximum: low + more })),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -100, max: 100 }))
    .map(([multipleOf, minimum]) => ({ type: 'integer', multipleOf, minimum })),
  fc.integer({ min: -100, max: 100 }).map((maximum) => ({ type: 'number', maximum })),
  fc.constantFrom('date', 'date-time', 'email', 'uuid', 'uri', 'ipv4').map((format) => ({ type: 'string', format })),
  fc
    .uniqueArray(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 4 })
    .map((values) => ({ enum: values })),
  fc.oneof(fc.string(), fc.integer(), fc.boolean()).map((value) => ({ const: value })),
);

const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc
      .tuple(fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('schema'), { maxKeys: 4 }), fc.boolean())
      .map(([properties, all]) => ({
        type: 'object',
        properties,
        required: Object.keys(properties).filter((_, index) => all || index % 2 === 0),
        additionalProperties: false,
      })),
    fc.tuple(tie('schema'), fc.nat(4)).map(([items, minItems]) => ({ type: 'array', items, minItems })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
  ),
}));

describe('jsonValueForSchema', () => {
  it('makes values that fit the schema', () => {
    fc.assert(fc.property(schema, check), { numRuns: 400 });
  });

  it('follows references, also those that lead back to themselves', () => {
    const tree = {
      $defs: {
        node: {
          type: 'object',
          properties: { name: { type: 'string' }, next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
          required: ['name', 'next'],
        },
      },
      $ref: '#/$defs/node',
    };
    check(tree);
    expect(JSON.stringify(jsonValueForSchema(tree))).toContain('"next":null');
  });

  it('ends even when a schema requires itself without end', () => {
    const endless = { type: 'object', properties: { self: { $ref: '#' } }, required: ['self'] };
    expect(JSON.stringify(jsonValueForSchema(endless)).length).toBeLessThan(1000);
  });

  it('ends soon with schemas that grow without end', () => {
    const bush = { type: 'object', properties: { l: { $ref: '#' }, r: { $ref: '#' } }, required: ['l', 'r'] };
    const knot = { allOf: [{ $ref: '#' }, { $ref: '#' }] };
    const crowd = {
      type: 'array',
      minItems: 1000,
      items: { type: 'array', minItems: 1000, items: { type: 'array', minItems: 1000 } },
    };
    for (const hostile of [bush, knot, crowd])
      expect(JSON.stringify(jsonValueForSchema(hostile)).length).toBeLessThan(10_000_000);
  });

  it('folds allOf into one object', () => {
    const both = {
      allOf: [
        { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
        { properties: { b: { const: 'x' } }, required: ['b'] },
      ],
    };
    expect(jsonValueForSchema(both)).toEqual({ a: 1, b: 'x' });
  });

  it('takes the first alternative of oneOf with what stands beside it', () => {
    expect(
      jsonValueForSchema({
        type: 'object',
        properties: { kind: { const: 'k' } },
        oneOf: [{ required: ['kind'] }, { required: ['other'] }],
      }),
    ).toEqual({ kind: 'k' });
  });

  it('fills fixed positions and keeps item counts', () => {
    expect(jsonValueForSchema({ type: 'array', prefixItems: [{ const: 1 }, { const: 'two' }], items: false })).toEqual([
      1,
      'two',
    ]);
    expect(jsonValueForSchema({ type: 'array', items: { type: 'string' }, maxItems: 0 })).toEqual([]);
    const unique = jsonValueForSchema({
      type: 'array',
      items: { type: 'integer', minimum: 3 },
      minItems: 5,
      uniqueItems: true,
    }) as number[];
    expect(new Set(unique).size).toBe(5);
  });

  it('meets simple patterns', () => {
    for (const pattern of ['^[A-Z]{3}$', '^\\d{4}$', '^#[0-9a-f]{6}$', '^[a-z]{2}-[A-Z]{2}$'])
      check({ type: 'string', pattern });
  });

  it('leaves out keys that could reach a prototype', () => {
    const hostile = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"const":1},"constructor":{"const":2},"ok":{"const":3}},"required":["__proto__"]}',
    ) as JsonSchema;
    expect(Object.keys(jsonValueForSchema(hostile) as object)).toEqual(['ok']);
  });

  it('survives schemas that make no sense', () => {
    for (const odd of [
      {},
      { type: 'what' },
      { $ref: '#/nowhere' },
      { $ref: 'https://example.com/x' },
      { enum: [] },
      { anyOf: 3 },
      { properties: [] },
      { pattern: '(' },
    ]) {
      expect(() => JSON.stringify(jsonValueForSchema(odd))).not.toThrow();
    }
  });

  it('prefers suggestions that fit and passes over others', () => {
    const wanted = {
      type: 'object',
      properties: { n: { type: 'integer', maximum: 10 }, s: { type: 'string' } },
      required: ['n', 's'],
    };
    expect(jsonValueForSchema(wanted, { suggest: (name) => (name === 'n' ? [99, 'x', 7] : [1, 'given']) })).toEqual({
      n: 7,
      s: 'given',
    });
  });
});
