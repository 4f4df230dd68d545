import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BadRequestError } from 'openai';
import { startVercelEmulator } from '../emulator.ts';
import { failure } from '../failure.ts';
import { connect, MODEL } from './connect.ts';

const EMBEDDING_MODEL = 'openai/text-embedding-3-small';

describe('openai: embeddings', () => {
  it('gets vectors in the order of the texts, in base64 unless told otherwise', async () => {
    await using emulator = await startVercelEmulator();
    const input = ['rain in the mountains', 'a recipe for bread'];
    const { data, usage, model } = await connect(emulator).embeddings.create({ model: EMBEDDING_MODEL, input });
    assert.match(JSON.stringify(emulator.requests[0]?.body), /"encoding_format":"base64"/);
    assert.equal(model, EMBEDDING_MODEL);
    assert.deepEqual(
      data.map(({ index, object, embedding }) => [index, object, embedding.length]),
      [
        [0, 'embedding', 1536],
        [1, 'embedding', 1536],
      ],
    );
    assert.ok(usage.prompt_tokens > 0);
    assert.equal(usage.total_tokens, usage.prompt_tokens);
  });

  it('gets the same numbers as floats as in base64', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const body = { model: EMBEDDING_MODEL, input: 'rain' };
    const [packed] = (await client.embeddings.create(body)).data;
    const [plain] = (await client.embeddings.create({ ...body, encoding_format: 'float' })).data;
    assert.ok(Array.isArray(plain?.embedding) && plain.embedding.length === 1536);
    assert.ok(packed !== undefined && packed.embedding.some((value) => value !== 0));
    assert.deepEqual(Array.from(packed.embedding), Array.from(new Float32Array(plain.embedding)));
  });

  it('gets as many dimensions as it asks for', async () => {
    await using emulator = await startVercelEmulator();
    const { data } = await connect(emulator).embeddings.create({
      model: EMBEDDING_MODEL,
      input: ['rain', 'bread', 'stone'],
      dimensions: 256,
    });
    assert.deepEqual(
      data.map(({ embedding }) => embedding.length),
      [256, 256, 256],
    );
  });

  it('makes BadRequestError of a model that does not embed, and of nothing to embed', async () => {
    await using emulator = await startVercelEmulator();
    const { embeddings } = connect(emulator);
    const mismatch = await failure(embeddings.create({ model: MODEL, input: 'rain' }), BadRequestError);
    assert.equal(mismatch.type, 'ModelTypeMismatchError');
    const empty = await failure(embeddings.create({ model: EMBEDDING_MODEL, input: [] }), BadRequestError);
    assert.equal(empty.param, 'input');
  });
});
