import { describe, expect, it } from '@jest/globals';
import { VercelClient } from './vercel-client.js';
import { vercelModels } from './vercel-models.js';

const embedding = vercelModels.list().filter(({ type }) => type === 'embedding');

describe('facts about models that embed', () => {
  it('are there for every one of them, and for no other', () => {
    for (const { id } of embedding) expect(vercelModels.find(id)).toMatchObject({ maxInputsPerCall: 2048 });
    expect(vercelModels.find('openai/gpt-6-luna')).not.toHaveProperty('maxInputsPerCall');
  });

  it('tell the dimensions of every one of them, and agree with themselves', () => {
    for (const { id } of embedding) {
      const { default: usual, values, min = 1, max } = vercelModels.find(id)?.dimensions ?? {};
      expect([id, values !== undefined || max !== undefined]).toEqual([id, true]);
      if (usual === undefined) continue;
      if (values === undefined) expect(usual >= min && usual <= (max ?? 0)).toBe(true);
      else expect(values).toContain(usual);
    }
  });

  it('give way to what the host says', () => {
    const models = [{ id: 'voyage/voyage-code-2', dimensions: { max: 512 }, maxInputsPerCall: 128 }];
    const { catalogue } = new VercelClient({ env: {}, models });
    expect(catalogue.find('voyage/voyage-code-2')).toMatchObject({
      dimensions: { max: 512 },
      maxInputsPerCall: 128,
      factProvenance: { dimensions: { origin: 'host' }, maxInputsPerCall: { origin: 'host' } },
    });
  });
});
