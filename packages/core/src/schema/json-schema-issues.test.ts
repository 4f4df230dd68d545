import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonSchemaIssues } from './json-schema-issues.js';

const fieldsOf = (schema: unknown): string[] => jsonSchemaIssues(schema, 'output').map(({ field }) => field);

describe('jsonSchemaIssues', () => {
  it('finds nothing wrong with a sound schema', () => {
    const schema = {
      type: 'object',
      properties: {
        name: { type: 'string', enum: ['a', 'b'] },
        tags: { type: 'array', items: { type: ['string', 'null'] } },
        any: true,
        none: false,
        either: { anyOf: [{ type: 'integer' }, { $ref: '#/$defs/x' }] },
      },
      required: ['name'],
      additionalProperties: false,
      $defs: { x: { not: {} } },
    };
    expect(jsonSchemaIssues(schema, 'output')).toEqual([]);
    expect(jsonSchemaIssues({}, 'output')).toEqual([]);
  });

  it.each([
    ['a text', 'string'],
    ['a list', []],
    ['null', null],
    ['a class', new Map()],
    ['a function inside', { type: () => 'string' }],
  ])('refuses %s in place of a schema', (_what, schema) => {
    expect(fieldsOf(schema)).toEqual(['output']);
  });

  it('names an unknown type and the known ones', () => {
    const [issue] = jsonSchemaIssues({ type: 'str' }, 'output');
    expect(issue).toMatchObject({ field: 'output.type' });
    expect(issue?.message).toContain('"str"');
    expect(issue?.message).toContain('integer');
  });

  it.each([
    [{ type: 7 }, 'output.type'],
    [{ type: ['string', 'text'] }, 'output.type'],
    [{ type: [null] }, 'output.type'],
    [{ required: 'name' }, 'output.required'],
    [{ required: [1] }, 'output.required'],
    [{ enum: [] }, 'output.enum'],
    [{ enum: 'a' }, 'output.enum'],
    [{ properties: [] }, 'output.properties'],
    [{ properties: { a: 'string' } }, 'output.properties.a'],
    [{ properties: { a: { properties: { b: { type: 'x' } } } } }, 'output.properties.a.properties.b.type'],
    [{ items: 'string' }, 'output.items'],
    [{ items: [{ type: 'string' }, { type: 'x' }] }, 'output.items[1].type'],
    [{ items: { type: 'x' } }, 'output.items.type'],
    [{ prefixItems: [{ type: 'x' }] }, 'output.prefixItems[0].type'],
    [{ anyOf: {} }, 'output.anyOf'],
    [{ anyOf: [{ type: 'x' }] }, 'output.anyOf[0].type'],
    [{ oneOf: [1] }, 'output.oneOf[0]'],
    [{ allOf: [null] }, 'output.allOf[0]'],
    [{ not: 1 }, 'output.not'],
    [{ if: 1 }, 'output.if'],
    [{ additionalProperties: { type: 'x' } }, 'output.additionalProperties.type'],
    [{ $defs: { a: { type: 'x' } } }, 'output.$defs.a.type'],
    [{ definitions: { a: 1 } }, 'output.definitions.a'],
  ])('finds the fault in %j at %s', (schema, field) => {
    expect(fieldsOf(schema)).toEqual([field]);
  });

  it('refuses an empty list of types or of alternatives, which nothing can satisfy', () => {
    expect(fieldsOf({ type: [] })).toEqual(['output.type']);
    expect(fieldsOf({ anyOf: [] })).toEqual(['output.anyOf']);
  });

  it('names every fault, not only the first', () => {
    const schema = { type: 'x', required: 1, properties: { a: { type: 'y' }, b: { enum: [] } } };
    expect(fieldsOf(schema)).toEqual([
      'output.type',
      'output.required',
      'output.properties.a.type',
      'output.properties.b.enum',
    ]);
  });

  it('does not take a property called like a keyword for the keyword', () => {
    expect(fieldsOf({ properties: { type: { type: 'string' }, items: { type: 'array' }, required: true } })).toEqual(
      [],
    );
  });

  it('says so of a cycle instead of running for ever', () => {
    const schema: Record<string, unknown> = {};
    schema['items'] = schema;
    expect(fieldsOf(schema)).toEqual(['output']);
  });

  it('answers for every JSON value without throwing', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => Array.isArray(jsonSchemaIssues(value, 'output'))));
  });
});
