import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { issuesOf } from './zod-issues.js';

const issues = (schema: z.ZodType, value: unknown, known: readonly string[] = [], root?: string) => {
  const parsed = schema.safeParse(value);
  if (parsed.success) throw new Error('The value fits.');
  return issuesOf(parsed.error, known, root);
};

describe('issuesOf', () => {
  it('names the field by its path', () => {
    const schema = z.object({ messages: z.array(z.object({ content: z.string() })) });
    expect(issues(schema, { messages: [{ content: 'x' }, { content: 1 }] })).toEqual([
      { field: 'messages[1].content', message: 'Invalid input: expected string, received number.' },
    ]);
  });

  it('calls the value itself by its name', () => {
    expect(issues(z.string(), 1)[0]?.field).toBe('options');
    expect(issues(z.string(), 1, [], 'request')[0]?.field).toBe('request');
    expect(issues(z.array(z.string()), [1], [], 'request')[0]?.field).toBe('[0]');
  });

  it('gives every fault', () => {
    const schema = z.object({ a: z.string(), b: z.number() });
    expect(issues(schema, { a: 1, b: 'x' }).map(({ field }) => field)).toEqual(['a', 'b']);
  });

  it('makes one issue of each unknown key, with the name that was probably meant', () => {
    const schema = z.strictObject({ temperature: z.number().optional(), topP: z.number().optional() });
    expect(issues(schema, { temprature: 1, colour: 2 }, ['temperature', 'topP'])).toEqual([
      { field: 'temprature', message: 'is not a known field.', remedy: 'Did you mean "temperature"?' },
      { field: 'colour', message: 'is not a known field.' },
    ]);
  });

  it('does not suggest top-level names for an unknown key inside', () => {
    const schema = z.object({ retry: z.strictObject({}) });
    expect(issues(schema, { retry: { models: 1 } }, ['model'])).toEqual([
      { field: 'retry.models', message: 'is not a known field.' },
    ]);
  });

  it('suggests for an unknown key inside the names that the schema has there', () => {
    const breaker = z.strictObject({ openMs: z.number().optional() });
    const schema = z.strictObject({ gate: z.lazy(() => z.strictObject({ breaker: breaker.optional() })).optional() });
    const found = (value: unknown) => {
      const parsed = schema.safeParse(value);
      return parsed.success ? [] : issuesOf(parsed.error, schema);
    };
    expect(found({ gate: { braker: {} } })).toEqual([
      { field: 'gate.braker', message: 'is not a known field.', remedy: 'Did you mean "breaker"?' },
    ]);
    expect(found({ gate: { breaker: { openMS: 1 } }, gat: 1 }).map(({ remedy }) => remedy)).toEqual([
      'Did you mean "openMs"?',
      'Did you mean "gate"?',
    ]);
  });

  it('says of a union what is wrong in the branch that got furthest', () => {
    const content = z.union([z.string(), z.array(z.strictObject({ type: z.literal('text'), text: z.string() }))]);
    const schema = z.object({ content });
    expect(issues(schema, { content: [{ type: 'text', txt: 'x' }] })).toEqual([
      { field: 'content[0].text', message: 'Invalid input: expected string, received undefined.' },
      { field: 'content[0].txt', message: 'is not a known field.' },
    ]);
  });

  it('goes through unions inside unions', () => {
    const inner = z.union([z.string(), z.object({ b: z.union([z.string(), z.object({ c: z.number() })]) })]);
    const schema = z.object({ a: inner });
    expect(issues(schema, { a: { b: { c: 'x' } } })).toEqual([
      { field: 'a.b.c', message: 'Invalid input: expected number, received string.' },
    ]);
  });

  it('names the words that a discriminated union takes', () => {
    const schema = z.discriminatedUnion('role', [
      z.object({ role: z.literal('user') }),
      z.object({ role: z.literal('tool') }),
    ]);
    const [issue] = issues(schema, { role: 'bot' });
    expect(issue?.field).toBe('role');
    expect(issue?.message).toContain("'user'");
    expect(issue?.message).toContain("'tool'");
  });

  it('says what a union takes when no branch got anywhere', () => {
    const schema = z.object({ content: z.union([z.string(), z.array(z.number())]) });
    const [issue] = issues(schema, { content: 42 });
    expect(issue?.field).toBe('content');
    expect(issue?.message).toMatch(/string/);
    expect(issue?.message).toMatch(/array/);
  });

  it('ends every message with one full stop', () => {
    const schema = z.object({ a: z.string().refine(() => false, 'is not to our liking') });
    expect(issues(schema, { a: 'x' })[0]?.message).toBe('is not to our liking.');
  });
});
