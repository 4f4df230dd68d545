import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { embed, embedMany, generateImage, rerank } from 'ai';
import { PIXEL } from '../pixel.ts';
import { overEmulator } from './connect.ts';

const outcomeOf = (metadata: Readonly<Record<string, unknown>> | undefined): unknown => {
  const { receipt } = (metadata?.['headrace'] ?? {}) as { receipt?: { outcome?: unknown } };
  return receipt?.outcome;
};

describe('ai: other kinds through @headrace/ai-sdk', () => {
  it('embeds one text and many, in as many calls as the model needs', async () => {
    await using setting = await overEmulator();
    const model = setting.headrace.embeddingModel('openai/text-embedding-3-small');
    const one = await embed({ model, value: 'rain', dimensions: 256 });
    assert.equal(one.embedding.length, 256);
    const values = Array.from({ length: 2049 }, (_, index) => `text ${index}`);
    const many = await embedMany({ model, values, dimensions: 8 });
    assert.equal(many.embeddings.length, 2049);
    assert.ok(many.usage.tokens > 0);
    assert.equal(outcomeOf(many.providerMetadata), 'complete');
    assert.ok(Array.isArray(JSON.parse(JSON.stringify(many.embeddings[0]))));
  });

  it('ranks documents', async () => {
    await using setting = await overEmulator();
    const model = setting.headrace.rerankingModel('cohere/rerank-v3.5');
    const documents = ['a recipe for bread', 'rain in the mountains'];
    const { rerankedDocuments, providerMetadata } = await rerank({ model, query: 'rain', documents, topN: 1 });
    assert.deepEqual(rerankedDocuments, ['rain in the mountains']);
    assert.equal(outcomeOf(providerMetadata), 'complete');
  });

  it('makes images, and changes one', async () => {
    await using setting = await overEmulator();
    const model = setting.headrace.imageModel('openai/gpt-image-2');
    const made = await generateImage({ model, prompt: 'A river', n: 2, size: '1024x1024' });
    assert.equal(made.images.length, 2);
    assert.match(made.image.mediaType, /^image\//);
    assert.ok(made.image.uint8Array.length > 0);
    const changed = await generateImage({ model, prompt: { text: 'Make it blue', images: [PIXEL] } });
    assert.equal(changed.images.length, 1);
    assert.equal(outcomeOf(changed.calls[0]?.providerMetadata), 'complete');
  });
});
