import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateText, NoObjectGeneratedError, Output, streamText } from 'ai';
import { z } from 'zod';
import { end, overScripts, text } from './connect.ts';

const river = z.object({ name: z.string(), km: z.number() });
const output = Output.object({ schema: river, name: 'river', description: 'A river.' });

describe('ai: structured output through @headrace/ai-sdk', () => {
  it('gets an object of its schema, which the upstream was given', async () => {
    await using setting = await overScripts([[text('{"name":"Rhine","km":1233}'), end()]]);
    const { output: found } = await generateText({ model: setting.headrace('chat'), prompt: 'A river', output });
    assert.deepEqual(found, { name: 'Rhine', km: 1233 });
    const { json } = await setting.upstream.waitForRequest(1);
    const { response_format: format } = json as { response_format: { type: string; json_schema: { schema: unknown } } };
    assert.equal(format.type, 'json_schema');
    assert.deepEqual(format.json_schema.schema, {
      title: 'river',
      description: 'A river.',
      type: 'object',
      properties: { name: { type: 'string' }, km: { type: 'number' } },
      required: ['name', 'km'],
      additionalProperties: false,
    });
  });

  it('takes a schema that refers to itself', async () => {
    const system = z.object({
      name: z.string(),
      get tributaries() {
        return z.array(system);
      },
    });
    const rhine = { name: 'Rhine', tributaries: [{ name: 'Main', tributaries: [] }] };
    await using setting = await overScripts([[text(JSON.stringify(rhine)), end()]]);
    const model = setting.headrace('chat');
    const result = await generateText({ model, prompt: 'A river', output: Output.object({ schema: system }) });
    assert.deepEqual(result.output, rhine);
  });

  it('streams an object that grows', async () => {
    await using setting = await overScripts([[text('{"name":"Rhi'), text('ne","km":1233}'), end()]]);
    const result = streamText({ model: setting.headrace('chat'), prompt: 'A river', output });
    const partial: unknown[] = [];
    for await (const one of result.partialOutputStream) partial.push(one);
    assert.deepEqual(partial.at(0), { name: 'Rhi' });
    assert.deepEqual(await result.output, { name: 'Rhine', km: 1233 });
  });

  it('has the text of an answer that does not fit', async () => {
    await using setting = await overScripts([[text('{"name":7}'), end()]]);
    const asked = generateText({ model: setting.headrace('chat'), prompt: 'A river', output });
    const error: unknown = await asked.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(NoObjectGeneratedError.isInstance(error));
    assert.equal(error.text, '{"name":7}');
    assert.equal(setting.upstream.requests.length, 1);
  });

  it('takes any JSON where no schema is given', async () => {
    await using setting = await overScripts([[text('{"a":[1]}'), end()]]);
    const result = await generateText({ model: setting.headrace('chat'), prompt: 'JSON', output: Output.json() });
    assert.deepEqual(result.output, { a: [1] });
  });
});
