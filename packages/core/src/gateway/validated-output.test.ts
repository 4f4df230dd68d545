import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { errorOf } from '../__fixtures__/outcome.js';
import type { FinishReason } from '../contract/stream-event.js';
import { OutputInvalidError } from '../errors/upstream-errors.js';
import { compileSchema } from '../schema/output-schema.js';
import { validatedOutput } from './validated-output.js';

const schema = compileSchema(z.object({ n: z.number() }), 'output');
const validate = (text: string, finishReason: FinishReason = 'stop') => validatedOutput(schema, { text, finishReason });

describe('validatedOutput', () => {
  it.each([
    ['bare', '{"n":1}'],
    ['with space around it', ' \n{"n":1}\n'],
    ['in a fence', '```\n{"n":1}\n```'],
    ['in a fence that says json', '```json\n{"n":1}\n```'],
    ['in a fence with space around it', ' \n```json  \n\n{"n":1}\n\n```  \n'],
    ['in a fence on its last line', '```json\n{"n":1}```'],
    ['in a fence with line ends of Windows', '```json\r\n{"n":1}\r\n```\r\n'],
  ])('reads JSON %s', async (_how, text) => {
    await expect(validate(text)).resolves.toEqual({ n: 1 });
  });

  it('leaves fences inside values alone', async () => {
    const texts = compileSchema(z.object({ code: z.string() }), 'output');
    const value = { code: '```js\nlet a;\n```' };
    await expect(validatedOutput(texts, { text: JSON.stringify(value), finishReason: 'stop' })).resolves.toEqual(value);
  });

  it.each(['', 'Sorry, no.', '{"n":1', '{"n":1} and more', '```json\n{"n":1}'])('refuses %j', async (text) => {
    const error = await errorOf(() => validate(text));
    expect(error).toBeInstanceOf(OutputInvalidError);
    expect(error).toMatchObject({ code: 'output-invalid', text, message: expect.stringContaining('not JSON') });
  });

  it('says so when the answer was cut at its token limit', async () => {
    expect(await errorOf(() => validate('{"n":', 'length'))).toMatchObject({
      message: expect.stringContaining('maxOutputTokens'),
    });
    expect(await errorOf(() => validate('{"n":', 'stop'))).not.toMatchObject({
      message: expect.stringContaining('maxOutputTokens'),
    });
  });

  it('names every field that does not fit', async () => {
    const both = compileSchema(z.object({ a: z.string(), b: z.array(z.number()) }), 'output');
    const error = await errorOf(() => validatedOutput(both, { text: '{"a":1,"b":["x"]}', finishReason: 'stop' }));
    expect(error).toBeInstanceOf(OutputInvalidError);
    expect((error as Error).message).toContain('  - a: ');
    expect((error as Error).message).toContain('  - b[0]: ');
  });

  it('drops prototype keys before anything looks at the value', async () => {
    const open = compileSchema(z.looseObject({ n: z.number() }), 'output');
    const value = await validatedOutput(open, { text: '{"n":1,"__proto__":{"admin":true}}', finishReason: 'stop' });
    expect(Object.keys(value)).toEqual(['n']);
    expect((value as { admin?: unknown }).admin).toBeUndefined();
  });

  it('passes on an error of the host’s own check', async () => {
    const failure = new TypeError('in the host’s code');
    const checking = compileSchema(
      z.string().transform(() => {
        throw failure;
      }),
      'output',
    );
    expect(await errorOf(() => validatedOutput(checking, { text: '"x"', finishReason: 'stop' }))).toBe(failure);
  });

  it.each(['My private answer is blue', '{"n":"my-private-value"}', '"my-private-value'])(
    'does not print the answer %j with the error',
    async (text) => {
      const error = await errorOf(() => validate(text));
      expect((error as OutputInvalidError).text).toBe(text);
      expect(inspect(error, { depth: 5 })).not.toMatch(/my.private/i);
    },
  );

  // A search that tried every end for every beginning would outlast the test.
  it('is done with an answer of many empty lines', async () => {
    const error = await errorOf(() => validate(`\`\`\`${'\n'.repeat(100_000)}x`));
    expect(error).toBeInstanceOf(OutputInvalidError);
  });
});
