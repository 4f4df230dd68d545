import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { errorOf } from '../__fixtures__/outcome.js';
import { InvalidRequestError } from '../errors/caller-errors.js';
import { compileObjectSchema, compileOutputSchema, compileSchema, type OutputSchema } from './output-schema.js';

const loose = (value: unknown): OutputSchema<unknown> => value as OutputSchema<unknown>;

describe('compileSchema of a zod schema', () => {
  it('sends a JSON Schema and checks with zod', async () => {
    const { json, parse } = compileSchema(z.object({ n: z.int().min(1) }), 'output');
    expect(json).toMatchObject({ type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] });
    expect(json).not.toHaveProperty('$schema');
    await expect(parse({ n: 2 })).resolves.toEqual({ n: 2 });
    await expect(parse({ n: 'x' })).rejects.toBeInstanceOf(z.ZodError);
  });

  it('sends the side the model writes and gives the side the caller reads', async () => {
    const schema = z.object({ when: z.string().transform((text) => text.length), more: z.string().default('none') });
    const { json, parse } = compileSchema(schema, 'output');
    expect(json).toMatchObject({ properties: { when: { type: 'string' } }, required: ['when'] });
    await expect(parse({ when: 'four' })).resolves.toEqual({ when: 4, more: 'none' });
  });

  it('runs checks that take time', async () => {
    const schema = z.string().refine(async (text) => text === 'good', 'must be good');
    const { parse } = compileSchema(schema, 'output');
    await expect(parse('good')).resolves.toBe('good');
    await expect(parse('bad')).rejects.toBeInstanceOf(z.ZodError);
  });

  it('refuses what JSON cannot carry, naming the field', async () => {
    const error = await errorOf(() => compileSchema(loose(z.object({ n: z.bigint() })), 'output'));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ issues: [{ field: 'output', remedy: expect.stringContaining('JSON Schema') }] });
  });
});

describe('compileSchema of a JSON Schema', () => {
  const schema = {
    type: 'object',
    properties: { n: { type: 'integer' } },
    required: ['n'],
    additionalProperties: false,
  };

  it('sends it as it is and checks by it', async () => {
    const { json, parse } = compileSchema(schema, 'output');
    expect(json).toBe(schema);
    await expect(parse({ n: 2 })).resolves.toEqual({ n: 2 });
    for (const wrong of [{ n: 1.5 }, {}, { n: 1, more: 1 }, 'x']) {
      await expect(parse(wrong)).rejects.toBeInstanceOf(z.ZodError);
    }
  });

  it('checks by the dialect that it names, and does not send the name', async () => {
    const river = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      definitions: { river: { type: 'object', properties: { into: { $ref: '#/definitions/river' } } } },
      $ref: '#/definitions/river',
    };
    const { json, parse } = compileOutputSchema(river, 'output');
    const { $schema: _dialect, ...rest } = river;
    expect(json).toEqual(rest);
    await expect(parse({ into: { into: {} } })).resolves.toEqual({ into: { into: {} } });
    await expect(parse({ into: { into: 7 } })).rejects.toBeInstanceOf(z.ZodError);
  });

  it('refuses a malformed one, naming the place', async () => {
    const error = await errorOf(() => compileSchema({ type: 'object', properties: { a: { type: 'text' } } }, 'output'));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ issues: [{ field: 'output.properties.a.type' }] });
  });

  it('lets a schema travel that the checker does not know', () => {
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    const schema = { type: 'object', if: { required: ['a'] }, then: { required: ['b'] } };
    expect(compileObjectSchema(schema, 'tools[0].parameters')).toEqual(schema);
  });
});

describe('compileSchema', () => {
  it('translates each schema once', () => {
    const zod = z.object({});
    const json = { type: 'object' };
    expect(compileSchema(zod, 'output')).toBe(compileSchema(zod, 'output'));
    expect(compileSchema(json, 'output')).toBe(compileSchema(json, 'output'));
    expect(compileSchema({ type: 'object' }, 'output')).not.toBe(compileSchema(json, 'output'));
  });

  it('does not remember a schema that was refused', async () => {
    const schema: Record<string, string> = { type: 'text' };
    await errorOf(() => compileSchema(schema, 'output'));
    schema['type'] = 'string';
    expect(compileSchema(schema, 'output').json).toEqual({ type: 'string' });
  });

  it.each([[[]], [new Map()], [new Date(0)]])('refuses %p', async (value) => {
    expect(await errorOf(() => compileSchema(loose(value), 'output'))).toBeInstanceOf(InvalidRequestError);
  });
});

describe('compileObjectSchema', () => {
  it('gives the JSON Schema of an object', () => {
    expect(compileObjectSchema(z.object({ city: z.string() }), 'tools[0].parameters')).toMatchObject({
      type: 'object',
      properties: { city: { type: 'string' } },
    });
  });

  it('says that an untyped root is an object', () => {
    expect(compileObjectSchema({ properties: {} }, 'f')).toEqual({ type: 'object', properties: {} });
  });

  it('refuses any other root', async () => {
    for (const schema of [z.string(), { type: 'array' }, { type: ['object', 'null'] }]) {
      const error = await errorOf(() => compileObjectSchema(loose(schema), 'tools[0].parameters'));
      expect(error).toBeInstanceOf(InvalidRequestError);
      expect(error).toMatchObject({ issues: [{ field: 'tools[0].parameters' }] });
    }
  });
});
