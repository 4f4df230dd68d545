import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cosineSimilarity, embed, embedMany, generateImage, generateText, rerank } from 'ai';
import { startVercelEmulator } from '../emulator.ts';
import { PIXEL } from '../pixel.ts';
import { connect } from './connect.ts';

const EMBEDDING_MODEL = 'openai/text-embedding-3-small';
const RERANKING_MODEL = 'cohere/rerank-v3.5';
const IMAGE_MODEL = 'openai/gpt-image-2';

describe('ai: embeddings through @ai-sdk/gateway', () => {
  it('embeds one text, the same every time', async () => {
    await using emulator = await startVercelEmulator();
    const model = connect(emulator).embeddingModel(EMBEDDING_MODEL);
    const first = await embed({ model, value: 'rain in the mountains' });
    const second = await embed({ model, value: 'rain in the mountains' });
    assert.equal(first.embedding.length, 1536);
    assert.deepEqual(first.embedding, second.embedding);
    assert.ok(first.usage.tokens > 0);
  });

  it('embeds many texts in their order, those that are alike near each other', async () => {
    await using emulator = await startVercelEmulator();
    const model = connect(emulator).embeddingModel(EMBEDDING_MODEL);
    const values = ['rain in the mountains', 'heavy rain in mountains', 'a recipe for bread'];
    const { embeddings, usage, providerMetadata } = await embedMany({ model, values });
    assert.equal(embeddings.length, 3);
    const [rain = [], heavy = [], bread = []] = embeddings;
    const { embedding } = await embed({ model, value: 'a recipe for bread' });
    assert.deepEqual(bread, embedding);
    assert.ok(cosineSimilarity(rain, heavy) > cosineSimilarity(rain, bread));
    assert.ok(usage.tokens > 0);
    assert.ok(providerMetadata?.['gateway'] !== undefined);
  });

  it('gets as many dimensions as it asks for', async () => {
    await using emulator = await startVercelEmulator();
    const model = connect(emulator).embeddingModel(EMBEDDING_MODEL);
    const { embedding } = await embed({ model, value: 'rain', dimensions: 256 });
    assert.equal(embedding.length, 256);
    const byOption = { openai: { dimensions: 128 } };
    const { embedding: other } = await embed({ model, value: 'rain', providerOptions: byOption });
    assert.equal(other.length, 128);
  });

  it('splits more texts than one call takes', async () => {
    await using emulator = await startVercelEmulator();
    const model = connect(emulator).embeddingModel(EMBEDDING_MODEL);
    const values = Array.from({ length: 2049 }, (_, index) => `text ${index}`);
    const { embeddings } = await embedMany({ model, values, dimensions: 8 });
    assert.equal(embeddings.length, 2049);
    assert.equal(emulator.requests.length, 2);
  });
});

describe('ai: reranking through @ai-sdk/gateway', () => {
  it('puts the documents that fit the query first', async () => {
    await using emulator = await startVercelEmulator();
    const { ranking, rerankedDocuments } = await rerank({
      model: connect(emulator).rerankingModel(RERANKING_MODEL),
      query: 'rain in the mountains',
      documents: ['a recipe for bread', 'heavy rain in mountains', 'rain'],
      topN: 2,
    });
    assert.equal(ranking.length, 2);
    assert.equal(rerankedDocuments[0], 'heavy rain in mountains');
    assert.equal(ranking[0]?.originalIndex, 1);
    assert.ok((ranking[0]?.score ?? 0) > (ranking[1]?.score ?? 0));
  });

  it('takes objects as documents', async () => {
    await using emulator = await startVercelEmulator();
    const { rerankedDocuments } = await rerank({
      model: connect(emulator).rerankingModel(RERANKING_MODEL),
      query: 'rain',
      documents: [{ title: 'bread' }, { title: 'rain' }],
    });
    assert.deepEqual(rerankedDocuments, [{ title: 'rain' }, { title: 'bread' }]);
  });
});

describe('ai: images through @ai-sdk/gateway', () => {
  it('makes images, as many as asked for', async () => {
    await using emulator = await startVercelEmulator();
    const { images, providerMetadata } = await generateImage({
      model: connect(emulator).imageModel(IMAGE_MODEL),
      prompt: 'A red bird',
      n: 2,
      size: '1024x1024',
    });
    assert.equal(images.length, 2);
    for (const { mediaType, uint8Array } of images) {
      assert.equal(mediaType, 'image/png');
      assert.equal(Buffer.from(uint8Array).subarray(1, 4).toString(), 'PNG');
    }
    assert.ok(providerMetadata['gateway'] !== undefined);
  });

  it('edits an image', async () => {
    await using emulator = await startVercelEmulator();
    const { image } = await generateImage({
      model: connect(emulator).imageModel(IMAGE_MODEL),
      prompt: { text: 'Make it blue', images: [Buffer.from(PIXEL, 'base64')] },
    });
    assert.equal(image.mediaType, 'image/png');
  });

  it('gets an image as a file of an answer that has text too', async () => {
    await using emulator = await startVercelEmulator();
    const { files, text } = await generateText({
      model: connect(emulator)('google/gemini-2.5-flash-image'),
      prompt: 'Draw a red bird',
      providerOptions: { google: { responseModalities: ['TEXT', 'IMAGE'] } },
    });
    assert.equal(files[0]?.mediaType, 'image/png');
    assert.ok(text.length > 0);
  });
});
